// Schemas that several routes share, each built when it is asked for; messages never repeat what was sent.
import * as z from 'zod'
import { parseEmail } from '../../lib/names/address.ts'
import { LOCALES, localeOf } from '../../lib/names/locale.ts'
import { trimmed, typedDigits, typedPhone, unbroken } from '../../lib/names/typed.ts'
import { CHANNELS, PRIORITIES, STATUSES } from '../../lib/rules/status.ts'

/** Text, or what is missing said as missing. */
export const text = () => z.string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be text') })

/** A name as it was typed or pasted. */
export const typed = () => text().overwrite(trimmed)

/** An id or a token: what is pasted may come with blanks, or broken over two lines. */
export const pasted = () => text().overwrite(unbroken)

/** The id in a path. */
export const idInPath = () => z.object({ id: pasted() })

export const email = () =>
  text().transform((typed, context) => {
    const address = parseEmail(typed)
    if (address) return address
    context.addIssue('must be an e-mail address')
    return z.NEVER
  })

/** E.164 (ITU): a plus and 8 to 15 digits. */
export const phone = () =>
  text()
    .overwrite(typedPhone)
    .regex(/^\+[1-9]\d{7,14}$/, 'must be a phone number in international form')

/** `when` of a check: what is missing is said also when something else is wrong. */
export const isObject = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null

/** A typed code, with all that mails, keyboards and people write around and into it. */
export const code = () =>
  text()
    .overwrite(typedDigits)
    .regex(/^\d{6,8}$/, 'must be 6 to 8 digits')

/** One of ours, in an answer. */
export const language = () => z.enum(LOCALES)
/** What a caller wants to be written in: the best match of ours, null when there is none. It never refuses anything. */
export const locale = () => z.unknown().transform(localeOf)
/** What a caller may ask to be written by; webhooks are told by themselves. */
const PERSONAL = CHANNELS.filter((one) => one !== 'webhook')
export const channel = () => z.enum(PERSONAL, 'must be email, whatsapp, sms or push')
/** By what a message went. */
export const sentBy = () => z.enum(CHANNELS)
export const priority = () => z.enum(PRIORITIES, 'must be high, medium or low')
export const instant = () => z.iso.datetime()
export const status = () => z.enum(STATUSES)

export const at = (ms: number): string => new Date(ms).toISOString()
