// What a caller wants sent, from the wire to the use case.
import * as z from 'zod'
import { fromBase64 } from '../../lib/bytes.ts'
import type { SendRequest } from '../../lib/delivery/message-rows.ts'
import { parseEmail } from '../../lib/names/address.ts'
import type { FieldError } from '../../lib/outcome/field-error.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { MESSAGE } from '../../lib/rules/message.ts'
import { CLASSES } from '../../lib/rules/status.ts'
import type { Data } from '../../lib/templates/template.ts'
import { templateOf } from '../../lib/templates/templates.ts'
import type { Context, Read } from '../http/route.ts'
import { channel, email, locale, pasted, phone, priority, text, typed, wrong } from '../http/schemas.ts'
import { readData, readTemplate } from './template-data.ts'

/** Nothing that could end a header. */
export const oneLine = (max: number) =>
  text()
    .max(max)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, wrong('control_characters'))

/** RFC 3339 with a zone, as epoch ms. */
export const moment = () =>
  z.iso.datetime({ offset: true, error: wrong('not_instant') }).transform((told) => Date.parse(told))

const DURATION = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$/
/** ISO 8601 of days and less, as ms. */
const duration = () =>
  text()
    .regex(DURATION, wrong('not_duration'))
    .refine((told) => /\d/.test(told), wrong('not_duration'))
    .transform((told) => {
      const [days = 0, hours = 0, minutes = 0, seconds = 0] = (DURATION.exec(told) ?? [])
        .slice(1)
        .map((n) => Number(n ?? 0))
      return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000
    })

const address = () =>
  z
    .object({
      email: email().optional(),
      phone: phone().optional(),
      user_id: pasted().max(64).optional(),
      name: oneLine(MESSAGE.nameMax).optional(),
      /** It came as a plain address. */
      plain: z.boolean().optional(),
    })
    .refine((to) => to.email !== undefined || to.phone !== undefined || to.user_id !== undefined, {
      message: wrong('required'),
      params: { one_of: ['email', 'phone', 'user_id'] },
    })

/** An object, or a plain address as the cinema system has it. */
const recipient = () =>
  z.preprocess((to, context) => {
    const isNone = typeof to === 'string' && !parseEmail(to)
    const code = Array.isArray(to) ? 'use_batch' : isNone ? 'not_email' : null
    if (code) context.addIssue({ code: 'custom', message: wrong(code), input: to })
    return typeof to === 'string' ? { email: to, plain: true } : to
  }, address())

const attachment = () =>
  z.object({
    filename: oneLine(MESSAGE.filenameMax).min(1),
    content_type: text().regex(/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/, wrong('not_media_type')),
    content: text(),
    content_id: oneLine(MESSAGE.filenameMax).min(1).optional(),
  })

const attachments = () =>
  z
    .array(attachment())
    .max(MESSAGE.attachmentsMax)
    .superRefine((all, context) => {
      const sizes = all.map(({ content }) => fromBase64(content)?.length ?? null)
      for (const [at, size] of sizes.entries()) {
        if (size === null) context.addIssue({ code: 'custom', message: wrong('not_base64'), path: [at, 'content'] })
      }
      // What cannot be read has no size: that is said first.
      const known = sizes.filter((size) => size !== null)
      if (known.length < sizes.length) return
      if (known.reduce((sum, size) => sum + size, 0) > MESSAGE.attachmentBytesMax) {
        const params = { max: MESSAGE.attachmentBytesMax }
        context.addIssue({ code: 'custom', message: wrong('too_many_bytes'), params })
      }
    })

const metadata = () =>
  z
    .record(text().regex(/^[a-z0-9_]{1,40}$/), text().max(MESSAGE.metadataValueMax))
    .refine((given) => Object.keys(given).length <= MESSAGE.metadataMax, {
      message: wrong('too_many'),
      params: { max: MESSAGE.metadataMax },
    })

export const reference = () => typed().min(1).max(MESSAGE.referenceMax)

