// What the embedded wiring costs, counted as Cloudflare counts it: calls of the object and rows written, one table a story.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { checkCode } from '../../lib/codes/check.ts'
import { openChallenge } from '../../lib/codes/open.ts'
import { resendCode } from '../../lib/codes/resend.ts'
import type { Core } from '../../lib/core.ts'
import { accept } from '../../lib/delivery/accept.ts'
import type { Caller } from '../../lib/delivery/caller.ts'
import { sealPayload } from '../../lib/delivery/payload.ts'
import { ARM_HORIZON_MS } from '../../lib/rules/numbers.ts'
import { runStep } from '../../lib/steps/steps.ts'
import { type StepArgs, type StepName, steps } from '../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { DAY, message, SECOND, unique } from '../contract/store-kit.ts'
import { codeFor, coreOf } from '../fakes/core.ts'
import { type Mailbox, mailbox } from '../fakes/mailbox.ts'

/** The same statements on the same object, counted. */
function counting(sql: SqlStorage): { sql: SqlStorage; written: () => number } {
  const cursors: { rowsWritten: number }[] = []
  const exec = ((query: string, ...bindings: never[]) => {
    const cursor = sql.exec(query, ...bindings)
    cursors.push(cursor)
    return cursor
  }) as SqlStorage['exec']
  return { sql: { exec } as SqlStorage, written: () => cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, 0) }
}

interface Story {
  core: Core
  boxes: Mailbox[]
  clock: { now: number }
  /** What was called and written since this was last asked. */
  cost: () => { calls: string[]; written: number }
}

async function tell(name: string, story: (given: Story) => Promise<void>): Promise<void> {
  await runInDurableObject(env.POSTA_OBJECT.getByName(name), async (_, state) => {
    const counted = counting(state.storage.sql)
    let calls: string[] = []
    let before = 0
    const store = sqliteStore(() => ({
      run: async <N extends StepName>(name: N, args: StepArgs<N>) => {
        calls.push(name)
        return runStep(steps, counted.sql, name, args)
      },
    }))
    const boxes = [mailbox(), { ...mailbox(), name: 'second' }]
    const clock = { now: Date.now() }
    const core = coreOf(store, { providers: boxes, now: () => clock.now })
    const cost = () => {
      const told = { calls, written: counted.written() - before }
      calls = []
      before = counted.written()
      return told
    }
    await story({ core, boxes, clock, cost })
  })
}

/** As a backend asks: with its key, and the IP of the person it asks for. */
const CALLER: Caller = { keyName: 'app', ip: '203.0.113.7' }

async function open({ core }: Story, address = 'ana@example.com', caller = CALLER): Promise<string> {
  const opened = await openChallenge(core, { ...codeFor(address), caller })
  if (!opened.ok) throw new Error(opened.refusal.code)
  await opened.value.first
  return opened.value.challengeId
}

const check = ({ core }: Story, challengeId: string, code: string) =>
  checkCode(core, { challengeId, audience: 'service', proof: { code }, caller: CALLER })

const codeIn = (box: Mailbox | undefined): string => /\d{6}/.exec(box?.mails.at(-1)?.text ?? '')?.[0] ?? ''

it('of a healthy code that is checked: 3 calls and 12 rows', async () => {
  await tell('cost of a code', async (story) => {
    const id = await open(story)
    expect((await check(story, id, codeIn(story.boxes[0]))).ok).toBe(true)
    expect(story.cost()).toEqual({ calls: ['admit', 'settle', 'check'], written: 12 })
  })
})

it('of a code when it goes: 6 rows more', async () => {
  await tell('cost of the end', async (story) => {
    const codes = 20
    for (let n = 0; n < codes; n++) await open(story, `ana${n}@example.com`, { ...CALLER, ip: null })
    story.cost()
    for (const days of [2, 31, 91, 92]) {
      await story.core.store.outbox.due(ARM_HORIZON_MS, 100, story.clock.now + days * DAY)
    }
    // What is not of a single code: where each walk stands, the hour's figures summed up.
    const shared = 12
    const { written } = story.cost()
    expect(written).toBeGreaterThan(6 * codes - 2)
    expect(written).toBeLessThanOrEqual(6 * codes + shared)
    expect((await story.core.store.events.after(0, 100)).events).toHaveLength(1)
  })
})

it('of a wrong code: 1 call', async () => {
  await tell('cost of a wrong code', async (story) => {
    const id = await open(story)
    const wrong = codeIn(story.boxes[0]) === '000000' ? '111111' : '000000'
    story.cost()
    expect((await check(story, id, wrong)).ok).toBe(false)
    expect(story.cost()).toEqual({ calls: ['check'], written: 4 })
  })
})

it('of a resend: 3 calls', async () => {
  await tell('cost of a resend', async (story) => {
    const id = await open(story)
    story.cost()
    story.clock.now += 31 * SECOND
    const again = await resendCode(story.core, { challengeId: id, audience: 'service', channel: null, caller: CALLER })
    expect(again.ok && (await again.value.first)).toMatchObject([{ status: 'sent' }])
    expect(story.cost()).toEqual({ calls: ['view', 'admit', 'settle'], written: 10 })
  })
})

it('of a fallback: one call more than without', async () => {
  await tell('cost of a fallback', async (story) => {
    story.boxes[0]?.answer({ kind: 'unavailable', code: 'down' })
    await open(story)
    expect(story.boxes[1]?.mails).toHaveLength(1)
    expect(story.cost()).toEqual({ calls: ['admit', 'settle', 'settle'], written: 12 })
  })
})

it('of a message that carries no code: 2 calls', async () => {
  await tell('cost of a ticket', async (story) => {
    const { now } = story.clock
    const one = message(now, { providers: ['fake'], recipient: unique('recipient') })
    one.sealed = await sealPayload(story.core, one.id, {
      to: { address: 'ana@example.com', name: null },
      from: story.core.policy.from,
      replyTo: null,
      render: {
        template: 'verification-code',
        version: 1,
        locale: 'en',
        brand: { appName: 'app' },
        data: { purpose: 'login', minutes: 10, code: '123456', link: null },
      },
      code: null,
    })
    const { admitted, first } = await accept(story.core, {
      idempotency: null,
      takes: [],
      sends: [],
      challenge: null,
      messages: [one],
      now,
    })
    expect(admitted.kind).toBe('admitted')
    await first
    expect(story.cost()).toEqual({ calls: ['admit', 'settle'], written: 7 })
    const report = { messageId: one.id, provider: 'fake', type: 'delivered', at: now, eventId: 'e', now } as const
    await story.core.store.outbox.report(report)
    expect(story.cost()).toEqual({ calls: ['report'], written: 3 })
    await story.core.store.outbox.report(report)
    expect(story.cost(), 'told twice').toEqual({ calls: ['report'], written: 0 })
  })
})
