// A store alone, without network or faults: runs steps one by one under the simulation's checkers. For properties.
import { runStep } from '../../lib/steps/steps.ts'
import { type StepAnswer, type StepArgs, type StepName, steps } from '../../lib/store/sqlite/steps.ts'
import { checkBudgets } from './check-budgets.ts'
import { checkGuesses } from './check-guesses.ts'
import { checkReports } from './check-reports.ts'
import { checkSessions } from './check-sessions.ts'
import { type Database, openDatabase } from './database.ts'
import { ledgerOf } from './ledger.ts'
import { type Past, pastOf } from './past.ts'
import type { Checker, Step, World } from './world.ts'

export interface Bench {
  db: Database
  /** Families and endings, as the checkers know them. */
  past: Past
  run<N extends StepName>(name: N, ...args: StepArgs<N>): StepAnswer<N>
  /** Throws what the checkers have to say about the end. */
  end(): void
}

let shared: Database | null = null

/** A fresh store; a broken invariant is thrown. */
export function benchOf(): Bench {
  shared ??= openDatabase()
  shared.clear()
  const db = shared
  const fail = (invariant: string, subject: string, detail: string) => {
    throw new Error(`${invariant}: ${detail} ${subject}`)
  }
  // The checkers of the store's promises look at nothing else of the world; its one clock is exact.
  const past = pastOf()
  const world = { db, fail, past, plan: { skewMs: 0 } } as unknown as World
  const ledger = ledgerOf()
  const checkers: Checker[] = [
    ledger,
    checkBudgets(world, ledger),
    checkGuesses(world, ledger),
    checkReports(world, ledger),
    checkSessions(world),
  ]
  return {
    db,
    past,
    run(name, ...args) {
      const answer = db.transaction(() => runStep(steps, db.sql, name, args))
      const step = { asked: null, name, args, answer, ...db.changes() } as unknown as Step
      for (const checker of checkers) checker.stepped?.(step)
      return answer
    },
    end() {
      for (const checker of checkers) checker.ended?.()
    },
  }
}
