// Answers that leave on a fixed beat, so that their time does not tell what they must not say.
import { EVEN_ANSWER_MS } from '../rules/numbers.ts'
import type { Accounts } from './accounts.ts'

/** Runs `work` and answers at the next whole multiple of the beat; `isHeld` picks the answers that wait. */
export async function evenly<T>(
  { core, sleep }: Accounts,
  work: () => Promise<T>,
  isHeld: (answer: T) => boolean = () => true,
): Promise<T> {
  const startedAt = core.now()
  const answer = await work()
  if (!isHeld(answer)) return answer
  // In production the clock stands still while a hash is computed: a timer sets it right.
  await sleep(1)
  await sleep(EVEN_ANSWER_MS - ((core.now() - startedAt) % EVEN_ANSWER_MS))
  return answer
}
