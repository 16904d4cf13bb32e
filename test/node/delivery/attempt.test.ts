// One attempt over a store without faults, where the clock does what it wants. Found by the simulation: seed 327294.
import { expect, it } from 'vitest'
import { openChallenge } from '../../../lib/codes/open.ts'
import type { Provider } from '../../../lib/ports/provider.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { codeFor, coreOf } from '../../fakes/core.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

it('does not call a code expired that a provider may have taken before there was no time for the next one', async () => {
  const runner = openSqlite().runner(steps)
  let now = Date.UTC(2026, 0, 5)
  const provider = (name: string, send: Provider['send']): Provider => ({
    ...{ name, channel: 'email', keyed: true, reports: false, send },
  })
  const providers = [
    provider('silent', async () => {
      now += 10 * 60_000
      return { kind: 'unknown', code: 'timeout' }
    }),
    provider('never asked', async () => expect.fail('the code cannot land any more')),
  ]
  const store = sqliteStore(() => runner)
  const core = coreOf(store, { now: () => now, providers })
  // The settlement reads its clock before the time passes: the next provider may still be called then, and may not after.
  const { settle } = core.store.outbox
  core.store.outbox.settle = (settlement) => settle({ ...settlement, now: settlement.record ? now - 10 * 60_000 : now })
  const opened = await openChallenge(core, codeFor('ana@example.com'))
  const [end] = opened.ok ? await opened.value.first : []
  expect(end?.status).toBe('unknown')
})
