// The shape of the object's state, all tables together. What is written here is released: append, never change.
import { DESK_SCHEMA } from '../lib/providers/desk.ts'
import { WAKES_SCHEMA } from '../lib/scheduler/alarm.ts'
import type { Upgrade } from '../lib/steps/upgrades.ts'
import { SCHEMA, SCHEMA_2 } from '../lib/store/sqlite/schema.ts'
import { USERS_SCHEMA, USERS_SCHEMA_3 } from '../lib/users/sqlite/schema.ts'

/** In order; `test/fixtures` holds a dump of every shape, and a test opens each of them. */
export const UPGRADES: readonly Upgrade[] = [
  { version: 1, sql: [SCHEMA, USERS_SCHEMA, WAKES_SCHEMA, DESK_SCHEMA].join('\n') },
  { version: 2, sql: SCHEMA_2 },
  { version: 3, sql: USERS_SCHEMA_3 },
]
