// Two stores while a deployment moves: what is new is made in `current`, what `old` holds goes on there until it has
// ended. An id says where to ask; what has no id is asked of both, for as long as the old one holds anything.

import { homeOf } from '../../names/homes.ts'
import type { Held, OldStore } from '../../ports/moving.ts'
import type { Bearer } from '../../ports/sessions.ts'
import type { Store } from '../../ports/store.ts'
import { remainingOf } from '../../steps/remaining.ts'

export interface Homes {
  current: Store
  old: OldStore
  /** What the old one holds, as it was told within the last minute; all 0 is never asked again. */
  held(): Promise<Held>
  /** The same, asked now. */
  ask(): Promise<Held>
  /** Where that message, challenge or session lives. */
  of(id: string): Promise<Store>
}

export const isEmpty = (held: Held): boolean => Object.values(held).every((count) => count === 0)

export function homesOf(current: Store, old: OldStore, now: () => number): Homes {
  const { last: held, ask } = remainingOf(() => old.held(now()), isEmpty, now)
  return {
    current,
    old,
    held,
    ask,
    async of(id) {
      const home = homeOf(id)
      if (home !== null) return home === old.home ? old : current
      // Of a release whose ids did not say: where there is an object in use, all of those are in it.
      return isEmpty(await held()) ? current : old
    },
  }
}

/**
 * Whose session a step in `store` is asked on. A store judges its own; one that lives elsewhere is judged there, for here
 * it was never seen, and the step is asked on none.
 */
export async function bearerIn(
  homes: Homes,
  store: Store,
  bearer: Bearer | null | undefined,
  now: number,
): Promise<Bearer | null | 'revoked'> {
  if (!bearer) return null
  const home = await homes.of(bearer.sessionId)
  if (home === store) return bearer
  return (await home.sessions.live(bearer, now)) ? null : 'revoked'
}

/** Asks each home for its own items, and answers in their order. */
export async function split<T, A>(
  homes: Homes,
  items: T[],
  idOf: (item: T) => string,
  ask: (store: Store, items: T[]) => Promise<A[]>,
): Promise<A[]> {
  const stores = await Promise.all(items.map((item) => homes.of(idOf(item))))
  const answers = new Array<A>(items.length)
  for (const store of new Set(stores)) {
    const places = items.flatMap((_, place) => (stores[place] === store ? [place] : []))
    const told = await ask(
      store,
      places.map((place) => items[place] as T),
    )
    for (const [n, place] of places.entries()) answers[place] = told[n] as A
  }
  return answers
}
