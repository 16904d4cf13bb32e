// A batch, a backlog and an urgent row: how many calls are open at once, how many wakes that takes, and who goes first.
import { expect, it } from 'vitest'
import { acceptAll } from '../../../lib/delivery/accept.ts'
import { deliver } from '../../../lib/delivery/deliver.ts'
import { sealPayload } from '../../../lib/delivery/payload.ts'
import { sweep } from '../../../lib/delivery/sweep.ts'
import type { NewMessage } from '../../../lib/ports/admission.ts'
import type { Waiting } from '../../../lib/ports/row.ts'
import { CLAIM_MAX } from '../../../lib/rules/numbers.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { DAY, group, message, newLease, times } from '../../contract/store-kit.ts'
import { coreOf } from '../../fakes/core.ts'
import { mailbox } from '../../fakes/mailbox.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

/** A service whose provider takes its time, with every wake it asks for; those for now are played. */
function service() {
  const runner = openSqlite().runner(steps)
  const box = mailbox()
  const calls = { open: 0, most: 0 }
  const woken: Waiting[] = []
  const working: Promise<unknown>[] = []
  const slow = {
    ...box,
    async send(...args: Parameters<typeof box.send>) {
      calls.most = Math.max(calls.most, ++calls.open)
      await new Promise((resolve) => setTimeout(resolve, 5))
      calls.open--
      return box.send(...args)
    },
  }
  const core = coreOf(
    sqliteStore(() => runner),
    {
      providers: [slow],
      scheduler: {
        free: false,
        horizonMs: DAY,
        async wake(rows) {
          woken.push(...rows)
          const due = rows.filter((row) => row.dueAt <= core.now())
          for (const { id } of due) working.push(deliver(core, { ids: [id], due: true }))
        },
        drain: async () => {},
      },
    },
  )
  const rowOf = async (now: number, n: number, more: Partial<NewMessage> = {}): Promise<NewMessage> => {
    const row = message(now, { providers: ['fake'], ...more })
    const render = { template: 'verification-code', version: 1, locale: 'en', brand: { appName: 'app' } } as const
    const data = { purpose: 'login', minutes: 10, code: '123456', link: null }
    const to = { address: `n${n}@example.com`, name: null }
    const payload = { to, from: core.policy.from, replyTo: null, render: { ...render, data }, code: null }
    return { ...row, sealed: await sealPayload(core, row.id, payload) }
  }
  const settled = async () => {
    for (let n = 0; n < working.length; n++) await working[n]
  }
  return { core, box, calls, woken, rowOf, settled }
}

it('sends a batch of 100 six at a time, woken 17 times at most, also with the sweeper in between', async () => {
  const { core, box, calls, woken, rowOf, settled } = service()
  const now = core.now()
  const rows = await Promise.all(times(100, (n) => rowOf(now, n)))
  const { admitted, first } = await acceptAll(
    core,
    rows.map((row) => group(now, [row])),
  )
  expect(admitted.every((one) => one.kind === 'admitted')).toBe(true)
  await sweep(core)
  expect(await first).toHaveLength(CLAIM_MAX)
  await settled()
  expect(new Set(box.mails.map((mail) => mail.to.address)).size).toBe(100)
  expect(box.mails).toHaveLength(100)
  expect(calls.most).toBe(CLAIM_MAX)
  expect(woken.length).toBeLessThanOrEqual(17)
})

it('asks for one wake for all rows of one instant', async () => {
  const { core, woken, rowOf } = service()
  const now = core.now()
  const due = [now + 60_000, now + 60_000, now + 90_000]
  const rows = await Promise.all(due.map((dueAt, n) => rowOf(now, n, { dueAt, priority: n === 1 ? 'high' : 'low' })))
  await acceptAll(
    core,
    rows.map((row) => group(now, [row])),
  )
  expect(woken.map(({ id, dueAt }) => [id, dueAt])).toEqual([
    [rows[1]?.id, due[1]],
    [rows[2]?.id, due[2]],
  ])
})

it('lets an urgent row go within two claims of a backlog of 10,000', async () => {
  const { core, rowOf } = service()
  const now = core.now()
  const [one] = [await rowOf(now, 0, { priority: 'low' })]
  for (let n = 0; n < 100; n++) {
    const rows = times(100, () => message(now, { priority: 'low', sealed: one.sealed }))
    await core.store.outbox.admit(rows.map((row) => group(now, [row])))
  }
  const urgent = await rowOf(now, 1, { priority: 'high' })
  await core.store.outbox.admit([group(now, [urgent])])
  const { claimed } = await core.store.outbox.claim({ due: true }, CLAIM_MAX, newLease(now), now)
  expect(claimed.map((row) => row.id)).toContain(urgent.id)
})
