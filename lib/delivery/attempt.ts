// One claimed row, from provider to provider, until it has ended or is queued again.

import { type Core, fraction } from '../core.ts'
import { errorFields } from '../log.ts'
import type { SendOutcome } from '../ports/message.ts'
import type { Alert, Claimed, Settled, Waiting } from '../ports/outbox.ts'
import type { Outgoing, Provider } from '../ports/provider.ts'
import { LEASE_MARGIN_MS, sendTimeoutMs } from '../rules/numbers.ts'
import type { Status } from '../rules/status.ts'
import { decide, LEASE_LOST } from './decide.ts'
import { compose, openPayload } from './payload.ts'

export interface Attempted {
  id: string
  status: Status
  /** Code of the last refusal; null when it was accepted or nothing was tried. */
  code: string | null
  /** Wakes that are now due: the row's own next round, and later stages it released. */
  wakes: Waiting[]
  alerts: Alert[]
}

export async function attempt(core: Core, claimed: Claimed): Promise<Attempted> {
  const end: Attempted = { id: claimed.id, status: 'sending', code: null, wakes: [], alerts: [] }
  let row = claimed
  for (;;) {
    const startedAt = core.now()
    const outcome = await tryOnce(core, row)
    const settledAt = core.now()
    const settled = await settleOnce(core, row, outcome, startedAt, settledAt)
    if (outcome) {
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

/** null = nothing left this machine: the lease was too short, or the row may not start any more. */
async function tryOnce(core: Core, row: Claimed): Promise<SendOutcome | null> {
  if (row.lost) return { kind: 'unknown', code: LEASE_LOST }
  const provider = core.providers.find((one) => one.name === row.intent)
  if (!provider) return { kind: 'misconfigured', code: 'provider_not_configured' }
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
  if (!payload) return { kind: 'rejected', code: 'payload_unreadable' }
  try {
    return await compose(core, row, provider.name, payload)
  } catch (error) {
    core.log('error', 'render_failed', { message_id: row.id, ...errorFields(error) })
    return { kind: 'unavailable', code: 'render_failed' }
  }
}

async function settleOnce(
  core: Core,
  row: Claimed,
  outcome: SendOutcome | null,
  startedAt: number,
  now: number,
): Promise<Settled> {
  const common = { id: row.id, token: row.token, attempt: row.attempt, now }
  if (!outcome) {
    const later = { kind: 'later', candidates: row.providers, dueAt: now, plan: row.plan, release: false } as const
    return core.store.outbox.settle({ ...common, record: null, breaker: 'none', next: later, ambiguous: row.ambiguous })
  }
  const facts = (name: string) => core.providers.find((one) => one.name === name) ?? { keyed: false, reports: false }
  const clock = { startedAt, now, fraction: fraction(core.random) }
  return core.store.outbox.settle({
    ...common,
    ...decide(row, row.intent, outcome, facts, clock),
    record: {
      provider: row.intent,
      at: startedAt,
      outcome: outcome.kind,
      code: 'code' in outcome ? outcome.code : null,
      durationMs: now - startedAt,
      providerId: outcome.kind === 'accepted' ? outcome.providerId : null,
    },
  })
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
