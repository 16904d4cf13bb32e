// What the checkers remember of every accepted message, from the requests themselves and not from the store's rows.
import type { NewMessage } from '../../lib/ports/admission.ts'
import type { Copy, Step } from './world.ts'

export interface Entry {
  message: NewMessage
  status: string
  /** As asked for last: a resend may have moved it, a replay removes it. */
  expiresAt: number | null
  life: number
  /** Attempts on record when this life began. */
  attemptsBefore: number
  attempts: { provider: string; outcome: string; endedAt: number }[]
  calls: number
  /** Leases of this life that ended without a word. */
  lost: number
  cancelled: boolean
  copies: Copy[]
}

export interface Ledger {
  entries: Map<string, Entry>
  /** Entries by limiter slot. */
  bySlot: Map<string, Entry[]>
  stepped(step: Step): void
  copied(copy: Copy): void
}

export function ledgerOf(): Ledger {
  const entries = new Map<string, Entry>()
  const bySlot = new Map<string, Entry[]>()
  const settled = new Set<string>()
  const add = (message: NewMessage): void => {
    const entry: Entry = {
      message,
      status: '',
      expiresAt: message.expiresAt,
      life: 0,
      attemptsBefore: 0,
      attempts: [],
      calls: 0,
      lost: 0,
      cancelled: false,
      copies: [],
    }
    entries.set(message.id, entry)
    bySlot.set(message.slot, [...(bySlot.get(message.slot) ?? []), entry])
  }
  return {
    entries,
    bySlot,
    stepped(step) {
      if (step.name === 'admit') {
        for (const [index, group] of step.args[0].entries()) {
          const answer = step.answer[index]
          if (answer?.kind === 'admitted') for (const one of group.messages) if (!entries.has(one.id)) add(one)
          const hastened = answer?.kind === 'hastened' ? entries.get(answer.id) : undefined
          if (hastened) hastened.expiresAt = group.messages[0]?.expiresAt ?? hastened.expiresAt
        }
      }
      if (step.name === 'settle') {
        const [s] = step.args
        const entry = entries.get(s.id)
        const name = `${s.id}/${s.token}/${s.attempt}`
        if (entry && s.record && step.answer.kind !== 'lost' && !settled.has(name)) {
          const { provider, outcome } = s.record
          entry.attempts.push({ provider, outcome, endedAt: s.now })
        }
        settled.add(name)
      }
      if (step.name === 'replay' && step.answer.kind === 'replayed') {
        const entry = entries.get(step.args[0])
        if (entry) {
          const { life, attempts } = entry
          Object.assign(entry, { life: life + 1, attemptsBefore: attempts.length, calls: 0, lost: 0, expiresAt: null })
        }
      }
      if (step.name === 'cancel' && step.answer.kind === 'cancelled') {
        const entry = entries.get(step.args[0])
        if (entry) entry.cancelled = true
      }
      for (const { id, lost } of step.grants) {
        const entry = entries.get(id)
        if (entry && lost) entry.lost++
      }
      for (const { id, to } of step.moves) {
        const entry = entries.get(id)
        if (entry) entry.status = to ?? 'gone'
      }
    },
    copied(copy) {
      entries.get(copy.messageId)?.copies.push(copy)
    },
  }
}
