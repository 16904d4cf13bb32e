// Nothing accepted is lost, every change of status is one the state machine knows, and every row ends once faults do.

import type { Status } from '../../lib/rules/status.ts'
import { hasEnded, mayFollow, wasTaken } from '../../lib/rules/status.ts'
import type { Written } from './database.ts'
import type { Ledger } from './ledger.ts'
import { MINUTE } from './plan.ts'
import type { Checker, Step, World } from './world.ts'

/** After healing and its own due instant: the longest hold of a breaker, twice. */
const ENDS_WITHIN_MS = 20 * MINUTE
/** Rounds a row may still need after the healing; each is waited for by its own due instant. */
const ROUNDS_MAX = 2

const isOpen = (status: Status): boolean => !hasEnded(status)

export function checkRows(world: World, ledger: Ledger): Checker {
  const { db, kernel } = world
  const stored = new Map<string, string>()
  /** Base time by which a row must have ended; set once everything is healed. */
  const deadlines = new Map<string, number>()
  let healed = false
  /** Rounds a row has had since the healing. */
  const rounds = new Map<string, number>()

  const expectEnd = (id: string, wakeAt: number | null): void => {
    const waitMs = Math.max(0, (wakeAt ?? 0) - kernel.wall()) + ENDS_WITHIN_MS
    const deadline = kernel.base() + waitMs
    deadlines.set(id, deadline)
    kernel.after(waitMs, () => {
      const status = stored.get(id) as Status
      if (deadlines.get(id) !== deadline || hasEnded(status)) return
      world.fail('every row ends soon after faults stop', id, `still ${status}`)
    })
  }

  function moved({ id, from, to }: Step['moves'][number]): void {
    if (to === null) {
      stored.delete(id)
      if (!hasEnded(from as Status)) world.fail('nothing accepted is lost', id, `${from} row removed`)
      return
    }
    stored.set(id, to)
    // What happens to a new row in its first step is written with it: it may be born under its lease, or past its end.
    const before = (from ?? 'queued') as Status
    const legal = (from === null && to === 'queued') || mayFollow(before, to as Status)
    if (!legal) world.fail('a status follows only what it may', id, `${from} → ${to}`)
    const reborn = from === null || hasEnded(from as Status)
    if (healed && reborn && isOpen(to as Status)) {
      expectEnd(id, db.row<{ at: number }>('SELECT wake_at AS at FROM messages WHERE id = ?', id)?.at ?? null)
    }
  }

  function consistent(row: Written): string | null {
    const status = row.status as Status
    if (hasEnded(status)) {
      if (row.wakeAt !== null || row.endedAt === null) return 'ended, but would be woken'
      const doubtful = row.ambiguous && status !== 'unknown' && !wasTaken(status)
      return doubtful ? `ambiguous, but ${status}` : null
    }
    if (row.wakeAt === null || row.endedAt !== null) return `${status}, but nothing will ever wake it`
    return status === 'sending' && (!row.intent || !row.leaseToken) ? 'sending without lease or intent' : null
  }

  return {
    stepped(step) {
      for (const move of step.moves) moved(move)
      for (const row of step.written.values()) {
        const broken = consistent(row)
        if (broken) world.fail('a row is either pending and woken, or ended', row.id, broken)
      }
      if (stored.size !== ledger.entries.size) {
        world.fail('accepted = terminal + pending', '', `${ledger.entries.size} accepted, ${stored.size} stored`)
      }
      if (healed && step.name === 'reschedule' && step.answer.kind === 'rescheduled') {
        expectEnd(step.answer.id, step.answer.dueAt)
      }
      if (healed && step.name === 'settle' && step.answer.kind === 'queued') {
        const [{ id }] = step.args
        const more = (rounds.get(id) ?? 0) + 1
        rounds.set(id, more)
        // What was under way may still end badly, and a slow provider time out: its row waits for the round that follows.
        if (more <= ROUNDS_MAX) expectEnd(id, step.answer.dueAt)
      }
    },
    healed() {
      healed = true
      for (const { id, at } of db.rows<{ id: string; at: number }>(
        'SELECT id, wake_at AS at FROM messages WHERE ended_at IS NULL',
      )) {
        expectEnd(id, at)
      }
    },
    ended() {
      const rows = db.rows<{ id: string; status: Status }>('SELECT id, status FROM messages')
      if (rows.length !== ledger.entries.size) {
        world.fail('nothing accepted is lost', '', `${rows.length} of ${ledger.entries.size} rows`)
      }
      for (const { id, status } of rows) {
        if (!hasEnded(status)) world.fail('every row ends soon after faults stop', id, `still ${status}`)
      }
    },
  }
}
