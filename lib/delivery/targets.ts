// Which addresses a code or a message goes to: the channels asked for, that are configured, and that there is an address for.

import type { Core } from '../core.ts'
import type { Address } from '../names/address.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { Channel } from '../rules/status.ts'

/** One way to reach somebody. */
export interface Target extends Address {
  channel: Channel
}

export interface Recipients {
  email?: Address | undefined
  /** E.164. */
  phone?: string | undefined
}

/** `channels` null = e-mail, or for a phone alone whatever reaches phones. Asking for a channel that cannot work is refused. */
export function targetsOf(core: Core, to: Recipients, channels: Channel[] | null): Result<Target[]> {
  const configured = new Set(core.providers.map((provider) => provider.channel))
  const wanted = channels ? [...new Set(channels)] : to.email ? (['email'] as const) : (['whatsapp', 'sms'] as const)
  const addressOf = (channel: Channel): Address | null => {
    if (channel === 'email') return to.email ?? null
    return to.phone ? { deliver: to.phone, normal: to.phone } : null
  }
  const usable = wanted.filter((channel) => configured.has(channel))
  const missing = wanted.filter((channel) => !configured.has(channel))
  if (usable.length === 0 || (channels && missing.length > 0)) {
    const path = channels ? 'channels' : 'to'
    return refuse({
      code: 'invalid_request',
      errors: [{ path, code: 'not_configured', params: { channels: missing } }],
    })
  }
  const targets = usable.flatMap((channel) => {
    const address = addressOf(channel)
    return address ? [{ channel, ...address }] : []
  })
  if (targets.length < usable.length) {
    return refuse({
      code: 'invalid_request',
      errors: [{ path: 'to', code: 'no_address' }],
    })
  }
  return ok(targets)
}

/** The same no, said of the field that the caller's body has for it. */
export const atField = (no: Extract<ReturnType<typeof targetsOf>, { ok: false }>, path: string) =>
  no.refusal.code === 'invalid_request'
    ? refuse({ code: 'invalid_request', errors: no.refusal.errors.map((error) => ({ ...error, path })) })
    : no
