// Steps: functions over the object's SQLite that the Worker calls by name. Store, users, clock and desk are such tables.
import { Fault, type FaultPort } from '../outcome/fault.ts'

/** A table of steps. Each is one transaction, and may be repeated: its caller names what it makes. */
export type Steps = Record<string, (sql: SqlStorage, ...args: never[]) => unknown>

export type NameIn<S extends Steps> = keyof S & string
type Rest<F> = F extends (sql: SqlStorage, ...rest: infer R) => unknown ? R : never
export type ArgsOf<S extends Steps, N extends NameIn<S>> = Rest<S[N]>
export type AnswerOf<S extends Steps, N extends NameIn<S>> = ReturnType<S[N]>

/** Runs the steps of one table, wherever they are. */
export interface Runner<S extends Steps> {
  run<N extends NameIn<S>>(name: N, args: ArgsOf<S, N>): Promise<AnswerOf<S, N>>
}

/** The one door of an object that holds several tables. */
export interface Door<T extends { [K in keyof T]: Steps }> {
  run<K extends keyof T & string, N extends NameIn<T[K]>>(
    table: K,
    name: N,
    args: ArgsOf<T[K], N>,
  ): Promise<AnswerOf<T[K], N>>
}

/** Runs one step here and now; who calls it wraps it in a transaction. */
export function runStep<S extends Steps, N extends NameIn<S>>(
  steps: S,
  sql: SqlStorage,
  name: N,
  args: ArgsOf<S, N>,
): AnswerOf<S, N> {
  const step = steps[name] as unknown as (sql: SqlStorage, ...rest: ArgsOf<S, N>) => AnswerOf<S, N>
  return step(sql, ...args)
}

/** One table behind an object's door. `door` gives a fresh stub per call: after a broken one only a new one works. */
export const tableOf =
  <T extends { [K in keyof T]: Steps }, K extends keyof T & string>(
    door: () => Door<T>,
    table: K,
  ): (() => Runner<T[K]>) =>
  () => ({ run: (name, args) => door().run(table, name, args) })

/**
 * Calls steps as plain functions, by default once more when the object restarted under the call. Throws `Fault(port)`.
 *
 *     const call = callerOf(tableOf(object, 'store'), 'store')
 *     await call('find', 'msg_…')
 */
export function callerOf<S extends Steps>(runner: () => Runner<S>, port: FaultPort, tries = 2) {
  return async <N extends NameIn<S>>(name: N, ...args: ArgsOf<S, N>): Promise<AnswerOf<S, N>> => {
    let cause: unknown
    for (let asked = 0; asked < tries; asked++) {
      try {
        // A step that was done already is told the state it made.
        return await runner().run(name, args)
      } catch (error) {
        cause = error
      }
    }
    throw new Fault(port, { cause })
  }
}
