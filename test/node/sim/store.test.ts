// The simulation's store is the real one: its SQLite in memory passes the contract of every store.

import { runStep } from '../../../lib/store/sqlite/steps.ts'
import { type StepRunner, sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { storeContract } from '../../contract/store.ts'
import { openDatabase } from '../../sim/database.ts'

const db = openDatabase()
const runner: StepRunner = { run: async (name, args) => db.transaction(() => runStep(db.sql, name, args)) }

storeContract('sqlite in the simulation', () => sqliteStore(() => runner))
