// A dead provider and everything that waits for it: what wakes while it is dead, and how the backlog leaves when it is well.
import { expect, it } from 'vitest'
import { deliver } from '../../../lib/delivery/deliver.ts'
import { sealPayload } from '../../../lib/delivery/payload.ts'
import { sweep } from '../../../lib/delivery/sweep.ts'
import type { Waiting } from '../../../lib/ports/row.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { DAY, group, MINUTE, message } from '../../contract/store-kit.ts'
import { coreOf } from '../../fakes/core.ts'
import { mailbox } from '../../fakes/mailbox.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

const ROWS = 300

it('is woken for at most twice a minute, for 300 rows, and lets all of them go when it is well', async () => {
  const runner = openSqlite().runner(steps)
  const box = mailbox()
  const clock = { now: Date.UTC(2026, 0, 5) }
  const wakes: Waiting[] = []
  const core = coreOf(
    sqliteStore(() => runner),
    {
      now: () => clock.now,
      providers: [box],
      scheduler: { free: false, horizonMs: DAY, wake: async (rows) => void wakes.push(...rows), drain: async () => {} },
    },
  )
  for (let n = 0; n < ROWS; n++) {
    const row = message(clock.now, { providers: ['fake'] })
    const render = { template: 'verification-code', version: 1, locale: 'en', brand: { appName: 'app' } } as const
    const data = { purpose: 'login', minutes: 10, code: '123456', link: null }
    const to = { address: `n${n}@example.com`, name: null }
    const payload = { to, from: core.policy.from, replyTo: null, render: { ...render, data }, code: null }
    row.sealed = await sealPayload(core, row.id, payload)
    await core.store.outbox.admit([group(clock.now, [row])])
    wakes.push({ id: row.id, generation: 0, dueAt: clock.now })
  }
  /** Plays what is due, a minute at a time, the sweeper included; answers how many wakes that were, after the first. */
  const minute = async (): Promise<number> => {
    const end = clock.now + MINUTE
    let rung = 0
    for (;;) {
      wakes.sort((a, b) => a.dueAt - b.dueAt)
      const next = wakes[0]
      if (!next || next.dueAt >= end) break
      wakes.shift()
      clock.now = Math.max(clock.now, next.dueAt)
      rung++
      await deliver(core, { ids: [next.id], due: true })
    }
    clock.now = end
    await sweep(core)
    return rung
  }

  box.answer({ kind: 'unavailable', code: 'down' })
  // Those that were tried before it opened come once more by their own back-off.
  for (let n = 0; n < 3; n++) await minute()
  let rung = 0
  for (let n = 0; n < 20; n++) rung += await minute()
  expect(rung).toBeGreaterThan(5)
  expect(rung).toBeLessThanOrEqual(2 * 20)
  expect((await core.store.outbox.stats(clock.now)).queueDepth).toBe(ROWS)

  box.answer({ kind: 'accepted', providerId: null })
  await minute()
  await minute()
  // The few that were its probes are in a back-off of their own.
  expect(box.mails.length).toBeGreaterThan(ROWS - 20)
  for (let n = 0; n < 200 && box.mails.length < ROWS; n++) await minute()
  expect(new Set(box.mails.map((mail) => mail.to.address)).size).toBe(ROWS)
  expect(box.mails).toHaveLength(ROWS)
})
