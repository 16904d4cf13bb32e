// Schemas that several routes share, each built when it is asked for.
import * as z from 'zod'
import { parseEmail } from '../../lib/names/address.ts'
import { isId } from '../../lib/names/ids.ts'
import { LOCALES, localeOf } from '../../lib/names/locale.ts'
import { trimmed, typedDigits, typedPhone, unbroken } from '../../lib/names/typed.ts'
import type { FieldCode, Params } from '../../lib/outcome/field-error.ts'
import { LIST_MAX, LIST_SHOWN } from '../../lib/rules/numbers.ts'
import { CHANNELS, PRIORITIES, STATUSES } from '../../lib/rules/status.ts'

/** A message of a schema: the code of what is wrong, which functions/http/words says in plain words. */
export const wrong = (code: FieldCode): FieldCode => code

export const text = () => z.string()

/** A name as it was typed or pasted. */
export const typed = () => text().overwrite(trimmed)

/** An id or a token: what is pasted may come with blanks, or broken over two lines. */
export const pasted = () => text().overwrite(unbroken)

/** Of a mailed link. */
export const token = () => pasted().min(1).max(200)

/** The id in a path. */
export const idInPath = () => z.object({ id: pasted() })

export const email = () =>
  text().transform((typed, context) => {
    const address = parseEmail(typed)
    if (address) return address
    context.addIssue(wrong('not_email'))
    return z.NEVER
  })

/** E.164 (ITU): a plus and 8 to 15 digits. */
export const phone = () =>
  text()
    .overwrite(typedPhone)
    .regex(/^\+[1-9]\d{7,14}$/, wrong('not_phone'))

/** `when` of a check: what is missing is said also when something else is wrong. */
const isObject = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null

/** A check that says of one field that it is missing; `params` as FIELD_CODES has them. */
export const missing = (field: string, params: Params = {}) => ({
  path: [field],
  message: wrong('required'),
  params,
  when: isObject,
})

/** A typed code, with all that mails, keyboards and people write around and into it. */
export const code = () =>
  text()
    .overwrite(typedDigits)
    .regex(/^\d{6,8}$/, wrong('not_code'))

/** One of ours, in an answer. */
export const language = () => z.enum(LOCALES)
/** What a caller wants to be written in: the best match of ours, null when there is none. It never refuses anything. */
export const locale = () => z.unknown().transform(localeOf)
/** What a caller may ask to be written by; webhooks are told by themselves. */
const PERSONAL = CHANNELS.filter((one) => one !== 'webhook')
export const channel = () => z.enum(PERSONAL)
/** By what a message went. */
export const sentBy = () => z.enum(CHANNELS)
export const priority = () => z.enum(PRIORITIES)
export const instant = () => z.iso.datetime()
export const status = () => z.enum(STATUSES)

/** Of a page of messages: the id of the last one of the page before. */
export const messageCursor = () => pasted().refine((id) => isId('msg', id), wrong('invalid'))
/** Of a list; a query has it as text. */
export const pageSize = () => z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_SHOWN)

export const at = (ms: number): string => new Date(ms).toISOString()
