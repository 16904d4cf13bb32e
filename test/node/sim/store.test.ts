// The store that Node runs, in the simulation and in the tests of use cases, is the real one: it passes the contract.
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { storeContract } from '../../contract/store.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

const runner = openSqlite().runner(steps)

storeContract('sqlite in Node', () => sqliteStore(() => runner))
