// What a no is called in a language: one title and one sentence for each code, one sentence for each field error.
import type { Locale } from '../../../lib/names/locale.ts'
import type { FieldError } from '../../../lib/outcome/field-error.ts'
import type { Refusal } from '../../../lib/outcome/refusal.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Said, Words } from './parts.ts'

const WORDS: Record<Locale, Words> = { es, en }

export const wordsOf = (locale: Locale): Words => WORDS[locale]

export function saidOf(refusal: Refusal, locale: Locale): Said {
  const say = WORDS[locale].refusals[refusal.code] as (one: Refusal) => Said
  return say(refusal)
}

/** A field error as it goes over the wire. */
export const toldError = ({ path, code, params }: FieldError, locale: Locale) => ({
  path,
  code,
  message: WORDS[locale].fields[code](params ?? {}),
  ...(params ? { params } : {}),
})
