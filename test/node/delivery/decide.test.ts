// The rule after an attempt, as a table: what each outcome leads to.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type DecidedRow, decide, LEASE_LOST, MOVES, OURS } from '../../../lib/delivery/decide.ts'
import type { SendOutcome } from '../../../lib/ports/message.ts'
import type { Next } from '../../../lib/ports/outbox.ts'
import { CLASSES, OUTCOMES } from '../../../lib/rules/status.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const FACTS: Record<string, { keyed: boolean; reports: boolean }> = {
  resend: { keyed: true, reports: true },
  sendgrid: { keyed: false, reports: true },
  mailgun: { keyed: false, reports: false },
}
const facts = (name: string) => FACTS[name] ?? { keyed: false, reports: false }

const row = (more: Partial<DecidedRow> = {}): DecidedRow => ({
  class: 'security',
  providers: ['resend', 'sendgrid', 'mailgun'],
  plan: '',
  startBy: null,
  giveUpAt: NOW + 24 * HOUR,
  ...more,
})

const accepted: SendOutcome = { kind: 'accepted', providerId: 'x' }
const unknown: SendOutcome = { kind: 'unknown', code: 'timeout' }
const unavailable: SendOutcome = { kind: 'unavailable', code: 'http_503' }
const throttled: SendOutcome = { kind: 'throttled', code: 'rate', retryAfterMs: 90_000 }
const misconfigured: SendOutcome = { kind: 'misconfigured', code: 'http_401' }
const rejected: SendOutcome = { kind: 'rejected', code: 'bad' }
const lost: SendOutcome = { kind: 'unknown', code: LEASE_LOST }

/** `fraction` 0.5 = no jitter. */
const once = (given: DecidedRow, provider: string, outcome: SendOutcome, now = NOW) =>
  decide(given, provider, outcome, facts, { startedAt: now, now, fraction: 0.5 })

/** Follows a row through outcomes as the store would; answers the last decision. */
function story(given: DecidedRow, steps: [provider: string, outcome: SendOutcome][], now = NOW) {
  let current = given
  let last = once(current, steps[0]?.[0] ?? '', steps[0]?.[1] ?? unknown, now)
  for (const [provider, outcome] of steps.slice(1)) {
    current = { ...current, plan: planOf(last.next) }
    last = once(current, provider, outcome, now)
  }
  return last
}

const planOf = (next: Next): string => (next.kind === 'end' ? '' : next.plan)

