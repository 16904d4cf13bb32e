// Judging guesses and showing challenges.

import type { AuditEntry } from '../../ports/audit.ts'
import type { Audience, ChallengeStatus, ChallengeView, Check, Checked, Effect } from '../../ports/challenges.ts'
import { CHALLENGE, WRONG_RULES } from '../../rules/numbers.ts'
import type { Channel, Status } from '../../rules/status.ts'
import type { Usage } from '../../rules/windows.ts'
import { tell, told } from './answers.ts'
import { addAudit, closeMessages } from './change.ts'
import { countHits, take, usage } from './limits.ts'
import { bumpEpoch, isRevoked } from './session.ts'

interface ChallengeRow extends Record<string, SqlStorageValue> {
  id: string
  purpose: string
  audience: string
  opener: string
  persons: string
  subject: string | null
  effect: string | null
  confirmed_at: number | null
  sealed: string
  macs: string
  status: string
  failures: number
  code_expires_at: number
  ends_at: number
  resend_at: number
  created_at: number
}

const read = (sql: SqlStorage, id: string): ChallengeRow | undefined =>
  sql.exec<ChallengeRow>('SELECT * FROM challenges WHERE id = ?', id).toArray()[0]

export function check(sql: SqlStorage, c: Check): Checked {
  return told<Checked>(sql, c.token) ?? tell(sql, c.token, judge(sql, c), c.now)
}

function judge(sql: SqlStorage, c: Check): Checked {
  if (c.bearer && isRevoked(sql, c.bearer, c.now)) return { kind: 'revoked', usage: [] }
  const taken = take(sql, c.takes, c.now)
  if (taken.kind === 'limited') return taken
  const used: Usage[] = taken.usage
  const challenge = read(sql, c.id)
  if (!challenge || challenge.audience !== c.audience || challenge.effect !== (c.effect ?? null)) {
    return { kind: 'missing', usage: used }
  }
  // Whoever opened a challenge can use up its guesses, but not the link in the mail of the person it was opened for.
  const guessable = 'link' in c.proof || challenge.failures < CHALLENGE.guessesMax
  if (isSettled(challenge) || !guessable || c.now >= challenge.code_expires_at) return { kind: 'over', usage: used }
  if ('link' in c.proof) return approve(sql, challenge, c.proof.link, c.now, used)
  if (c.wrong) {
    const full = usage(sql, [c.wrong], c.now).find((one) => one.remaining === 0)
    if (full) return { kind: 'limited', name: full.name, retryAt: c.now + full.resetMs, usage: used }
  }
  const series = wrongSeries(challenge)
  const until = Math.max(0, ...series.map((one) => lockedUntil(sql, one, c.now)))
  if (until > c.now) return { kind: 'locked', until, usage: used }
  const { macs } = c.proof
  const match = Object.entries(JSON.parse(challenge.macs) as Record<string, string>).find(([, mac]) =>
    macs.includes(mac),
  )
  if (match) return approve(sql, challenge, match[0] as Channel, c.now, used)
  return wrong(sql, challenge, c, series, used)
}

/** Approved, and nothing left to be done for it. */
const isSettled = (challenge: ChallengeRow): boolean =>
  challenge.status === 'approved' && (challenge.effect === null || challenge.confirmed_at !== null)

function approve(sql: SqlStorage, challenge: ChallengeRow, channel: Channel, now: number, used: Usage[]): Checked {
  const again = challenge.status === 'approved'
  if (!again) {
    sql.exec("UPDATE challenges SET status = 'approved' WHERE id = ?", challenge.id)
    closeMessages(sql, challenge.id, now)
    endSessions(sql, challenge, now)
  }
  const { purpose, subject, sealed } = challenge
  return { kind: 'approved', channel, again, purpose, subject, sealed, usage: used }
}

function endSessions(sql: SqlStorage, { effect, subject }: ChallengeRow, now: number): void {
  if (effect === 'reset' && subject !== null) bumpEpoch(sql, subject, now)
}

export function confirm(sql: SqlStorage, id: string, now: number, audit?: AuditEntry | null): void {
  const challenge = read(sql, id)
  if (challenge?.status !== 'approved' || isSettled(challenge)) return
  sql.exec('UPDATE challenges SET confirmed_at = ? WHERE id = ?', now, id)
  endSessions(sql, challenge, now)
  if (audit) addAudit(sql, audit, id)
}

