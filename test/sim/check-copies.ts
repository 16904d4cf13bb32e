// What left: no second copy where a key forbids it, none after a cancel or the end, and every final status is true.

import type { Status } from '../../lib/rules/status.ts'
import { hasArrived, wasNeverTaken, wasTaken } from '../../lib/rules/status.ts'
import type { Entry, Ledger } from './ledger.ts'
import { KEYED_FOR_MS } from './providers.ts'
import type { Checker, World } from './world.ts'

export function checkCopies(world: World, ledger: Ledger): Checker {
  function truth(id: string, entry: Entry): void {
    const copies = entry.copies.length
    if (wasTaken(entry.status as Status) && entry.copies.length === 0) {
      world.fail('sent ⇒ the provider took it', id, entry.status)
    }
    if (wasNeverTaken(entry.status as Status) && copies > 0) {
      world.fail('cancelled, expired, failed ⇒ no provider took it', id, `${entry.status}, ${copies} copies`)
    }
  }
  return {
    stepped(step) {
      for (const { id } of step.moves) {
        const entry = ledger.entries.get(id)
        if (entry) truth(id, entry)
      }
      for (const { id, lost, intent } of step.grants) {
        const [first = ''] = ledger.entries.get(id)?.message.after ?? []
        const earlier = ledger.entries.get(first)?.status
        const doubted = lost || step.written.get(id)?.ambiguous
        if (!doubted && earlier !== undefined && hasArrived(earlier as Status)) {
          world.fail('no later stage once the earlier one was taken', id, intent)
        }
      }
    },
    calling({ outgoing, now, timeoutMs, provider }) {
      const id = outgoing.messageId
      const entry = ledger.entries.get(id)
      if (!entry) return world.fail('only what was accepted is sent', id, provider.name)
      if (entry.cancelled) world.fail('nothing after an acknowledged cancel', id, provider.name)
      if (entry.expiresAt !== null && now + timeoutMs > entry.expiresAt) {
        world.fail(
          'no attempt starts that cannot land before expires_at',
          id,
          `${now + timeoutMs - entry.expiresAt} ms`,
        )
      }
      const held = entry.copies.filter((copy) => copy.life === entry.life)
      const sameKey = held.every((copy) => copy.provider.name === provider.name && provider.keyed)
      if (held.length === 0 || sameKey) return
      const row = world.db.row<{ ambiguous: number }>('SELECT ambiguous FROM messages WHERE id = ?', id)
      if (row?.ambiguous !== 1) world.fail('a second copy is risked only by a row flagged ambiguous', id, provider.name)
    },
    copied(copy) {
      const entry = ledger.entries.get(copy.messageId)
      if (entry?.cancelled) world.fail('nothing after an acknowledged cancel', copy.messageId, copy.provider.name)
      if (!copy.provider.keyed) return
      const twin = entry?.copies.find(
        (one) =>
          one !== copy &&
          one.life === copy.life &&
          one.provider.name === copy.provider.name &&
          copy.at - one.at < KEYED_FOR_MS,
      )
      if (twin) world.fail("no second copy within a keyed provider's window", copy.messageId, `${twin.key} ${copy.key}`)
    },
    ended() {
      for (const [id, entry] of ledger.entries) truth(id, entry)
    },
  }
}