describe('a code', () => {
  it.each([misconfigured, unavailable, throttled, unknown])('goes to the next provider at once after %o', (outcome) => {
    expect(once(row(), 'resend', outcome).next).toMatchObject({ kind: 'again', candidates: ['sendgrid', 'mailgun'] })
  })

  it('ends with a refused address, whoever else there is, and releases the next channel', () => {
    expect(once(row(), 'resend', rejected)).toMatchObject({
      next: { kind: 'end', status: 'failed', release: true },
      breaker: 'good',
    })
  })

  it.each([
    [0, 2_000],
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
    [9, 45_000],
  ])('waits for round %i as the policy says and releases the next channel', (round, waitMs) => {
    const plan = JSON.stringify({ round })
    const { next } = once(row({ providers: ['mailgun'], plan }), 'mailgun', unavailable)
    expect(next).toMatchObject({ kind: 'later', dueAt: NOW + waitMs, candidates: ['mailgun'], release: true })
  })

  it('spreads retries by 20 % either way', () => {
    const at = (fraction: number) => {
      const clock = { startedAt: NOW, now: NOW, fraction }
      const { next } = decide(row({ providers: ['mailgun'] }), 'mailgun', unavailable, facts, clock)
      return next.kind === 'later' ? next.dueAt - NOW : 0
    }
    expect([at(0), at(0.5), at(0.999)]).toEqual([1_600, 2_000, 2_399])
  })

  it('waits as long as its only provider asks', () => {
    expect(once(row({ providers: ['mailgun'] }), 'mailgun', throttled).next).toMatchObject({ dueAt: NOW + 90_000 })
  })

  it('takes a last try at the last instant that still lands, and ends expired after it', () => {
    const late = row({ providers: ['mailgun'], startBy: NOW + 1_500 })
    expect(once(late, 'mailgun', unavailable).next).toMatchObject({ kind: 'later', dueAt: NOW + 1_500 })
    expect(once(row({ providers: ['mailgun'], startBy: NOW + 10 }), 'mailgun', unavailable).next).toMatchObject({
      kind: 'end',
      status: 'expired',
    })
  })

  it('ends unknown, not expired, when a provider may have taken it', () => {
    const late = row({ providers: ['mailgun'], startBy: NOW + 10 })
    expect(once(late, 'mailgun', unknown)).toMatchObject({ next: { kind: 'end', status: 'unknown' }, ambiguous: true })
  })

  it('stays flagged when another provider takes it after a doubt', () => {
    const end = story(row(), [
      ['resend', unknown],
      ['sendgrid', accepted],
    ])
    expect(end).toMatchObject({ next: { kind: 'end', status: 'sent' }, ambiguous: true })
  })

  it('is no doubt any more when the same key is answered', () => {
    const end = story(row({ providers: ['resend'] }), [
      ['resend', unknown],
      ['resend', accepted],
    ])
    expect(end).toMatchObject({ next: { kind: 'end', status: 'sent' }, ambiguous: false })
  })

  it('after a crash asks a keyed provider once more with the same key, then the next', () => {
    expect(once(row(), 'resend', lost)).toMatchObject({
      next: { kind: 'again', candidates: ['resend'] },
      breaker: 'none',
    })
    const twice = story(row(), [
      ['resend', lost],
      ['resend', lost],
    ])
    expect(twice.next).toMatchObject({ kind: 'again', candidates: ['sendgrid', 'mailgun'] })
  })

  it('after a crash at an unkeyed provider goes to the next', () => {
    expect(once(row(), 'sendgrid', lost).next).toMatchObject({ kind: 'again', candidates: ['resend', 'mailgun'] })
  })
})

describe('a receipt', () => {
  const receipt = (more: Partial<DecidedRow> = {}) => row({ class: 'transactional', ...more })

  it.each([misconfigured, unavailable, throttled])('goes to the next provider at once after %o', (outcome) => {
    expect(once(receipt(), 'resend', outcome).next).toMatchObject({
      kind: 'again',
      candidates: ['sendgrid', 'mailgun'],
    })
  })

  it('asks a keyed provider in doubt again after 10 s and 60 s with the same key, then the next takes over, flagged', () => {
    const steps: [string, SendOutcome][] = [['resend', unknown]]
    expect(story(receipt(), steps)).toMatchObject({
      next: { kind: 'later', candidates: ['resend'], dueAt: NOW + 10_000 },
      ambiguous: true,
    })
    steps.push(['resend', unknown])
    expect(story(receipt(), steps).next).toMatchObject({ kind: 'later', candidates: ['resend'], dueAt: NOW + 60_000 })
    steps.push(['resend', unknown])
    expect(story(receipt(), steps)).toMatchObject({
      next: { kind: 'again', candidates: ['sendgrid', 'mailgun'] },
      ambiguous: true,
    })
  })

  it('does not leave a keyed provider in doubt because it now answers 503', () => {
    const end = story(receipt(), [
      ['resend', unknown],
      ['resend', unavailable],
    ])
    expect(end.next).toMatchObject({ kind: 'later', candidates: ['resend'] })
  })

  it('stops same-key tries after 23 hours', () => {
    const first = once(receipt({ providers: ['resend'], giveUpAt: NOW + 99 * HOUR }), 'resend', unknown)
    const old = receipt({ providers: ['resend'], plan: planOf(first.next), giveUpAt: NOW + 99 * HOUR })
    expect(once(old, 'resend', unknown, NOW + 23 * HOUR + 1).next).toMatchObject({ kind: 'end', status: 'unknown' })
  })

  it.each([
    ['sendgrid', 120_000],
    ['mailgun', 0],
  ])(
    'after a doubt at unkeyed %s waits for its report if one can come, tries once more, then ends unknown',
    (name, waitMs) => {
      const alone = receipt({ providers: [name] })
      expect(once(alone, name, unknown).next).toMatchObject({ kind: 'later', candidates: [name], dueAt: NOW + waitMs })
      const end = story(alone, [
        [name, unknown],
        [name, unavailable],
      ])
      expect(end).toMatchObject({ next: { kind: 'end', status: 'unknown' }, ambiguous: true })
    },
  )

  it('asks no third provider after two doubts without a key', () => {
    const end = story(receipt({ providers: ['sendgrid', 'mailgun', 'resend'] }), [
      ['sendgrid', unknown],
      ['mailgun', unknown],
    ])
    expect(end.next).toMatchObject({ kind: 'end', status: 'unknown' })
  })

  it('gives up after its day', () => {
    const old = receipt({ providers: ['mailgun'], giveUpAt: NOW + 5_000 })
    expect(once(old, 'mailgun', unavailable).next).toMatchObject({ kind: 'end', status: 'failed', release: true })
  })
})

