// What must happen once only, on its way from the object to the new store: who has had the welcome gets no second one.
import type { Copy, OldStore } from '../../ports/moving.ts'
import type { Store } from '../../ports/store.ts'
import { MOVING } from '../../rules/moving.ts'

/** A key is kept in the new store as an admission without messages keeps it, and forgotten in the old one after that. */
export const marksCopy = (current: Store, old: OldStore): Copy => ({
  name: 'marks',
  left: (now) => old.marksLeft(now),
  async page(after, now) {
    const marks = await old.marks(after, MOVING.marksMax, now)
    if (marks.length === 0) return { copied: 0, conflicts: [], next: null }
    const answers = await current.outbox.admit(
      marks.map(({ key, fingerprint, messageIds, keptUntil }) => ({
        idempotency: { key, fingerprint, keptMs: keptUntil - now, names: messageIds },
        ...{ takes: [], sends: [], challenge: null, messages: [], claim: null, now },
      })),
    )
    // `repeated` and `mismatch`: the new store has this key already, from an earlier call or of its own.
    const kept = answers.every(({ kind }) => kind === 'admitted' || kind === 'repeated' || kind === 'mismatch')
    if (!kept || answers.length !== marks.length) throw new Error('marksCopy: a mark was not kept')
    await old.forgetMarks(marks.map(({ key }) => key))
    const last = marks.at(-1)?.key ?? null
    return { copied: marks.length, conflicts: [], next: marks.length < MOVING.marksMax ? null : last }
  },
})
