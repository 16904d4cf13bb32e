// The few ways a message row changes; every step is composed of these, so each consequence is written once.

import type { Waiting } from '../../ports/row.ts'
import { ARM_HORIZON_MS, PURGE, RETENTION } from '../../rules/numbers.ts'
import {
  endWord,
  hasArrived,
  isDead,
  isKeptLonger,
  maybeTaken,
  mustFollow,
  type Status,
  wasNeverTaken,
} from '../../rules/status.ts'
import { count } from './figures.ts'
import { giveBack } from './limits.ts'
import type { MessageRow } from './rows.ts'
import { addEvent, statusOf, waiting } from './rows.ts'
import type { Work } from './work.ts'

/** The one place where a status changes: a step that would break the state machine throws, and so changes nothing at all. */
function move(row: MessageRow, to: Status, changes: Partial<MessageRow>): void {
  mustFollow(statusOf(row), to)
  Object.assign(row, { ...changes, status: to })
}

const FREE = { lease_token: null, lease_until: null, intent: null, lost: 0, behind: null }

/** A queued row that nobody holds. Due within the horizon, its wake is the caller's duty; later ones are the sweeper's. */
export function queue(row: MessageRow, dueAt: number, now: number, candidates?: string[]): Waiting {
  move(row, 'queued', {
    ...FREE,
    due_at: dueAt,
    wake_at: dueAt,
    armed: dueAt - now <= ARM_HORIZON_MS ? 1 : 0,
    candidates: candidates ? JSON.stringify(candidates) : row.candidates,
    generation: row.generation + 1,
  })
  return waiting(row)
}

/** A queued row behind a provider's open breaker: nothing wakes it before its own end but what the probe finds out. */
export function waitBehind(row: MessageRow, provider: string, openAt: number, endAt: number): void {
  move(row, 'queued', { ...FREE, due_at: openAt, wake_at: endAt, armed: 1, behind: provider })
}

/** Puts a row under lease with its intent written: from here on, its provider may have been called. */
export function hold(row: MessageRow, intent: string, lease: { token: string; until: number }): MessageRow {
  move(row, 'sending', {
    behind: null,
    intent,
    lease_token: lease.token,
    lease_until: lease.until,
    wake_at: lease.until,
  })
  return row
}

/** Ends a row: status, event, retention; a send nobody took gives its places back, an accepted row cancels its fallbacks. */
export function finish(rows: Work, row: MessageRow, status: Status, provider: string | null, now: number): void {
  addEvent(rows.sql, row, status, provider, now)
  endAs(rows, row, status, now)
}

/** The same for a caller that has put it on the timeline already. */
export function endAs(rows: Work, row: MessageRow, status: Status, now: number): void {
  const dead = isDead(status)
  const keptLonger = isKeptLonger(status)
  const payloadUntil = now + (keptLonger ? RETENTION.deadPayloadMs : RETENTION.payloadMs)
  // What goes soon after it came is found by its id; only the rest is worth an index.
  const late = keptLonger || now - row.created_at > PURGE.lateMs
  move(row, status, {
    ...FREE,
    ended_at: now,
    wake_at: null,
    payload_until: payloadUntil,
    purge_at: late ? payloadUntil : null,
  })
  if (dead) count(rows.sql, { failed: 1 }, now)
  if (hasArrived(status)) cancelAfter(rows, row.id, now)
  if (maybeTaken(status)) return
  const peers = (JSON.parse(row.peers) as string[]).flatMap((id) => rows.message(id) ?? [])
  const open = peers.some((peer) => peer.ended_at === null || maybeTaken(statusOf(peer)))
  if (!open) giveBack(rows.sql, JSON.parse(row.slot_series) as string[], row.slot)
}

/** An end that was not the truth becomes it: retention and later stages follow. */
export function lift(rows: Work, row: MessageRow, status: Status, now: number): void {
  const payloadUntil = Math.min(row.payload_until ?? Number.POSITIVE_INFINITY, now + RETENTION.payloadMs)
  // A row whose payload is gone waits for the end of its record, as before.
  const changes = row.sealed === null ? {} : { payload_until: payloadUntil, purge_at: payloadUntil }
  move(row, status, changes)
  if (hasArrived(status)) cancelAfter(rows, row.id, now)
}

/** Every stage after this one is not needed any more. */
export function cancelAfter(rows: Work, id: string, now: number): void {
  for (const next of rows.after(id)) {
    if (statusOf(next) === 'queued' && next.ambiguous === 0) finish(rows, next, 'cancelled', null, now)
    cancelAfter(rows, next.id, now)
  }
}

const earlierOf = (row: MessageRow): string[] => row.after_id?.split(' ') ?? []

/** One full round of the row was refused: what waited for it and has no other to wait for, untried, is due now. */
export function releaseAfter(rows: Work, id: string, now: number): Waiting[] {
  const later = rows.after(id)
  const own = rows.message(id)
  if (own && later.length > 0) own.refused = 1
  return later
    .filter((next) => statusOf(next) === 'queued' && next.attempt === 0 && next.due_at > now)
    .filter((next) => earlierOf(next).every((one) => isRefused(rows.message(one))))
    .map((next) => queue(next, now, now))
}

/** A row that is gone, or has ended without being taken, is waited for no longer. */
const isRefused = (row: MessageRow | undefined): boolean => !row || row.refused === 1 || wasNeverTaken(statusOf(row))

/** Approved or out of guesses: nothing of this challenge may be sent any more. */
function challengeOver(rows: Work, challengeId: string | null): boolean {
  const challenge = challengeId === null ? undefined : rows.challenge(challengeId)
  return challenge !== undefined && challenge.status !== 'pending'
}

/** The challenge is over, or an earlier stage was taken: nothing of this row may be sent any more. */
export function notNeeded(rows: Work, row: MessageRow): boolean {
  if (challengeOver(rows, row.challenge_id)) return true
  return earlierOf(row)
    .flatMap((id) => rows.message(id) ?? [])
    .some((earlier) => hasArrived(statusOf(earlier)) || notNeeded(rows, earlier))
}

/** Ends every row of a challenge that nobody holds. */
export function closeMessages(rows: Work, sends: string, now: number): void {
  for (const id of JSON.parse(sends) as string[]) {
    // Ending an earlier row may already have cancelled this one.
    const row = rows.message(id)
    if (row && statusOf(row) === 'queued') finish(rows, row, endWord('cancelled', row.ambiguous === 1), null, now)
  }
}
