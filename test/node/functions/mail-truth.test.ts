// What an answer says of a mail that has not left: a code for programs, a sentence for people.
import { describe, expect, it } from 'vitest'
import { mailOf } from '../../../functions/accounts/shapes.ts'
import { MAIL_TROUBLES } from '../../../lib/accounts/first-mail.ts'
import { LOCALES } from '../../../lib/names/locale.ts'

describe.each(MAIL_TROUBLES)('a mail that is not sent: %s', (trouble) => {
  const mail = { sent: false, status: 'queued', trouble, mayResend: true, resendAt: 0 } as const

  it('has a sentence of its own in every language', () => {
    const told = LOCALES.map((locale) => mailOf(mail, locale, 'sent', 'not yet').email_info)
    for (const info of told) {
      expect(info).toMatchObject({ email_sent: false, code: trouble, can_resend: true, status: 'queued' })
      expect(info?.resend_after).toBe('1970-01-01T00:00:00.000Z')
      expect(info?.error).toMatch(/^\p{Lu}.*\.$/u)
    }
    expect(new Set(told.map((info) => info?.error)).size).toBe(LOCALES.length)
  })
})

it('says nothing more of a mail that is sent', () => {
  const told = mailOf({ sent: true, status: 'sent', resendAt: 0 }, 'es', 'sent', 'not yet')
  expect(told).toEqual({ email_confirmation_sent: true, message: 'sent' })
})
