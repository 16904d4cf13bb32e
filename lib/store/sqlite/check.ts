// Judging one guess.

import type { Check, Checked } from '../../ports/challenges.ts'
import { lockMs } from '../../rules/lock.ts'
import { CHALLENGE, WRONG_RULES } from '../../rules/numbers.ts'
import type { Channel } from '../../rules/status.ts'
import type { Usage } from '../../rules/windows.ts'
import { tell, told } from './answers.ts'
import { closeMessages } from './change.ts'
import type { ChallengeRow } from './effect.ts'
import { challengeOf, endSessions, settled } from './effect.ts'
import { countHits, take, usageOf } from './limits.ts'
import { addAudit } from './rows.ts'
import { revoked } from './sessions.ts'

export function check(sql: SqlStorage, c: Check): Checked {
  return told<Checked>(sql, c.token) ?? tell(sql, c.token, judge(sql, c), c.now)
}

function judge(sql: SqlStorage, c: Check): Checked {
  if (c.bearer && revoked(sql, c.bearer, c.now)) return { kind: 'revoked', usage: [] }
  const taken = take(sql, c.takes, c.now)
  if (taken.kind === 'limited') return taken
  const used: Usage[] = taken.usage
  const challenge = challengeOf(sql, c.id)
  if (!challenge || challenge.audience !== c.audience || challenge.effect !== (c.effect ?? null)) {
    return { kind: 'missing', usage: used }
  }
  // Whoever opened a challenge can use up its guesses, but not the link in the mail of the person it was opened for.
  const guessable = 'link' in c.proof || challenge.failures < CHALLENGE.guessesMax
  if (settled(challenge) || !guessable || c.now >= challenge.code_expires_at) return { kind: 'over', usage: used }
  if ('link' in c.proof) return approve(sql, challenge, c.proof.link, c.now, used)
  if (c.wrong) {
    const full = usageOf(sql, [c.wrong], c.now).find((one) => one.remaining === 0)
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
  return judgeWrong(sql, challenge, c, series, used)
}

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

function judgeWrong(sql: SqlStorage, challenge: ChallengeRow, c: Check, series: string[], used: Usage[]): Checked {
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

/** A lock that has ended still counts towards the length of the next one for a day. */
function lock(sql: SqlStorage, series: string, challenge: ChallengeRow, { now, origin }: Check): void {
  const { lock, day } = WRONG_RULES
  const { n } = sql
    .exec<{ n: number }>(
      'SELECT count(*) AS n FROM locks WHERE series = ? AND until > ?',
      series,
      now - CHALLENGE.lockMaxMs,
    )
    .one()
  const ms = lockMs(countHits(sql, series, lock.perMs, now), countHits(sql, series, day.perMs, now), n)
  if (ms === null) return
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
