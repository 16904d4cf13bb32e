// The sweeper finishes the work, however much of it is dead.
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { openChallenge } from '../../lib/codes/open.ts'
import { sweep } from '../../lib/delivery/sweep.ts'
import { tableOf } from '../../lib/steps/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import type { PostaStub } from '../../lib/wire.ts'
import { codeFor, coreOf } from '../fakes/core.ts'
import { mailbox } from '../fakes/mailbox.ts'

const MINUTE = 60_000

it('sends the one live code behind thirty that expired while nothing was sent', async () => {
  const provider = mailbox()
  const start = Date.now()
  let now = start
  const store = sqliteStore(tableOf(() => env.POSTA_OBJECT.getByName('sweep') as unknown as PostaStub, 'store'))
  const running = coreOf(store, { providers: [provider], now: () => now })
  const held = { ...running, policy: { ...running.policy, sending: false, limits: false } }
  for (let n = 0; n < 30; n++) await openChallenge(held, codeFor(`dead${n}@example.com`))
  now = start + 11 * MINUTE
  await openChallenge(held, codeFor('live@example.com'))
  expect(await sweep(held)).toMatchObject({ attempted: 0 })
  expect(await sweep(running)).toMatchObject({ attempted: 1 })
  expect(provider.mails.map((mail) => mail.to.address)).toEqual(['live@example.com'])
  expect((await store.outbox.stats(now)).queueDepth).toBe(0)
})

it('stops before the calls of its invocation are spent, and asks for fresh ones', async () => {
  const provider = mailbox()
  const store = sqliteStore(tableOf(() => env.POSTA_OBJECT.getByName('budget') as unknown as PostaStub, 'store'))
  let asked = 0
  const scheduler = { free: false, horizonMs: 0, wake: async () => {}, drain: async () => void asked++ }
  const core = coreOf(store, { providers: [provider], scheduler })
  const held = { ...core, policy: { ...core.policy, sending: false, limits: false } }
  for (let n = 0; n < 30; n++) await openChallenge(held, codeFor(`many${n}@example.com`))
  expect(await sweep(core)).toMatchObject({ attempted: 12 })
  expect(asked).toBe(1)
  await sweep(core)
  await sweep(core)
  expect(provider.mails).toHaveLength(30)
  expect(asked, 'nothing is left').toBe(2)
})
