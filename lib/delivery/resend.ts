// A new message from one whose words are still kept: to the same person, or to an address that was corrected.
import type { Core } from '../core.ts'
import { type Address, parseEmail } from '../names/address.ts'
import { isId, newId } from '../names/ids.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Brief } from '../ports/row.ts'
import { GIVE_UP_MS, RECIPIENT_RULE, sendTimeoutMs } from '../rules/numbers.ts'
import { sendable } from '../templates/templates.ts'
import { accept } from './accept.ts'
import type { Attempted } from './attempt.ts'
import { limitRefusal } from './caller.ts'
import { factsOf, sealFacts } from './facts.ts'
import { masked } from './masked.ts'
import { openMessage, sealMessage } from './payload.ts'

/** Not for codes: those are asked for again by who may. */
export async function resendMessage(
  core: Core,
  id: string,
  to: Address | null,
): Promise<Result<{ message: Brief; first: Promise<Attempted[]> }>> {
  const now = core.now()
  const old = isId('msg', id) ? await core.store.outbox.find(id) : null
  if (!old) return refuse({ code: 'not_found' })
  const payload = old.sealed === null ? null : await openMessage(core, old.id, old.sealed)
  if (!payload) return refuse({ code: 'payload_gone' })
  if (payload.code) return refuse({ code: 'template_not_sendable', templates: sendable() })
  if (old.expiresAt !== null && old.expiresAt <= now) return refuse({ code: 'already_over' })
  const own = newId('msg', now, core.random, core.store.home)
  const address = to?.deliver ?? payload.to.address
  const recipient = await core.keys.hash('address', parseEmail(address)?.normal ?? address)
  const giveUpAt = now + GIVE_UP_MS[old.priority]
  const series = `recipient:${recipient}`
  const message = {
    ...{ id: own, challengeId: null, channel: old.channel, template: old.template, class: old.class },
    ...{ priority: old.priority, recipient, owner: old.owner, dueAt: now, expiresAt: old.expiresAt },
    sealed: await sealMessage(core, own, { ...payload, to: { ...payload.to, address } }),
    facts: await sealFacts(core, own, { ...(await factsOf(core, old)), toMasked: masked(address) }),
    providers: core.providers.filter((one) => one.channel === old.channel).map((one) => one.name),
    startBy: old.expiresAt === null ? null : old.expiresAt - sendTimeoutMs(old.class),
    giveUpAt: Math.min(giveUpAt, old.expiresAt ?? giveUpAt),
    ...{ after: [], slot: own, slotSeries: [series] },
  }
  const sends = [{ series, slot: own, rules: [RECIPIENT_RULE] }]
  const { admitted, first } = await accept(core, {
    ...{ idempotency: null, takes: [], sends, challenge: null, messages: [message], now },
  })
  if (admitted.kind === 'limited') return refuse(limitRefusal(admitted, now), admitted.usage)
  if (admitted.kind !== 'admitted') throw new Error(`resendMessage: ${admitted.kind}`)
  const status = admitted.claimed.length > 0 ? 'sending' : 'queued'
  return ok({ message: { id: own, channel: old.channel, status, dueAt: now }, first })
}
