// Two stores while a deployment moves: with nothing in the old one, the routing store is its current one, contract and all;
// and it costs no call.
import { expect, it } from 'vitest'
import { ARM_HORIZON_MS } from '../../../lib/rules/numbers.ts'
import type { Runner } from '../../../lib/steps/steps.ts'
import { homesOf } from '../../../lib/store/homes/homes.ts'
import { homesStore } from '../../../lib/store/homes/store.ts'
import { movingSteps, oldStore } from '../../../lib/store/sqlite/moving.ts'
import { type StoreSteps, steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { storeContract } from '../../contract/store.ts'
import { MINUTE, opened, queued } from '../../contract/store-kit.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

function twoHomes() {
  const [here, there] = [openSqlite(), openSqlite()]
  const own = here.runner(steps)
  const asked: string[] = []
  const counted: Runner<StoreSteps> = {
    run: (name, args) => {
      asked.push(name)
      return there.runner(steps).run(name, args)
    },
  }
  const moving: Runner<typeof movingSteps> = {
    run: (name, args) => {
      asked.push(name)
      return there.runner(movingSteps).run(name, args)
    },
  }
  const old = oldStore(
    () => counted,
    () => moving,
  )
  const current = { ...sqliteStore(() => own), home: 'redis' as const }
  return { store: homesStore(homesOf(current, old, Date.now)), current, old, asked }
}

storeContract('two homes, the old one empty', () => twoHomes().store)

it('asks an object that was never used once, whatever else it is asked', async () => {
  const { store, asked } = twoHomes()
  const now = Date.now()
  const row = await queued(store, now, { references: ['one'] })
  const c = await opened(store, now)
  await store.outbox.due(0, 10, now)
  await store.outbox.find(row.id)
  await store.outbox.list({ limit: 10 })
  await store.outbox.claim({ due: true }, 6, { token: 'lease', leaseMs: 1_000 }, now)
  await store.challenges.view(c.id, now)
  await store.sessions.revokeAll('usr_1', now)
  expect(asked).toEqual(['held'])
})

it('knows of the last sweep whether it was before the move or is after it', async () => {
  const { store, old } = twoHomes()
  const now = Date.now()
  await queued(old, now)
  await old.outbox.due(ARM_HORIZON_MS, 10, now)
  expect((await store.outbox.stats(now)).sweptAt).toBe(now)
  await store.outbox.due(ARM_HORIZON_MS, 10, now + MINUTE)
  expect((await store.outbox.stats(now + MINUTE)).sweptAt).toBe(now + MINUTE)
})
