// Which of the due rows a worker takes: strictly by priority, but for a share that lower ones keep.
import { FAIR_SHARE } from './numbers.ts'

/**
 * Of max ≥ 3 places, max(1, max/10) go to the oldest due medium and low each, the rest strictly by priority.
 * `due` holds the ids of each priority, highest first and oldest first within; the answer keeps that order.
 */
export function fairShare(due: string[][], max: number): string[] {
  const kept = max >= FAIR_SHARE.fromPlaces ? Math.max(1, Math.floor(max / FAIR_SHARE.part)) : 0
  const reserved = due.slice(1).flatMap((ids) => ids.slice(0, kept))
  const strictly = due.flat().filter((id) => !reserved.includes(id))
  const chosen = new Set([...strictly.slice(0, Math.max(0, max - reserved.length)), ...reserved])
  return due.flat().filter((id) => chosen.has(id))
}
