// The state machine as data: what is an end, what may follow it, and what can never be unsaid.
import { describe, expect, it } from 'vitest'
import {
  endWord,
  hasEnded,
  isDead,
  maybeTaken,
  mayFollow,
  mustEnd,
  mustFollow,
  rankOf,
  recallOf,
  STATES,
  STATUSES,
  wasNeverTaken,
} from '../../../lib/rules/status.ts'

describe('states', () => {
  it('follow each other as the record of a message does', () => {
    const lines = STATUSES.map(
      (from) => `${from} → ${STATUSES.filter((to) => mayFollow(from, to)).join(' ') || 'nothing'}`,
    )
    expect(lines).toEqual([
      'queued → sending sent delivered bounced complained failed cancelled expired suppressed dropped shadowed unknown',
      'sending → queued sent delivered bounced complained failed cancelled expired suppressed dropped shadowed unknown',
      'sent → delivered bounced complained',
      'delivered → bounced complained',
      'bounced → complained',
      'complained → nothing',
      'failed → queued sent delivered bounced complained',
      'cancelled → sent delivered bounced complained',
      'expired → sent delivered bounced complained',
      'suppressed → nothing',
      'dropped → nothing',
      'shadowed → nothing',
      'unknown → queued sent delivered bounced complained',
    ])
  })

  it('go up in rank only, once a provider took the message', () => {
    for (const from of STATES.taken)
      for (const to of STATUSES) if (mayFollow(from, to)) expect(rankOf(to)).toBeGreaterThan(rankOf(from))
  })

  it('live again from dead letters alone', () => {
    expect(STATUSES.filter((from) => hasEnded(from) && mayFollow(from, 'queued'))).toEqual(STATUSES.filter(isDead))
  })

  it('keep their places in the limits exactly when a copy may have left', () => {
    expect(STATUSES.filter(maybeTaken)).toEqual(['sent', 'delivered', 'bounced', 'complained', 'unknown'])
  })

  it('return a place of a send exactly when they ended without a copy', () => {
    const ends = ['failed', 'cancelled', 'expired', 'suppressed', 'dropped', 'shadowed']
    expect(STATUSES.filter(wasNeverTaken)).toEqual(ends)
  })

  it('have no word for an end without a copy where one may be', () => {
    for (const word of STATUSES) {
      expect(endWord(word, false)).toBe(word)
      expect(maybeTaken(endWord(word, true))).toBe(true)
    }
  })

  it('are called back only while nothing of the row can have left', () => {
    const free = STATUSES.filter((status) => recallOf(status, false) === null)
    expect(free).toEqual(['queued'])
    expect(STATUSES.map((status) => recallOf(status, true))).not.toContain(null)
    expect(STATUSES.filter((status) => recallOf(status, false) === 'maybe')).toEqual(['sending', 'unknown'])
  })

  it('refuse by name what may not follow, and staying is no step', () => {
    expect(() => mustFollow('cancelled', 'queued')).toThrow('queued may not follow cancelled')
    for (const status of STATUSES) expect(() => mustFollow(status, status)).not.toThrow()
    expect(() => mustEnd('sending', 'queued')).toThrow('queued is no end')
    expect(() => mustEnd('sent', 'shadowed')).toThrow('shadowed may not follow sent')
    expect(() => mustEnd('sending', 'sent')).not.toThrow()
  })
})
