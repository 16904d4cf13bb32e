// Which of the due rows a worker takes: strictly by priority, but for a share that lower ones keep.

/**
 * Of max ≥ 3 places, max(1, max/10) go to the oldest due medium and low each, the rest strictly by priority.
 * `due` holds the ids of each priority, highest first and oldest first within; the answer keeps that order.
 */
export function fairShare(due: string[][], max: number): string[] {
  const kept = max >= 3 ? Math.max(1, Math.floor(max / 10)) : 0
  const reserved = due.slice(1).flatMap((ids) => ids.slice(0, kept))
  const strictly = due.flat().filter((id) => !reserved.includes(id))
  const chosen = new Set([...strictly.slice(0, Math.max(0, max - reserved.length)), ...reserved])
  return due.flat().filter((id) => chosen.has(id))
}
