// A client outside: it asks, loses answers, and asks again.
import type { Core } from '../../lib/core.ts'
import { SECOND } from './plan.ts'
import type { Rng } from './prng.ts'
import type { World } from './world.ts'

export interface Person {
  /** Rejected by every provider when it begins with `bad`. */
  email: string
  phone: string
  ip: string
}

/** Asks until it is answered, at most `tries` times; null when it never was. */
export async function ask<T>(
  world: World,
  rng: Rng,
  tries: number,
  what: string,
  use: (core: Core) => Promise<T>,
): Promise<T | null> {
  for (let n = 0; n < tries; n++) {
    if (n > 0) await world.kernel.sleep(rng.int(1, 8) * SECOND)
    const answer = await world.invoke(what, use)
    if (answer.kind === 'answer') return answer.value
  }
  return null
}

/** What one idempotency key was answered with: the same, however often it is asked. */
export interface Promised {
  told(key: string, ids: string[]): void
}

export function promisedOf(world: World): Promised {
  const answers = new Map<string, string>()
  return {
    told(key, ids) {
      const text = ids.join(' ')
      const first = answers.get(key)
      if (first === undefined) answers.set(key, text)
      else if (first !== text) world.fail('one idempotency key, one creation', ids[0] ?? '', `${first} ≠ ${text}`)
    },
  }
}
