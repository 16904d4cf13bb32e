// A deployment in the middle of a move, in Node: what the kit of accounts has in its SQLite is the object, and the stores it
// moves to are real ones.
import type { Core } from '../../lib/core.ts'
import type { Store } from '../../lib/ports/store.ts'
import { marksCopy } from '../../lib/store/homes/copy.ts'
import { homesOf } from '../../lib/store/homes/homes.ts'
import { homesStore } from '../../lib/store/homes/store.ts'
import { redisStore } from '../../lib/store/redis/store.ts'
import { movingSteps, oldStore } from '../../lib/store/sqlite/moving.ts'
import { steps } from '../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { accountsCopy } from '../../lib/users/copy.ts'
import { homesUsers, leftoverOf } from '../../lib/users/homes.ts'
import { leavingSteps, oldUsers } from '../../lib/users/sqlite/leaving.ts'
import { supabaseUsers } from '../../lib/users/supabase.ts'
import type { Kit } from './accounts-kit.ts'
import { openSqlite } from './sqlite.ts'
import type { Supabase } from './supabase.ts'
import { redisMissing, startUpstash } from './upstash.ts'

export interface NewStore {
  store: Store
  close(): Promise<void>
}

async function anotherSqlite(): Promise<NewStore> {
  const runner = openSqlite().runner(steps)
  return { store: { ...sqliteStore(() => runner), home: 'redis' }, close: async () => {} }
}

async function redis(): Promise<NewStore> {
  const upstash = await startUpstash()
  return { store: redisStore({ url: upstash.url, token: upstash.token }), close: () => upstash.close() }
}

/** What a deployment moves to; `missing` says why this machine cannot. */
export const NEW_STORES = [
  { name: 'another SQLite store', missing: null, open: anotherSqlite },
  { name: redisMissing === null ? 'Redis' : `Redis (skipped: ${redisMissing})`, missing: redisMissing, open: redis },
]

/** Gives the kit the settings of after; `before` is what an isolate of before still works with. */
export function change(kit: Kit, store: Store, supabase: Supabase) {
  const { core, accounts, sqlite } = kit
  const before: Core = { ...core }
  const [own, moving, leaving] = [sqlite.runner(steps), sqlite.runner(movingSteps), sqlite.runner(leavingSteps)]
  const old = oldStore(
    () => own,
    () => moving,
  )
  const ofUsers = oldUsers(() => leaving)
  const leftover = leftoverOf(ofUsers, core.now)
  const users = supabaseUsers({ url: supabase.url, serviceKey: supabase.serviceKey })
  core.store = homesStore(homesOf(store, old, core.now))
  accounts.users = homesUsers(users, ofUsers, leftover, core.now)
  const copies = [accountsCopy(users, ofUsers, leftover), marksCopy(store, old)]
  return { before, copies, users, accountsLeft: () => leftover.count(), held: () => old.held(core.now()) }
}