/** One message, of its own or within a batch. */
export const sendBody = () =>
  z.object({
    template: text().min(1).max(64),
    to: recipient(),
    data: z.record(z.string(), z.unknown()).default({}),
    subject: oneLine(MESSAGE.subjectMax).min(1).optional(),
    locale: locale().optional(),
    channels: z.array(channel()).min(1).max(4).optional(),
    mode: z.enum(['each', 'first']).default('each'),
    priority: priority().optional(),
    class: z.enum(CLASSES.filter((one) => one !== 'security')).optional(),
    send_at: moment().optional(),
    lead: duration().optional(),
    expires_at: moment().optional(),
    provider: typed().max(32).optional(),
    use_fallback: z.boolean().default(true),
    attachments: attachments().default([]),
    reference: reference().optional(),
    metadata: metadata().optional(),
    cancels: z.boolean().default(true),
    /** Of the cinema system's own messages; it says nothing here. */
    timestamp: z.unknown().optional(),
  })

export type SendBody = Read<typeof sendBody>

/** The cinema system's own message is known by a plain address with its own name of a template, or a timestamp. */
const isOlder = (given: { to?: unknown; timestamp?: unknown; template?: unknown }): boolean =>
  (typeof given.to === 'string' || (given.to as { plain?: boolean } | undefined)?.plain === true) &&
  (given.timestamp !== undefined || templateOf(String(given.template))?.name !== given.template)

/** What is wrong with the data, said beside what is wrong with the rest. */
export function dataObjections(given: Record<string, unknown>): FieldError[] {
  if (typeof given.template !== 'string') return []
  const template = readTemplate(given.template)
  const data =
    template.ok && isFields(given.data ?? {})
      ? readData(template.value, (given.data ?? {}) as Data, { strict: !isOlder(given) })
      : template
  return !data.ok && data.refusal.code === 'invalid_request' ? data.refusal.errors : []
}

const isFields = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

export async function requestOf(context: Context, body: SendBody): Promise<Result<SendRequest>> {
  const template = readTemplate(body.template)
  if (!template.ok) return template
  const data = readData(template.value, body.data, { strict: !isOlder(body) })
  if (!data.ok) return data
  const to = await recipientOf(context, body)
  if (!to.ok) return to
  return ok({
    template: template.value,
    data: data.value,
    to: to.value.to,
    locale: body.locale ?? to.value.locale ?? context.deps.core.policy.locale,
    subject: body.subject ?? null,
    channels: body.channels ?? null,
    mode: body.mode,
    priority: body.priority ?? null,
    class: body.class ?? null,
    sendAt: body.send_at ?? null,
    leadMs: body.lead ?? null,
    expiresAt: body.expires_at ?? null,
    provider: body.provider ?? null,
    useFallback: body.use_fallback,
    attachments: body.attachments.map(({ filename, content_type, content, content_id }) => ({
      // On the wire the two are one: Mailgun knows no other id.
      filename: content_id ?? filename,
      contentType: content_type,
      content,
      contentId: content_id ?? null,
    })),
    reference: body.reference ?? null,
    metadata: body.metadata ?? null,
    cancels: body.cancels,
    owner: to.value.owner,
    from: null,
    replyTo: null,
  })
}

/** An account is written to at its own address, in its own language; its phone only once it is verified. */
async function recipientOf({ accounts }: Context, { to }: SendBody) {
  const { email, phone, user_id, name = null } = to
  if (user_id === undefined) return ok({ to: { email, phone, name }, locale: null, owner: null })
  const user = await accounts.users.byId(user_id)
  if (!user) return refuse({ code: 'invalid_request', errors: [{ path: 'to.user_id', code: 'no_user' }] })
  const own = {
    email: parseEmail(user.email.deliver) ?? user.email,
    phone: (user.phoneVerified && user.phone) || undefined,
  }
  return ok({ to: { email: email ?? own.email, phone: phone ?? own.phone, name }, locale: user.locale, owner: user.id })
}
