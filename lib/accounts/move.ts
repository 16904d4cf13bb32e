// Moving house: what does not end by itself is copied out of the object, a bounded page a call.
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Conflict, Copy } from '../ports/moving.ts'

export interface Moved {
  copied: number
  /** What could not be copied, because the new home has another one of that name or address. */
  conflicts: Conflict[]
  /** How much is still in the object, over all kinds. */
  remaining: number
  /** Where the next call goes on; null = all was looked at. */
  cursor: string | null
}

/**
 * Copies the next page. It may be called again with the same cursor: what has arrived is not copied twice.
 *
 *     for (let cursor = null; ; ) { const page = await move(copies, cursor, now()); if (page.cursor === null) break }
 */
export async function move(copies: Copy[], cursor: string | null, now: number): Promise<Result<Moved>> {
  const [, name, after = ''] = /^([a-z]+):(.*)$/s.exec(cursor ?? '') ?? []
  const at = cursor === null ? 0 : copies.findIndex((copy) => copy.name === name)
  if (at < 0) return refuse({ code: 'invalid_request', errors: [{ path: 'cursor', code: 'invalid' }] })
  const page = await copies[at]?.page(after, now)
  const left = await Promise.all(copies.map((copy) => copy.left(now)))
  const following = copies[at + 1]
  const next = page?.next ?? null
  return ok({
    copied: page?.copied ?? 0,
    conflicts: page?.conflicts ?? [],
    remaining: left.reduce((sum, one) => sum + one, 0),
    cursor: next !== null ? `${copies[at]?.name}:${next}` : following ? `${following.name}:` : null,
  })
}
