// Schemas of fields that several templates have. The message of each is the code of what is wrong.
import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { isCurrency } from '../names/site.ts'
import type { FieldCode } from '../outcome/field-error.ts'
import { DATA } from '../rules/message.ts'
import { DAY_ONLY, instantOf, isDay, isTime, TIME } from './local-time.ts'

/** The first thing that is wrong with a field ends its checks. */
const wrong = (error: FieldCode, params: Record<string, number> = {}) => ({ error, params, abort: true })

/** One line: no line ends or other control characters. */
export const line = (max = DATA.lineMax) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, wrong('control_characters'))

/** Ids of older systems may be numbers. */
export const id = () => z.union([line(), z.int().min(0)])

export const time = () =>
  z
    .string()
    .regex(TIME, wrong('not_time'))
    .refine(isTime, wrong('not_time'))
    .describe('A time; without a zone it is on the wall of TIME_ZONE')

const DAY_OR_TIME = new RegExp(`${TIME.source}|${DAY_ONLY.source}`)
/** A time, or a day alone. */
export const dayOrTime = () =>
  z
    .string()
    .regex(DAY_OR_TIME, wrong('not_time'))
    .refine((text) => isTime(text) || isDay(text), wrong('not_time'))
    .describe('A time, or a day alone; without a zone it is on the wall of TIME_ZONE')

/** A number, or decimal text where a number would not be exact. */
export const amount = () =>
  z.union(
    [
      z.number().min(0, wrong('not_amount')).max(DATA.amountMax, wrong('not_amount')),
      z
        .string()
        .regex(new RegExp(`^\\d{1,13}(\\.\\d{1,${DATA.decimalsMax}})?$`), wrong('not_amount'))
        .refine((text) => Number(text) <= DATA.amountMax, wrong('not_amount')),
    ],
    { error: ({ input }) => (input === undefined ? 'required' : 'not_amount') },
  )

export const currency = () =>
  z
    .string()
    .regex(/^[A-Z]{3}$/, wrong('not_currency'))
    .refine(isCurrency, wrong('not_currency'))
    .describe('ISO 4217; CURRENCY without it')

export const seats = () => z.array(line(DATA.seatMax)).min(1).max(DATA.seatsMax)

/** What the QR says to who scans it. */
export const qrCode = () =>
  z
    .string()
    .min(1)
    .max(DATA.qrBytesMax, wrong('too_many_bytes'))
    .refine((text) => utf8(text).length <= DATA.qrBytesMax, wrong('too_many_bytes', { max: DATA.qrBytesMax }))

/** What a button opens. */
export const url = () =>
  z
    .string()
    .max(DATA.urlMax)
    .regex(/^https?:\/\/[^\s\p{Cc}]+$/u, wrong('not_url'))
    .refine((text) => URL.canParse(text), wrong('not_url'))

/** Label and address of a button. */
export const action = (object: typeof z.strictObject | typeof z.object) =>
  object({ label: line(DATA.labelMax), url: url() })

/** From the wire to what emails/ takes. */
export const actionOf = (given: { label: string; url: string } | undefined) =>
  given ? { label: given.label, href: given.url } : null

/** A day stays one; a time becomes an instant. */
export const told = (text: string | undefined, timeZone: string): string | null =>
  text === undefined || isDay(text) ? (text ?? null) : new Date(instantOf(text, timeZone)).toISOString()
