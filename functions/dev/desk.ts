// Development only: the inbox as JSON, and faults on demand.
// What came, and again only once something changed: curl -i localhost:8787/dev/inbox.json, then -H 'If-None-Match: …' -H 'Prefer: wait=20'
import * as z from 'zod'
import { refuse } from '../../lib/outcome/result.ts'
import { FAULT_MODES } from '../../lib/ports/fault-modes.ts'
import type { Mailbox } from '../../lib/ports/provider.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, instant } from '../http/schemas.ts'

const written = ({ address, name }: Mailbox): string => (name ? `${name} <${address}>` : address)

const INBOX_LIMIT = 100
const WAIT_MAX_MS = 20_000
/** How often the inbox is looked at while somebody waits for it to change. */
const LOOK_MS = 400

const inboxJsonRoute = route({
  method: 'GET',
  path: '/dev/inbox.json',
  who: ['public'],
  tag: 'development',
  summary: 'Mails the development inbox took, newest first',
  development: true,
  query: () => z.object({ to: z.string().max(320).optional() }),
  answers: {
    200: () =>
      z.object({
        messages: z.array(
          z.object({
            id: z.string(),
            to: z.string(),
            from: z.string(),
            reply_to: z.string().nullable(),
            subject: z.string(),
            html: z.string(),
            text: z.string(),
            headers: z.record(z.string(), z.string()),
            attachments: z.array(
              z.object({
                filename: z.string(),
                content_type: z.string(),
                content: z.string(),
                content_id: z.string().nullable(),
              }),
            ),
            channel: z.literal('email'),
            provider: z.string(),
            at: instant(),
          }),
        ),
      }),
    304: null,
  },
  problems: [],
  handle: async function listInbox({ deps: { desk, core, sleep }, request }, { query }) {
    const list = async (limit: number) => (await desk?.list(query.to ?? null, limit)) ?? []
    const seen = request.headers.get('If-None-Match')
    const until = core.now() + waitMs(request)
    while (seen !== null && seen === tagOf(await list(1))) {
      if (core.now() >= until) return answer(304, undefined, { headers: { ETag: seen } })
      await sleep(LOOK_MS)
    }
    const mails = await list(INBOX_LIMIT)
    const messages = mails.map(({ id, provider, mail, at: takenAt }) => ({
      id,
      to: mail.to.address,
      from: written(mail.from),
      reply_to: mail.replyTo ? written(mail.replyTo) : null,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      headers: mail.headers,
      attachments: mail.attachments.map((one) => ({
        filename: one.filename,
        content_type: one.contentType,
        content: one.content,
        content_id: one.contentId,
      })),
      channel: 'email' as const,
      provider,
      at: at(takenAt),
    }))
    return answer(200, { messages }, { headers: { ETag: tagOf(mails) } })
  },
})

/** Mails only come on top or go all at once, so the newest one tells whether anything changed. */
function tagOf([newest]: { id: string; provider: string; at: number }[]): string {
  return newest ? `"${newest.id}.${newest.provider}.${newest.at}"` : '"empty"'
}

/** `Prefer: wait=20` (RFC 7240). */
function waitMs(request: Request): number {
  const [, wait] = /^wait=(\d{1,3})$/.exec(request.headers.get('Prefer') ?? '') ?? []
  return Math.min(Number(wait ?? 0) * 1_000, WAIT_MAX_MS)
}

const clearInboxRoute = route({
  method: 'DELETE',
  path: '/dev/inbox.json',
  who: ['public'],
  tag: 'development',
  summary: 'Empties the development inbox',
  development: true,
  answers: { 204: null },
  problems: [],
  handle: async function clearInbox({ deps }) {
    await deps.desk?.clear()
    return answer(204)
  },
})

const faults = () =>
  z.object({
    faults: z.array(z.object({ provider: z.string(), mode: z.enum(FAULT_MODES), times: z.number().nullable() })),
  })

const faultsRoute = route({
  method: 'GET',
  path: '/dev/faults',
  who: ['public'],
  tag: 'development',
  summary: 'Faults at work; times is what is left, null until changed',
  development: true,
  answers: { 200: faults },
  problems: [],
  handle: async function listFaults({ deps }) {
    return answer(200, { faults: (await deps.desk?.faults()) ?? [] })
  },
})

const setFaultRoute = route({
  method: 'POST',
  path: '/dev/faults',
  who: ['public'],
  tag: 'development',
  summary:
    'Makes a provider refuse, hang, throttle, fail, lose its answer or reject, so that the fallback can be watched',
  development: true,
  body: () =>
    z.object({
      provider: z.string(),
      mode: z.enum(FAULT_MODES),
      times: z.int().min(1).max(1_000).optional(),
    }),
  answers: { 200: faults },
  problems: [],
  handle: async function setFault({ deps }, { body }) {
    const names = deps.core.providers.map((provider) => provider.name)
    if (!names.includes(body.provider)) {
      return refuse({
        code: 'invalid_request',
        errors: [{ path: 'provider', code: 'not_listed', params: { values: names } }],
      })
    }
    await deps.desk?.setFault(body.provider, body.mode, body.times ?? null)
    return answer(200, { faults: (await deps.desk?.faults()) ?? [] })
  },
})

export const deskRoutes: readonly Route[] = [inboxJsonRoute, clearInboxRoute, faultsRoute, setFaultRoute]