function wrong(sql: SqlStorage, challenge: ChallengeRow, c: Check, series: string[], used: Usage[]): Checked {
  const failures = challenge.failures + 1
  const ends = failures >= CHALLENGE.guessesMax
  sql.exec(
    'UPDATE challenges SET failures = ?, status = ? WHERE id = ?',
    failures,
    ends && challenge.status === 'pending' ? 'failed' : challenge.status,
    challenge.id,
  )
  if (c.wrong) take(sql, [c.wrong], c.now)
  for (const one of series) {
    // One rule wider than any count: the hit is always recorded.
    take(sql, [{ series: one, slot: c.token, rules: [{ ...WRONG_RULES.day, max: Number.MAX_SAFE_INTEGER }] }], c.now)
    lock(sql, one, challenge, c)
  }
  if (ends) closeMessages(sql, challenge.id, c.now)
  return { kind: 'wrong', triesLeft: CHALLENGE.guessesMax - failures, usage: used }
}

const wrongSeries = (challenge: ChallengeRow): string[] =>
  (JSON.parse(challenge.persons) as string[]).map((person) => `wrong:${challenge.opener}:${person}`)

const lockedUntil = (sql: SqlStorage, series: string, now: number): number =>
  sql
    .exec<{ until: number | null }>('SELECT max(until) AS until FROM locks WHERE series = ? AND until > ?', series, now)
    .one().until ?? 0

/** Five wrong in an hour lock for 15 minutes, then twice as long each time; ten in a day lock for the day. */
function lock(sql: SqlStorage, series: string, challenge: ChallengeRow, { now, origin }: Check): void {
  const { lock, day } = WRONG_RULES
  const dayFull = countHits(sql, series, day.perMs, now) >= day.max
  if (!dayFull && countHits(sql, series, lock.perMs, now) < lock.max) return
  const { n } = sql
    .exec<{ n: number }>(
      'SELECT count(*) AS n FROM locks WHERE series = ? AND until > ?',
      series,
      now - CHALLENGE.lockMaxMs,
    )
    .one()
  const ms = dayFull ? CHALLENGE.lockMaxMs : Math.min(CHALLENGE.lockMaxMs, CHALLENGE.lockBaseMs * 2 ** n)
  sql.exec('INSERT OR REPLACE INTO locks (series, at, until) VALUES (?, ?, ?)', series, now, now + ms)
  addAudit(sql, {
    at: now,
    kind: 'code_locked',
    person: series.slice(series.lastIndexOf(':') + 1),
    opener: challenge.opener,
    agent: origin?.agent ?? null,
    ip: origin?.ip ?? null,
  })
}

export function challengeView(sql: SqlStorage, id: string, now: number): ChallengeView | null {
  const row = read(sql, id)
  if (!row) return null
  const newest = new Map<string, { channel: Channel; messageId: string; status: Status }>()
  for (const message of sql
    .exec<{ id: string; channel: string; status: string }>(
      'SELECT id, channel, status FROM messages WHERE challenge_id = ? ORDER BY id',
      id,
    )
    .toArray()) {
    newest.set(message.channel, {
      channel: message.channel as Channel,
      messageId: message.id,
      status: message.status as Status,
    })
  }
  const expired = row.status === 'pending' && now >= row.code_expires_at
  return {
    id,
    purpose: row.purpose,
    audience: row.audience as Audience,
    opener: row.opener,
    persons: JSON.parse(row.persons) as string[],
    subject: row.subject,
    effect: row.effect as Effect | null,
    sealed: row.sealed,
    status: expired ? 'expired' : (row.status as ChallengeStatus),
    codeExpiresAt: row.code_expires_at,
    endsAt: row.ends_at,
    resendAt: row.resend_at,
    createdAt: row.created_at,
    deliveries: [...newest.values()],
  }
}

export function newest(sql: SqlStorage, subject: string, effect: Effect, now: number): ChallengeView | null {
  const [found] = sql
    .exec<{ id: string }>(
      `SELECT id FROM challenges WHERE subject = ? AND effect = ? AND code_expires_at > ?
         AND (status = 'pending' OR (status = 'approved' AND confirmed_at IS NULL)) ORDER BY id DESC LIMIT 1`,
      subject,
      effect,
      now,
    )
    .toArray()
  return found ? challengeView(sql, found.id, now) : null
}
