// POST /v1/admin/shadow: what SENDING=shadow kept from leaving, for a comparison with what an older system sent.
import * as z from 'zod'
import { shadowedOf, shadowedPage } from '../../lib/delivery/shadow.ts'
import { SHADOW } from '../../lib/rules/shadow.ts'
import { given } from '../http/given.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, email, instant, messageCursor, sentBy } from '../http/schemas.ts'
import { moment } from '../messages/send-body.ts'

const shadowed = () =>
  z.object({
    id: z.string(),
    /** Its place in `to`, from 0; null without one. */
    person: z.int().nullable(),
    to_masked: z.string().nullable(),
    template: z.string(),
    channel: sentBy(),
    subject: z.string().nullable(),
    at: instant(),
  })

const shadowRoute = route({
  method: 'POST',
  path: '/v1/admin/shadow',
  who: ['admin'],
  tag: 'operators',
  summary:
    'Messages that ended shadowed, with their subjects: all of a time, page by page, or the newest of some people',
  body: () =>
    z.object({
      to: z.array(email()).min(1).max(SHADOW.peopleMax).optional(),
      since: moment().optional(),
      until: moment().optional(),
      cursor: messageCursor().optional(),
      limit: z.int().min(1).max(SHADOW.pageMax).default(SHADOW.pageMax),
    }),
  answers: { 200: () => z.object({ messages: z.array(shadowed()), cursor: z.string().nullable() }) },
  problems: [],
  handle: async function showShadowed({ deps: { core } }, { body }) {
    const { to, cursor, limit, ...filter } = body
    const found = to
      ? { messages: await shadowedOf(core, to, given(filter)), cursor: null }
      : await shadowedPage(core, given(filter), given({ limit, cursor }))
    const messages = found.messages.map(({ toMasked, at: endedAt, ...one }) => ({
      ...one,
      to_masked: toMasked,
      at: at(endedAt),
    }))
    return answer(200, { messages, cursor: found.cursor })
  },
})

export const shadowRoutes: readonly Route[] = [shadowRoute]
