// /v1/emails: a mail in one's own words, from a signed-in person or a backend that waits for it.
import * as z from 'zod'
import { type Sender, senderOf, serviceSender } from '../../lib/accounts/sender.ts'
import { utf8 } from '../../lib/bytes.ts'
import { mailProviders, sendUserMail, type UserMailSent } from '../../lib/delivery/user-mail.ts'
import { ok, type Result } from '../../lib/outcome/result.ts'
import { BREAKER_STATES } from '../../lib/rules/breaker.ts'
import { MESSAGE } from '../../lib/rules/message.ts'
import { USER_MAIL } from '../../lib/rules/user-mail.ts'
import { idempotencyOf, replayed } from '../http/idempotency.ts'
import { answer, type Context, type Read, type Route, route } from '../http/route.ts'
import { email, status, text, typed, wrong } from '../http/schemas.ts'
import { oneLine } from './send-body.ts'

const content = () =>
  text()
    .min(1)
    .refine((given) => utf8(given).length <= USER_MAIL.bodyBytesMax, {
      message: wrong('too_many_bytes'),
      params: { max: USER_MAIL.bodyBytesMax },
    })

export const emailBody = () =>
  z.object({
    to_email: email(),
    to_name: oneLine(MESSAGE.nameMax).optional(),
    subject: oneLine(MESSAGE.subjectMax).regex(/\S/, wrong('required')),
    html_content: content(),
    text_content: content().optional(),
    provider: typed().max(32).optional(),
    use_fallback: z.boolean().default(true),
  })

export const EMAIL_PROBLEMS = [
  'email_not_verified',
  'not_sent',
  'invalid_idempotency_key',
  'idempotency_mismatch',
  'too_many_sends',
  'too_many_requests',
] as const

/** Sent, or in doubt; both paths of it call this one. */
export async function sendEmail(
  context: Context,
  body: Read<typeof emailBody>,
): Promise<Result<UserMailSent & { taken: boolean; headers: Record<string, string> }>> {
  const { core } = context.deps
  const sender = await senderIn(context)
  if (!sender.ok) return sender
  const once = await idempotencyOf(context, '/v1/emails', body)
  if (!once.ok) return once
  const mail = {
    ...sender.value,
    to: { email: body.to_email, name: body.to_name?.trim() || null },
    subject: body.subject,
    html: body.html_content,
    text: body.text_content ?? null,
    provider: body.provider ?? null,
    useFallback: body.use_fallback,
    locale: context.locale,
  }
  const { bearer, background } = context
  const sent = await sendUserMail(core, mail, { caller: context.caller, bearer, once: once.value, background })
  if (!sent.ok) return sent
  const headers = replayed(sent.value.repeated)
  return ok({ ...sent.value, taken: sent.value.provider !== null, headers })
}

const senderIn = async (
  { accounts, bearer, deps }: Context,
  options: { guarded?: boolean } = {},
): Promise<Result<Sender>> => (bearer ? senderOf(accounts, bearer, options) : ok(serviceSender(deps.core)))

const told = <S extends boolean>(success: S) =>
  z.object({ success: z.literal(success), message_id: z.string(), status: status() })

const emailRoute = route({
  method: 'POST',
  path: '/v1/emails',
  who: ['user', 'service'],
  tag: 'messages',
  summary: 'Sends a mail in your own words, and waits for the first round of providers',
  body: emailBody,
  answers: {
    200: () => told(true).extend({ provider_used: z.string() }),
    /** Not known to be taken yet: its record tells later. */
    202: () => told(false).extend({ provider_used: z.null() }),
  },
  problems: EMAIL_PROBLEMS,
  handle: async function postEmail(context, { body }) {
    const sent = await sendEmail(context, body)
    if (!sent.ok) return sent
    const { id: message_id, status, provider, headers, usage } = sent.value
    if (provider === null) {
      return answer(202, { success: false, message_id, provider_used: null, status }, { headers, usage })
    }
    return answer(200, { success: true, message_id, provider_used: provider, status }, { headers, usage })
  },
})

const providersRoute = route({
  method: 'GET',
  path: '/v1/emails/providers',
  who: ['user', 'service'],
  tag: 'messages',
  summary: 'Who may be named as the provider of a mail, how each is, and whom the mail will be from',
  answers: {
    200: () =>
      z.object({
        providers: z.array(z.object({ name: z.string(), state: z.enum(BREAKER_STATES) })),
        from: z.object({ address: z.string(), name: z.string().nullable() }),
        reply_to: z.string().nullable(),
      }),
  },
  problems: ['email_not_verified'],
  handle: async function listProviders(context) {
    const sender = await senderIn(context, { guarded: true })
    if (!sender.ok) return sender
    const { from, replyTo } = sender.value
    const providers = await mailProviders(context.deps.core)
    return answer(200, { providers, from, reply_to: replyTo?.address ?? null })
  },
})

export const emailRoutes: readonly Route[] = [emailRoute, providersRoute]
