// Cloudflare Email Service by its binding: what it is handed, and what is made of every end of a call.
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../lib/config.ts'
import type { Outgoing } from '../../../lib/ports/provider.ts'
import { cloudflareProvider, type EmailBinding } from '../../../lib/providers/cloudflare.ts'
import type { OutcomeKind } from '../../../lib/rules/status.ts'

const outgoing: Outgoing = {
  messageId: 'msg_1',
  key: 'msg_1-0-cloudflare',
  from: { address: 'no-reply@example.com', name: 'Cine\r\nBcc: x' },
  replyTo: { address: 'help@example.com', name: null },
  to: { address: 'ana@example.com', name: 'Ana' },
  subject: 'Your\ncode',
  html: '<p>1</p>',
  text: '1',
  headers: { 'X-Entity-Ref-ID': 'msg_1' },
  attachments: [
    { filename: 'qr.png', contentType: 'image/png', content: 'iVBORw0KGgo=', contentId: 'qr.png' },
    { filename: 'a.txt', contentType: 'text/plain', content: 'YQ==', contentId: null },
  ],
}

/** The binding as the platform documents it: takes a mail and names it, or rejects with a code. */
function bindingThat(answer: () => Promise<{ messageId: string }>) {
  const mails: unknown[] = []
  const email: EmailBinding = {
    send(mail) {
      mails.push(mail)
      return answer()
    },
  }
  return { email, mails }
}

const failing = (error: unknown) => bindingThat(() => Promise.reject(error)).email

/** https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes, and one nobody knows yet. */
const ERRORS: [code: string, kind: OutcomeKind][] = [
  ['E_VALIDATION_ERROR', 'rejected'],
  ['E_FIELD_MISSING', 'rejected'],
  ['E_TOO_MANY_RECIPIENTS', 'rejected'],
  ['E_TOO_MANY_ATTACHMENTS', 'rejected'],
  ['E_CONTENT_TOO_LARGE', 'rejected'],
  ['E_RECIPIENT_SUPPRESSED', 'rejected'],
  ['E_HEADER_NOT_ALLOWED', 'rejected'],
  ['E_HEADER_USE_API_FIELD', 'rejected'],
  ['E_HEADER_VALUE_INVALID', 'rejected'],
  ['E_HEADER_VALUE_TOO_LONG', 'rejected'],
  ['E_HEADER_NAME_INVALID', 'rejected'],
  ['E_HEADERS_TOO_LARGE', 'rejected'],
  ['E_HEADERS_TOO_MANY', 'rejected'],
  ['E_RECIPIENT_NOT_ALLOWED', 'misconfigured'],
  ['E_SENDER_NOT_VERIFIED', 'misconfigured'],
  ['E_SENDER_DOMAIN_NOT_AVAILABLE', 'misconfigured'],
  ['E_DAILY_LIMIT_EXCEEDED', 'misconfigured'],
  ['E_RATE_LIMIT_EXCEEDED', 'throttled'],
  ['E_DELIVERY_FAILED', 'unavailable'],
  ['E_INTERNAL_SERVER_ERROR', 'unavailable'],
  ['E_SOMETHING_NEW', 'misconfigured'],
]
const NO_CODES = [new Error('Network connection lost'), 'text', null, { code: 17 }, { code: 'ana@example.com' }]

describe('cloudflare', () => {
  it('hands over the whole mail, and no line can be added to a header', async () => {
    const { email, mails } = bindingThat(async () => ({ messageId: '<1@example.com>' }))
    expect(await cloudflareProvider(email).send(outgoing, 1_000)).toEqual({
      kind: 'accepted',
      providerId: '1@example.com',
    })
    expect(mails).toEqual([
      {
        from: { name: 'Cine Bcc: x', email: 'no-reply@example.com' },
        to: { name: 'Ana', email: 'ana@example.com' },
        replyTo: 'help@example.com',
        subject: 'Your code',
        html: '<p>1</p>',
        text: '1',
        headers: { 'X-Entity-Ref-ID': 'msg_1' },
        attachments: [
          {
            filename: 'qr.png',
            type: 'image/png',
            content: 'iVBORw0KGgo=',
            disposition: 'inline',
            contentId: 'qr.png',
          },
          { filename: 'a.txt', type: 'text/plain', content: 'YQ==', disposition: 'attachment' },
        ],
      },
    ])
  })

  it('hands over bare addresses and no replyTo where there is none', async () => {
    const { email, mails } = bindingThat(async () => ({ messageId: '<1@example.com>' }))
    const plain = { address: 'a@example.com', name: null }
    await cloudflareProvider(email).send({ ...outgoing, from: plain, to: plain, replyTo: null }, 1_000)
    expect(mails[0]).toMatchObject({ from: 'a@example.com', to: 'a@example.com' })
    expect(mails[0]).not.toHaveProperty('replyTo')
  })

  it.each(ERRORS)('takes %s for %s', async (code, kind) => {
    const error = Object.assign(new Error('ana@example.com said no'), { code })
    const outcome = { kind, code: code.slice(2).toLowerCase(), ...(kind === 'throttled' && { retryAfterMs: null }) }
    expect(await cloudflareProvider(failing(error)).send(outgoing, 1_000)).toEqual(outcome)
  })

  it.each(NO_CODES)('is in doubt after an error without a code of its own: %j', async (error) => {
    const outcome = await cloudflareProvider(failing(error)).send(outgoing, 1_000)
    expect(outcome).toEqual({ kind: 'unknown', code: 'connection_lost' })
  })

  it('knows that nothing left when the platform throws before it takes the call', async () => {
    const thrown = (error: unknown) =>
      bindingThat(() => {
        throw error
      }).email
    for (const error of NO_CODES) {
      const outcome = await cloudflareProvider(thrown(error)).send(outgoing, 1_000)
      expect(outcome).toEqual({ kind: 'unavailable', code: 'not_sent' })
    }
    const named = thrown({ code: 'E_VALIDATION_ERROR' })
    expect(await cloudflareProvider(named).send(outgoing, 1_000)).toEqual({
      kind: 'rejected',
      code: 'validation_error',
    })
  })

  it('is in doubt when the binding does not answer in time, or says nothing of what it took', async () => {
    const silent = bindingThat(() => new Promise(() => {})).email
    expect(await cloudflareProvider(silent).send(outgoing, 5)).toEqual({ kind: 'unknown', code: 'timeout' })
    const mute = bindingThat(async () => ({}) as { messageId: string }).email
    expect(await cloudflareProvider(mute).send(outgoing, 1_000)).toMatchObject({ code: 'unreadable_answer' })
  })

  it('is configured by its binding alone, and refuses a setting of that name that is none', () => {
    const production = {
      POSTA_SECRET: `k1:${btoa('bound by the wrangler, not by us')}`,
      PUBLIC_URL: 'https://posta.example.com',
      EMAIL_FROM: 'no-reply@example.com',
    }
    expect(readConfig({ ...production, EMAIL: { send: () => {} } }).EMAIL_PROVIDERS).toEqual(['cloudflare'])
    for (const EMAIL of ['on', { fetch: () => {} }])
      expect(() => readConfig({ ...production, EMAIL })).toThrow(/EMAIL: must be a send_email binding/)
  })
})