it('notes each outcome for the breaker', () => {
  const notes = [accepted, rejected, throttled, misconfigured, unavailable, unknown, lost].map(
    (one) => once(row(), 'sendgrid', one).breaker,
  )
  expect(notes).toEqual(['good', 'good', 'none', 'held', 'bad', 'bad', 'none'])
})

describe('the table of moves', () => {
  it('has a move for every outcome, at a provider with and without keys, of every class', () => {
    const cells = OUTCOMES.flatMap((outcome) =>
      (['keyed', 'unkeyed'] as const).flatMap((known) => CLASSES.map((of) => MOVES[outcome][known][of])),
    )
    expect(cells).toHaveLength(OUTCOMES.length * 2 * CLASSES.length)
    expect(cells.every((move) => typeof move === 'string')).toBe(true)
  })

  it('lets no message but a code leave a provider that may hold it, and no refusal of the recipient go on', () => {
    for (const of of CLASSES) {
      expect(MOVES.unknown.keyed[of]).toBe(of === 'security' ? 'fall-back' : 'same-key')
      expect(MOVES.unknown.unkeyed[of]).toBe(of === 'security' ? 'fall-back' : 'one-more')
      for (const known of ['keyed', 'unkeyed'] as const) expect(MOVES.rejected[known][of]).toBe('end-failed')
    }
  })
})

describe('a failure of ours', () => {
  const kinds = ['rejected', 'unavailable', 'unknown'] as const

  it.each(OURS.flatMap((code) => kinds.map((kind) => [code, kind] as const)))(
    '%s, %s, says nothing of the provider',
    (code, kind) => {
      expect(once(row(), 'resend', { kind, code }).breaker).toBe('none')
    },
  )

  it('is on the list for every code that our own side makes', () => {
    const files = ['../../../lib/delivery', '../../../lib/providers'].flatMap((folder) =>
      readdirSync(join(import.meta.dirname, folder)).map((name) => join(import.meta.dirname, folder, name)),
    )
    const codes = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/kind: '(\w+)', code: '(\w+)'/g)])
    // What a provider or the way to it did, and the development inbox, which plays one.
    const theirs = ['timeout', 'connection_lost', 'unreadable_answer', 'rejected', 'rate_limit_exceeded']
    const own = new Set(
      codes.map(([, , code]) => code ?? '').filter((code) => !theirs.includes(code) && !/^http_/.test(code)),
    )
    expect(own.size).toBeGreaterThan(4)
    for (const code of own) expect(OURS, code).toContain(code)
  })
})

describe('what somebody waits for', () => {
  const awaited = (providers = ['resend', 'sendgrid']) => row({ class: 'transactional', providers, oneRound: true })

  it('is offered to every provider, and ends when all of them refused', () => {
    expect(once(awaited(), 'resend', unavailable).next).toMatchObject({ kind: 'again', candidates: ['sendgrid'] })
    const last = story(awaited(), [
      ['resend', unavailable],
      ['sendgrid', throttled],
    ])
    expect(last.next).toEqual({ kind: 'end', status: 'failed', release: true })
  })

  it('goes on as any other once a copy may have left', () => {
    expect(once(awaited(), 'resend', unknown).next).toMatchObject({ kind: 'later', candidates: ['resend'] })
    const refusedThen = story(awaited(['resend']), [
      ['resend', unknown],
      ['resend', misconfigured],
    ])
    expect(refusedThen).toMatchObject({ next: { kind: 'later' }, ambiguous: true })
  })
})
