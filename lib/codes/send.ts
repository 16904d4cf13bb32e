// The rows and windows of one send of a challenge's code; opening and resending share them.

import type { Core } from '../core.ts'
import { type Payload, sealPayload } from '../delivery/payload.ts'
import type { Target } from '../delivery/targets.ts'
import type { Address } from '../names/address.ts'
import { homeOf } from '../names/homes.ts'
import { newId } from '../names/ids.ts'
import type { NewMessage } from '../ports/admission.ts'
import type { Take } from '../ports/limits.ts'
import type { Locale } from '../ports/renderer.ts'
import type { User } from '../ports/users.ts'
import { CHALLENGE, RECIPIENT_RULE, SEND_RULES, sendTimeoutMs } from '../rules/numbers.ts'
import type { Channel } from '../rules/status.ts'
import { MINUTE } from '../rules/units.ts'

/** What a challenge keeps sealed, so that a resend needs nothing from its caller. */
export interface ChallengeSecret {
  kid: string
  purpose: string
  template: string
  /** Page behind the link; null = no link. */
  page: string | null
  digits: number
  locale: Locale
  holds: Holds
  /** In the order they were asked for. */
  targets: Target[]
}

/** What the right code of a challenge is good for. */
export type Holds =
  /** Approval itself: a service asked. */
  | { kind: 'service' }
  | { kind: 'account'; leadsTo: LeadsTo }
  /** Nothing: no code of it is right, and nothing of it is mailed. */
  | { kind: 'decoy' }

/** The effect of an account's challenge, with all it needs: the person who types the code may not be signed in. */
export type LeadsTo =
  | { kind: 'verify'; userId: string }
  | { kind: 'reset'; userId: string }
  | {
      kind: 'change'
      userId: string
      from: string | null
      to: { email: Address } | { phone: string }
      /** The account's hash, and when it was asked for: a new password or the end of all sessions ends it too. */
      hash: string
      askedAt: number
    }
  /** The account itself, made when its address is proved. */
  | { kind: 'sign-up'; user: User }

export const CODE_TEMPLATE = 'verification-code'
export const RECOVERY_TEMPLATE = 'recovery-code'
const STRANGERS = new Set(['anonymous', 'change'])

export const codeLifeMs = (core: Core, channel: Channel): number =>
  core.policy.codeLifeMs ?? CHALLENGE.codeLifeMs(channel)

/** One row per target; with `staged`, each waits for the one before it. */
export async function codeRows(
  core: Core,
  challenge: { id: string; secret: ChallengeSecret; persons: string[]; opener: string; endsAt: number },
  targets: Target[],
  staged: boolean,
  now: number,
): Promise<{ messages: NewMessage[]; sends: Take[] }> {
  const messages: NewMessage[] = []
  const sends: Take[] = []
  const series = challenge.persons.map((person) => `send:${challenge.opener}:${person}`)
  // A place that comes back when a send is refused would tell strangers that there was something to send.
  const slotSeries = challenge.opener === 'anonymous' ? [] : series
  for (const [index, target] of targets.entries()) {
    const id = newId('msg', now, core.random, homeOf(challenge.id))
    const slot = messages[0]?.slot ?? id
    const expiresAt = Math.min(now + codeLifeMs(core, target.channel), challenge.endsAt)
    const recipient = await core.keys.hash('address', target.normal)
    if (index === 0) sends.push(...series.map((one) => ({ series: one, slot, rules: SEND_RULES })))
    const received = `recipient:${recipient}`
    // One place per series and call: WhatsApp and SMS go to the same phone. Who may be a stranger to the address has a
    // small budget anyway, and would be told by this one what else was sent there.
    const isExempt = STRANGERS.has(challenge.opener) || sends.some((one) => one.series === received)
    if (!isExempt) sends.push({ series: received, slot: id, rules: [RECIPIENT_RULE] })
    messages.push({
      id,
      challengeId: challenge.id,
      channel: target.channel,
      template: challenge.secret.template,
      class: 'security',
      priority: 'high',
      recipient,
      sealed: await sealPayload(core, id, payloadOf(core, challenge.id, challenge.secret, target, expiresAt - now)),
      providers: core.providers.filter((one) => one.channel === target.channel).map((one) => one.name),
      dueAt: staged ? now + index * CHALLENGE.stageAfterMs : now,
      expiresAt,
      startBy: expiresAt - sendTimeoutMs('security'),
      giveUpAt: expiresAt,
      after: staged ? messages.slice(-1).map((earlier) => earlier.id) : [],
      slot,
      slotSeries,
    })
  }
  return { messages, sends }
}

/** `lifeMs` is what the mail says, rounded down: near its end a challenge cuts its codes short. */
function payloadOf(core: Core, challengeId: string, secret: ChallengeSecret, target: Target, lifeMs: number): Payload {
  const { policy } = core
  const { kid, purpose, digits, locale, template } = secret
  return {
    to: { address: target.deliver, name: null },
    from: policy.from,
    replyTo: policy.replyTo,
    render: {
      template,
      version: core.renderer.versionOf(template),
      locale,
      brand: { appName: policy.appName },
      data: { purpose, minutes: Math.max(1, Math.floor(lifeMs / MINUTE)) },
    },
    code: { kid, challengeId, purpose, channel: target.channel, address: target.normal, digits, page: secret.page },
  }
}
