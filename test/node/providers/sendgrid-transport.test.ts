// The Worker's stand-in for axios hands on the very request that axios would.
import { createRequire } from 'node:module'
import axios from 'axios'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const standIn = createRequire(import.meta.url)('../../../lib/providers/sendgrid-transport.cjs')

interface Seen {
  baseURL: string
  url: string
  data: string
  headers: { toJSON(): Record<string, string> }
}

/** As the SDK calls it, with the fields its adapter in sendgrid.ts reads. */
async function seenBy(send: (request: object) => Promise<unknown>, body: unknown) {
  let seen: Seen | undefined
  const adapter = async (request: Seen) => {
    seen = request
    return { status: 202, statusText: '', headers: {}, data: '', config: request }
  }
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'User-Agent': 'sendgrid/8.1.6;nodejs',
    Authorization: 'Bearer SG.test',
  }
  await send({
    url: '/v3/mail/send',
    baseURL: 'https://api.sendgrid.com/',
    method: 'POST',
    maxContentLength: Number.POSITIVE_INFINITY,
    maxBodyLength: Number.POSITIVE_INFINITY,
    data: body,
    headers,
    adapter,
  })
  return seen && { url: seen.baseURL + seen.url, data: seen.data, headers: { ...seen.headers.toJSON() } }
}

const text = fc.string({ unit: 'binary', maxLength: 40 })
const mailbox = fc.record({ email: text, name: text }, { requiredKeys: ['email'] })
const mail = fc.record({
  personalizations: fc.array(fc.record({ to: fc.array(mailbox), headers: fc.record({ 'List-Unsubscribe': text }) })),
  from: mailbox,
  subject: text,
  content: fc.array(fc.record({ type: text, value: text })),
})

it('carries the same address, headers and body', async () => {
  await fc.assert(
    fc.asyncProperty(mail, async (body) => {
      expect(await seenBy(standIn, body)).toEqual(await seenBy((request) => axios(request), body))
    }),
  )
})
