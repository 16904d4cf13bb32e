// Takes turns with work that holds the isolate's one thread, so that other requests get theirs in between.
import { Fault } from '../outcome/fault.ts'
import { PASSWORD } from '../rules/numbers.ts'

export type Turn = <T>(work: () => T) => Promise<T>

/** `work` runs in a turn of the event loop of its own, one at a time; a Fault when too many wait already. */
export function turns({ now, sleep }: { now: () => number; sleep: (ms: number) => Promise<void> }): Turn {
  const waiting = new Map<number, number>()
  let last = 0
  return async (work) => {
    const since = now()
    for (const [ticket, at] of waiting) if (since - at > PASSWORD.waitingForgottenMs) waiting.delete(ticket)
    if (waiting.size >= PASSWORD.waitingMax) throw new Fault('passwords')
    const ticket = ++last
    waiting.set(ticket, since)
    try {
      // A timer of one's own: workerd gives up on a request that waits for nothing but another request.
      await sleep(0)
      return work()
    } finally {
      waiting.delete(ticket)
    }
  }
}
