// Judging one guess.

import type { Check, Checked } from '../../ports/challenges.ts'
import { lockMs } from '../../rules/lock.ts'
import { ANSWERS_MAX, CHALLENGE, RETENTION, WRONG_RULES } from '../../rules/numbers.ts'
import type { Channel } from '../../rules/status.ts'
import type { Usage } from '../../rules/windows.ts'
import { closeMessages } from './change.ts'
import type { ChallengeRow } from './effect.ts'
import { endSessions, settled } from './effect.ts'
import { hit, take, usageOf } from './limits.ts'
import { addAudit } from './rows.ts'
import { revoked } from './sessions.ts'
import { type Work, work } from './work.ts'

/** What a call was told is kept with the challenge: a repeat after a lost answer is told the same and costs nothing. */
export const check = (sql: SqlStorage, c: Check): Checked =>
  work(sql, (rows) => {
    const challenge = rows.challenge(c.id)
    const kept = (challenge ? (JSON.parse(challenge.answers) as Told[]) : []).filter(([, , until]) => until > c.now)
    const known = kept.find(([token]) => token === c.token)
    if (known) return known[1]
    const answer = judge(rows, challenge, c)
    // Where there is no such challenge nothing was counted, and it is judged again.
    if (challenge) {
      const told: Told = [c.token, answer, c.now + RETENTION.answerMs]
      challenge.answers = JSON.stringify([...kept, told].slice(-ANSWERS_MAX))
    }
    return answer
  })

type Told = [token: string, answer: Checked, until: number]

function judge(rows: Work, challenge: ChallengeRow | undefined, c: Check): Checked {
  const { sql } = rows
  if (c.bearer && revoked(sql, c.bearer, c.now)) return { kind: 'revoked', usage: [] }
  const taken = take(sql, c.takes, c.now)
  if (taken.kind === 'limited') return taken
  const used: Usage[] = taken.usage
  if (!challenge || challenge.audience !== c.audience || challenge.effect !== (c.effect ?? null)) {
    return { kind: 'missing', usage: used }
  }
  // Whoever opened a challenge can use up its guesses, but not the link in the mail of the person it was opened for.
  const guessable = 'link' in c.proof || challenge.failures < CHALLENGE.guessesMax
  if (settled(challenge) || !guessable || c.now >= challenge.code_expires_at) return { kind: 'over', usage: used }
  if ('link' in c.proof) return approve(rows, challenge, c.proof.link, c.now, used)
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
  if (match) return approve(rows, challenge, match[0] as Channel, c.now, used)
  return judgeWrong(rows, challenge, c, series, used)
}

function approve(rows: Work, challenge: ChallengeRow, channel: Channel, now: number, used: Usage[]): Checked {
  const again = challenge.status === 'approved'
  if (!again) {
    challenge.status = 'approved'
    closeMessages(rows, challenge.sends, now)
    endSessions(rows.sql, challenge, now)
  }
  const { purpose, subject, sealed } = challenge
  return { kind: 'approved', channel, again, purpose, subject, sealed, usage: used }
}

function judgeWrong(rows: Work, challenge: ChallengeRow, c: Check, series: string[], used: Usage[]): Checked {
  const { sql } = rows
  challenge.failures++
  const ends = challenge.failures >= CHALLENGE.guessesMax
  if (ends && challenge.status === 'pending') challenge.status = 'failed'
  if (c.wrong) take(sql, [c.wrong], c.now)
  for (const one of series) lock(sql, one, challenge, c)
  if (ends) closeMessages(rows, challenge.sends, c.now)
  return { kind: 'wrong', triesLeft: CHALLENGE.guessesMax - challenge.failures, usage: used }
}

const wrongSeries = (challenge: ChallengeRow): string[] =>
  (JSON.parse(challenge.persons) as string[]).map((person) => `wrong:${challenge.opener}:${person}`)

const lockedUntil = (sql: SqlStorage, series: string, now: number): number =>
  sql
    .exec<{ until: number | null }>('SELECT max(until) AS until FROM locks WHERE series = ? AND until > ?', series, now)
    .one().until ?? 0

/** Counts the wrong guess. A lock that has ended still counts towards the length of the next one for a day. */
function lock(sql: SqlStorage, series: string, challenge: ChallengeRow, { token, now, origin }: Check): void {
  const { lock, day } = WRONG_RULES
  const [inHour = 0, inDay = 0] = hit(sql, series, token, [lock, day], now)
  const { n } = sql
    .exec<{ n: number }>(
      'SELECT count(*) AS n FROM locks WHERE series = ? AND until > ?',
      series,
      now - CHALLENGE.lockMaxMs,
    )
    .one()
  const ms = lockMs(inHour, inDay, n)
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
