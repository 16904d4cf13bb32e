// Cloudflare Email Service by its binding: what it is handed, and what is made of every end of a call.
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../lib/config.ts'
import type { Outgoing } from '../../../lib/ports/provider.ts'
import { cloudflareProvider, type EmailBinding } from '../../../lib/providers/cloudflare.ts'

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

describe('cloudflare', () => {
  it('hands over the whole mail, and no line can be added to a header', async () => {
    const { email, mails } = bindingThat(async () => ({ messageId: '<1@example.com>' }))
    expect(await cloudflareProvider({ email }).send(outgoing, 1_000)).toEqual({
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

  it.each([
    ['E_VALIDATION_ERROR', { kind: 'rejected', code: 'validation_error' }],
    ['E_FIELD_MISSING', { kind: 'rejected', code: 'field_missing' }],
    ['E_TOO_MANY_ATTACHMENTS', { kind: 'rejected', code: 'too_many_attachments' }],
    ['E_CONTENT_TOO_LARGE', { kind: 'rejected', code: 'content_too_large' }],
    ['E_RECIPIENT_SUPPRESSED', { kind: 'rejected', code: 'recipient_suppressed' }],
    ['E_RECIPIENT_NOT_ALLOWED', { kind: 'misconfigured', code: 'recipient_not_allowed' }],
    ['E_SENDER_NOT_VERIFIED', { kind: 'misconfigured', code: 'sender_not_verified' }],
    ['E_SENDER_DOMAIN_NOT_AVAILABLE', { kind: 'misconfigured', code: 'sender_domain_not_available' }],
    ['E_DAILY_LIMIT_EXCEEDED', { kind: 'misconfigured', code: 'daily_limit_exceeded' }],
    ['E_RATE_LIMIT_EXCEEDED', { kind: 'throttled', code: 'rate_limit_exceeded', retryAfterMs: null }],
    ['E_DELIVERY_FAILED', { kind: 'unavailable', code: 'delivery_failed' }],
    ['E_INTERNAL_SERVER_ERROR', { kind: 'unavailable', code: 'internal_server_error' }],
  ])('takes %s for %j', async (code, outcome) => {
    const error = Object.assign(new Error('ana@example.com said no'), { code })
    expect(await cloudflareProvider({ email: failing(error) }).send(outgoing, 1_000)).toEqual(outcome)
  })

  it.each([new Error('Network connection lost'), 'text', null, { code: 17 }, { code: 'ana@example.com' }])(
    'is in doubt after an error without a code of its own: %j',
    async (error) => {
      const outcome = await cloudflareProvider({ email: failing(error) }).send(outgoing, 1_000)
      expect(outcome).toEqual({ kind: 'unknown', code: 'connection_lost' })
    },
  )

  it('is in doubt when the binding does not answer in time, or says nothing of what it took', async () => {
    const silent = bindingThat(() => new Promise(() => {})).email
    expect(await cloudflareProvider({ email: silent }).send(outgoing, 5)).toEqual({ kind: 'unknown', code: 'timeout' })
    const mute = bindingThat(async () => ({}) as { messageId: string }).email
    expect(await cloudflareProvider({ email: mute }).send(outgoing, 1_000)).toMatchObject({ code: 'unreadable_answer' })
  })

  it('is configured by its binding alone, and refuses a setting of that name that is none', () => {
    const production = {
      POSTA_SECRET: `k1:${btoa('x'.repeat(32))}`,
      PUBLIC_URL: 'https://posta.example.com',
      EMAIL_FROM: 'no-reply@example.com',
    }
    expect(readConfig({ ...production, EMAIL: { send: () => {} } }).EMAIL_PROVIDERS).toEqual(['cloudflare'])
    for (const EMAIL of ['on', { fetch: () => {} }])
      expect(() => readConfig({ ...production, EMAIL })).toThrow(/EMAIL: must be a send_email binding/)
  })
})
