// Every invariant of testing.md. The ledger comes first: the others read what it has noted.
import { checkAccounts } from './check-accounts.ts'
import { checkBreakers } from './check-breakers.ts'
import { checkBudgets } from './check-budgets.ts'
import { checkCopies } from './check-copies.ts'
import { checkDoubts } from './check-doubts.ts'
import { checkGuesses } from './check-guesses.ts'
import { checkReports } from './check-reports.ts'
import { checkRows } from './check-rows.ts'
import { checkSecrets } from './check-secrets.ts'
import { checkSessions } from './check-sessions.ts'
import { ledgerOf } from './ledger.ts'
import type { Checker, World } from './world.ts'

export function checkersFor(world: World): Checker[] {
  const ledger = ledgerOf()
  return [
    ledger,
    checkRows(world, ledger),
    checkCopies(world, ledger),
    checkDoubts(world, ledger),
    checkBreakers(world, ledger),
    checkBudgets(world, ledger),
    checkGuesses(world, ledger),
    checkReports(world, ledger),
    checkAccounts(world),
    checkSessions(world),
    checkSecrets(world),
  ]
}
