// One claimed row, from provider to provider, until it has ended or is queued again.

import { type Core, fraction } from '../core.ts'
import { errorFields } from '../log.ts'
import { Fault } from '../outcome/fault.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Alert, Settled, Settlement } from '../ports/outbox.ts'
import type { Outgoing, Provider } from '../ports/provider.ts'
import type { Claimed, Waiting } from '../ports/row.ts'
import { LEASE_MARGIN_MS, NOT_CONFIGURED_WAIT_MS, SETTLE_AGAIN_MS, sendTimeoutMs } from '../rules/numbers.ts'
import type { Status } from '../rules/status.ts'
import { userMail } from '../templates/user-mail.ts'
import { decide, LEASE_LOST } from './decide.ts'
import { compose, isForeign, openPayload } from './payload.ts'

export interface Attempted {
  id: string
  status: Status
  /** Code of the last refusal; null when it was accepted or nothing was tried. */
  code: string | null
  /** Calls of providers, this time. */
  tries: number
  /** Wakes that are now due: the row's own next round, and later stages it released. */
  wakes: Waiting[]
  alerts: Alert[]
}

export async function attempt(core: Core, claimed: Claimed): Promise<Attempted> {
  const end: Attempted = { id: claimed.id, status: 'sending', code: null, tries: 0, wakes: [], alerts: [] }
  let row = claimed
  for (;;) {
    const startedAt = core.now()
    const instead = await insteadOf(core, row)
    if (instead) {
      const settled = await settleForSure(core, row, instead)
      return settled.kind === 'ended' ? { ...end, status: settled.status, wakes: settled.released } : end
    }
    const outcome = await tryOnce(core, row)
    const settledAt = core.now()
    const settled = await settleForSure(core, row, settlementOf(core, row, outcome, startedAt, settledAt))
    if (outcome) {
      end.tries++
      end.code = 'code' in outcome ? outcome.code : null
      core.log(outcome.kind === 'accepted' ? 'info' : 'warn', 'attempt', {
        message_id: row.id,
        provider: row.intent,
        attempt: row.attempt + 1,
        outcome: outcome.kind,
        code: end.code,
        duration_ms: settledAt - startedAt,
      })
    }
    if (settled.kind === 'lost') {
      if (outcome?.kind === 'accepted') await reportTaken(core, row, settledAt)
      return end
    }
    end.wakes.push(...settled.released)
    if (settled.alert) end.alerts.push(settled.alert)
    if (settled.kind === 'ended') return { ...end, status: settled.status }
    if (settled.kind === 'queued') {
      end.wakes.push({ id: row.id, generation: settled.generation, dueAt: settled.dueAt })
      return { ...end, status: 'queued' }
    }
    row = { ...next(row, outcome), intent: settled.intent, plan: settled.plan, leaseUntil: settled.leaseUntil }
  }
}

const next = (row: Claimed, outcome: SendOutcome | null): Claimed => ({
  ...row,
  lost: false,
  attempt: row.attempt + (outcome ? 1 : 0),
  // A settlement that follows without a call must not take the doubt of this one back.
  ambiguous: row.ambiguous || outcome?.kind === 'unknown',
})

/**
 * The end that a setting gives a message in the place of a call. A shadowed one is rendered first, so that what would fail
 * here fails as it would have. null = it is to be sent.
 */
async function insteadOf(core: Core, row: Claimed): Promise<Settlement | null> {
  const { instead } = core.policy
  const provider = core.providers.find((one) => one.name === row.intent)
  if (instead === null || row.lost) return null
  if (instead === 'shadowed' && (!provider || 'kind' in (await prepare(core, row, provider)))) return null
  return {
    ...{ id: row.id, token: row.token, attempt: row.attempt, record: null, breaker: 'none' },
    next: { kind: 'end', status: instead, release: true },
    ...{ ambiguous: row.ambiguous, now: core.now() },
  }
}

/** null = nobody was asked: its provider is not configured any more, the lease too short, or the row may not start now. */
async function tryOnce(core: Core, row: Claimed): Promise<SendOutcome | null> {
  if (row.lost) return { kind: 'unknown', code: LEASE_LOST }
  const provider = core.providers.find((one) => one.name === row.intent)
  if (!provider) return null
  const outgoing = await prepare(core, row, provider)
  if ('kind' in outgoing) return outgoing
  const timeoutMs = sendTimeoutMs(row.class)
  const now = core.now()
  // Leases are counted from the instant the claim was sent, so the two clocks are one.
  if (now > row.leaseUntil - timeoutMs - LEASE_MARGIN_MS) return null
  if (row.startBy !== null && now > row.startBy) return null
  try {
    return await provider.send(outgoing, timeoutMs)
  } catch (error) {
    // Against its contract; whether bytes left is anybody's guess.
    core.log('error', 'send_failed', { message_id: row.id, provider: provider.name, ...errorFields(error) })
    return { kind: 'unknown', code: 'send_failed' }
  }
}

