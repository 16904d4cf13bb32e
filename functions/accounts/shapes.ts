// What account routes say on the wire.
import * as z from 'zod'
import type { SignedIn, Tokens } from '../../lib/accounts/accounts.ts'
import { type FirstMail, MAIL_TROUBLES } from '../../lib/accounts/first-mail.ts'
import type { Locale } from '../../lib/names/locale.ts'
import type { User } from '../../lib/ports/users.ts'
import type { Context } from '../http/route.ts'
import { at, instant, language } from '../http/schemas.ts'
import { wordsOf } from '../http/words/words.ts'

export const userData = () =>
  z.object({
    id: z.string(),
    username: z.string(),
    email: z.string(),
    email_verified: z.boolean(),
    phone: z.string().nullable(),
    phone_verified: z.boolean(),
    locale: language(),
    referral_code: z.string().nullable(),
    created_at: instant(),
  })

export const userOf = (user: User): z.output<ReturnType<typeof userData>> => ({
  id: user.id,
  username: user.username.typed,
  email: user.email.deliver,
  email_verified: user.emailVerified,
  phone: user.phone,
  phone_verified: user.phoneVerified,
  locale: user.locale,
  referral_code: user.referralCode,
  created_at: at(user.createdAt),
})

export const tokenFields = () => ({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  refresh_token: z.string().nullable(),
})

export const toldTokens = ({ accessToken, expiresInSeconds, refreshToken }: Tokens) => ({
  access_token: accessToken,
  token_type: 'Bearer' as const,
  expires_in: expiresInSeconds,
  refresh_token: refreshToken,
})

export const mailFields = () => ({
  email_confirmation_sent: z.boolean(),
  message: z.string(),
  email_info: z
    .object({
      email_sent: z.literal(false),
      code: z.enum(MAIL_TROUBLES),
      error: z.string(),
      can_resend: z.boolean(),
      resend_after: instant(),
      status: z.string(),
    })
    .optional(),
})

type MailTold = z.input<z.ZodObject<ReturnType<typeof mailFields>>>

/** The truth about a code's mail; `email_info` only when it was not sent. */
export const mailOf = (mail: FirstMail, locale: Locale, sent: string, notSent: string): MailTold => ({
  email_confirmation_sent: mail.sent,
  message: mail.sent ? sent : notSent,
  ...(mail.sent
    ? {}
    : {
        email_info: {
          email_sent: false,
          code: mail.trouble,
          error: wordsOf(locale).mail[mail.trouble],
          can_resend: mail.mayResend,
          resend_after: at(mail.resendAt),
          status: mail.status,
        },
      }),
})

/** The signed-in user of a route that only users reach. */
export function signedIn({ bearer, caller, origin }: Context): SignedIn {
  if (!bearer) throw new Error('signedIn: this route is not for users only')
  return { bearer, caller, origin }
}
