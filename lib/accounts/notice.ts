// Mails that tell something and carry no code.

import type { Core } from '../core.ts'
import { accept } from '../delivery/accept.ts'
import { sealPayload } from '../delivery/payload.ts'
import type { Address } from '../names/address.ts'
import type { NewMessage } from '../ports/admission.ts'
import type { Locale } from '../ports/renderer.ts'
import { GIVE_UP_MS } from '../rules/numbers.ts'
import type { Accounts } from './accounts.ts'

export interface Notice {
  /** Of the message: the same one for a repeat of what it tells. */
  id: string
  template: string
  to: Address
  locale: Locale
  data: Record<string, unknown>
}

/** Sent at once, retried like every transactional mail. */
export async function noticeRow(core: Core, { id, template, to, locale, data }: Notice): Promise<NewMessage> {
  const now = core.now()
  const { policy } = core
  return {
    id,
    challengeId: null,
    channel: 'email',
    template,
    class: 'transactional',
    priority: 'medium',
    recipient: await core.keys.hash('address', to.normal),
    sealed: await sealPayload(core, id, {
      to: { address: to.deliver, name: null },
      from: policy.from,
      replyTo: policy.replyTo,
      render: {
        template,
        version: core.renderer.versionOf(template),
        locale,
        brand: { appName: policy.appName },
        data,
      },
      code: null,
    }),
    providers: core.providers.filter((one) => one.channel === 'email').map((one) => one.name),
    dueAt: now,
    expiresAt: null,
    startBy: null,
    giveUpAt: now + GIVE_UP_MS.medium,
    after: [],
    slot: id,
    slotSeries: [],
  }
}

/** One notice per challenge: its effect may be repeated, its mail is not. */
export const noticeIdOf = (challengeId: string): string => challengeId.replace(/^ch_/, 'msg_')

/** No window is asked: whoever owns an account is told of what happens to it, however much mail they have had. */
export async function sendNotice({ core, background }: Accounts, notice: Notice): Promise<void> {
  const messages = [await noticeRow(core, notice)]
  const group = { idempotency: null, takes: [], sends: [], challenge: null, messages, now: core.now() }
  const { first } = await accept(core, group)
  background(first)
}