async function prepare(core: Core, row: Claimed, provider: Provider): Promise<Outgoing | SendOutcome> {
  const payload = await openPayload(core, row.id, row.sealed)
  // While secrets change, isolates of two releases work side by side: the row is the other one's, later.
  if (!payload && isForeign(core, row.sealed)) return { kind: 'unavailable', code: 'secret_not_held' }
  if (!payload) return { kind: 'rejected', code: 'payload_unreadable' }
  try {
    return await compose(core, row, provider.name, payload)
  } catch (error) {
    core.log('error', 'render_failed', { message_id: row.id, ...errorFields(error) })
    return { kind: 'unavailable', code: 'render_failed' }
  }
}

function settlementOf(
  core: Core,
  row: Claimed,
  outcome: SendOutcome | null,
  startedAt: number,
  now: number,
): Settlement {
  const common = { id: row.id, token: row.token, attempt: row.attempt, now }
  const providers = usable(core, row)
  if (!outcome) {
    const isKnown = core.providers.some((one) => one.name === row.intent)
    const candidates = isKnown ? row.providers : providers
    const dueAt = candidates.length > 0 ? now : now + NOT_CONFIGURED_WAIT_MS
    if (!isKnown) core.log('warn', 'provider_not_configured', { message_id: row.id, provider: row.intent })
    const later = { candidates: candidates.length > 0 ? candidates : row.providers, dueAt, plan: row.plan }
    const next = { kind: 'later', release: false, ...later } as const
    return { ...common, record: null, breaker: 'none', next, ambiguous: row.ambiguous }
  }
  const facts = (name: string) => core.providers.find((one) => one.name === name) ?? { keyed: false, reports: false }
  const clock = { startedAt, now, fraction: fraction(core.random) }
  return {
    ...common,
    ...decide(
      { ...row, providers: providers.length > 0 ? providers : row.providers, oneRound: isAwaited(row) },
      row.intent,
      outcome,
      facts,
      clock,
    ),
    record: {
      provider: row.intent,
      at: startedAt,
      outcome: outcome.kind,
      code: 'code' in outcome ? outcome.code : null,
      durationMs: now - startedAt,
      providerId: outcome.kind === 'accepted' ? outcome.providerId : null,
    },
  }
}

/** A person's mail, while that person waits: an operator who replays it does not. */
const isAwaited = ({ template, replays }: Claimed): boolean => template === userMail.name && replays === 0

/** The row's providers as it names them. Where one is not configured any more, those that are take its place. */
function usable(core: Core, row: Claimed): string[] {
  const configured = core.providers.filter((one) => one.channel === row.channel).map((one) => one.name)
  const known = row.providers.filter((name) => configured.includes(name))
  if (known.length === row.providers.length) return known
  return [...known, ...configured.filter((name) => !known.includes(name))]
}

/**
 * A store that misses requests after the provider took the message must not cost a second copy: the same settlement is
 * asked again, longer and longer apart, for as long as the lease is ours. A repeat is told what the first one was.
 */
async function settleForSure(core: Core, row: Claimed, settlement: Settlement): Promise<Settled> {
  for (let waitMs = SETTLE_AGAIN_MS.first; ; waitMs = Math.min(2 * waitMs, SETTLE_AGAIN_MS.longest)) {
    try {
      return await core.store.outbox.settle(settlement)
    } catch (error) {
      if (!(error instanceof Fault) || core.now() + waitMs >= row.leaseUntil) throw error
      core.log('warn', 'settle_again', { message_id: row.id, ...errorFields(error) })
      await core.sleep(waitMs)
    }
  }
}

/** Our lease was over when the provider said yes: another worker has the row, but the truth is ours to tell. */
async function reportTaken(core: Core, row: Claimed, now: number): Promise<void> {
  await core.store.outbox.report({
    messageId: row.id,
    provider: row.intent,
    type: 'sent',
    at: now,
    eventId: `late:${row.token}:${row.attempt}`,
    now,
  })
}
