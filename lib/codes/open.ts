// Opens a challenge: derives its codes, admits challenge and messages in one step, starts the first attempt.

import type { Core } from '../core.ts'
import { accept } from '../delivery/accept.ts'
import type { Attempted } from '../delivery/attempt.ts'
import { type Caller, callerTakes, limitRefusal } from '../delivery/caller.ts'
import type { Target } from '../delivery/targets.ts'
import { newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { NewMessage } from '../ports/admission.ts'
import type { AuditEntry } from '../ports/audit.ts'
import type { Audience, Effect } from '../ports/challenges.ts'
import type { Take } from '../ports/limits.ts'
import type { Locale } from '../ports/renderer.ts'
import type { Bearer, NewSession } from '../ports/sessions.ts'
import { CHALLENGE, IP_RULES } from '../rules/numbers.ts'
import type { Channel, Status } from '../rules/status.ts'
import type { Usage } from '../rules/windows.ts'
import { codeMac, deriveCode } from '../secrets/code.ts'
import { type ChallengeSecret, CODE_TEMPLATE, codeLifeMs, codeRows, type Holds, type LeadsTo } from './send.ts'
import { viewChallenge } from './view.ts'

export interface OpenRequest {
  targets: Target[]
  /** Every address it is for, and whatever else names who asks: budgets are kept for each. */
  addresses: string[]
  purpose: string
  mode: 'each' | 'first'
  locale: Locale
  audience: Audience
  opener: 'owner' | 'service' | 'anonymous' | 'change'
  /** Charged for a send; null = charged for something else already. */
  caller: Caller | null
  idempotency: { key: string; fingerprint: string } | null
  account?: AccountChallenge
}

/** What a challenge of an account route has besides. */
export interface AccountChallenge {
  template: string
  page: string | null
  mails: Mails
  effect: Effect
  /** The user that codes without a challenge id belong to, and whose sessions a reset ends; null = none. */
  subject: string | null
  takes?: Take[]
  session?: NewSession
  bearer?: Bearer
  audit?: AuditEntry
}

/** What an account's challenge puts into the mail. All of them do the same work, under the same counters and limits. */
export type Mails =
  | { kind: 'code'; leadsTo: LeadsTo }
  /** A message in the place of the code, under its budgets: there is nothing to prove. */
  | { kind: 'notice'; row: NewMessage }
  /** Nothing. Not `charged`: in the place of a send that the budgets refused. */
  | { kind: 'decoy'; charged: boolean }

/** A challenge as its opener is told of it. */
export interface ChallengeSends {
  challengeId: string
  expiresAt: number
  resendAt: number
  deliveries: { channel: Channel; messageId: string; status: Status }[]
  usage: Usage[]
  /** Told from the present state of what an earlier request with the same key created. */
  repeated: boolean
  /** The first attempt; it goes on whether or not anybody waits for it. */
  first: Promise<Attempted[]>
}

export async function openChallenge(core: Core, request: OpenRequest): Promise<Result<ChallengeSends>> {
  const now = core.now()
  const id = newId('ch', now, core.random, core.store.home)
  const { purpose, locale, targets, account } = request
  const secret: ChallengeSecret = {
    kid: core.keys.kid,
    purpose,
    template: account?.template ?? CODE_TEMPLATE,
    page: account ? account.page : core.policy.appUrl,
    digits: core.policy.codeDigits,
    locale,
    holds: holdsOf(account),
    targets,
  }
  const persons = await Promise.all(request.addresses.map((address) => core.keys.hash('address', address)))
  const endsAt = now + CHALLENGE.lifeMs
  const codeExpiresAt = now + Math.max(...targets.map((target) => codeLifeMs(core, target.channel)))
  const challenge = { id, secret, persons, opener: request.opener, endsAt }
  const { messages: rows, sends } = await codeRows(core, challenge, targets, request.mode === 'first', now)
  const macs = await macsOf(core, id, secret)
  // Made for a decoy too, and thrown away: its work must not be seen in its time.
  const isDecoy = secret.holds.kind === 'decoy'
  const messages = account ? mailed(account.mails, rows) : rows
  const { admitted, first } = await accept(core, {
    idempotency: request.idempotency,
    takes: [
      ...(request.caller ? await callerTakes(core, request.caller, id, IP_RULES.sends) : []),
      ...(account?.takes ?? []),
    ],
    sends: account?.mails.kind === 'decoy' && !account.mails.charged ? [] : sends,
    challenge: {
      open: {
        id,
        purpose,
        audience: request.audience,
        opener: request.opener,
        persons,
        subject: account?.subject ?? null,
        effect: account?.effect ?? null,
        sealed: await core.keys.seal(id, JSON.stringify(secret)),
        macs: isDecoy ? {} : macs,
        codeExpiresAt,
        endsAt,
        resendAt: now + CHALLENGE.resendGapMs,
        createdAt: now,
      },
    },
    messages,
    session: account?.session ?? null,
    bearer: account?.bearer ?? null,
    audit: account?.audit ?? null,
    now,
  })
  if (admitted.kind === 'limited') return refuse(limitRefusal(admitted, now), admitted.usage)
  if (admitted.kind === 'mismatch') return refuse({ code: 'idempotency_mismatch' })
  if (admitted.kind === 'repeated') return repeated(core, admitted.challengeId ?? '', request.audience)
  if (admitted.kind === 'revoked') return refuse({ code: 'unauthorized' })
  if (admitted.kind !== 'admitted') throw new Error(`openChallenge: ${admitted.kind}`)
  const claimed = new Set(admitted.claimed.map((row) => row.id))
  return ok({
    challengeId: id,
    expiresAt: codeExpiresAt,
    resendAt: now + CHALLENGE.resendGapMs,
    deliveries: messages.map((message) => ({
      channel: message.channel,
      messageId: message.id,
      status: claimed.has(message.id) ? 'sending' : 'queued',
    })),
    usage: admitted.usage,
    repeated: false,
    first,
  })
}

function holdsOf(account: AccountChallenge | undefined): Holds {
  if (!account) return { kind: 'service' }
  return account.mails.kind === 'code' ? { kind: 'account', leadsTo: account.mails.leadsTo } : { kind: 'decoy' }
}

/** The notice takes the place of the code in every window. */
function mailed(mails: Mails, rows: NewMessage[]): NewMessage[] {
  if (mails.kind === 'code') return rows
  const [code] = rows
  return mails.kind === 'notice' && code ? [{ ...mails.row, slot: code.slot, slotSeries: code.slotSeries }] : []
}

async function macsOf(core: Core, challengeId: string, secret: ChallengeSecret) {
  const macs: Partial<Record<Channel, string>> = {}
  for (const { channel, normal } of secret.targets) {
    const code = await deriveCode(core.keys, { ...secret, challengeId, channel, address: normal })
    macs[channel] = await codeMac(core.keys, challengeId, code, secret.kid)
  }
  return macs
}

async function repeated(core: Core, challengeId: string, audience: Audience): Promise<Result<ChallengeSends>> {
  const view = await viewChallenge(core, challengeId, audience)
  if (!view.ok) return view
  const { codeExpiresAt, resendAt, deliveries } = view.value
  return ok({
    challengeId,
    expiresAt: codeExpiresAt,
    resendAt,
    deliveries,
    usage: [],
    repeated: true,
    first: Promise.resolve([]),
  })
}
