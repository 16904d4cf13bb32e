// What may be wrong with one field, in a closed list; functions/http/words says each in every language.

/** A parameter is a number, a word of ours, or a list of such words: never what was sent. */
export type Params = Readonly<Record<string, number | string | readonly string[]>>

export const FIELD_CODES = [
  /** `or`: what may stand in its place; `with`: beside what it is needed; `unless`: who may leave it out. */
  'required',
  /** `expected`: text, number, boolean, object or list. */
  'wrong_type',
  /** `values` */
  'not_listed',
  /** Characters: `min`, `max`. */
  'too_short',
  'too_long',
  /** Items: `min`, `max`. */
  'too_few',
  'too_many',
  /** Numbers: `min`, `max`. */
  'too_small',
  'too_big',
  'not_whole',
  'not_email',
  'not_phone',
  /** `min`, `max`: of digits. */
  'not_code',
  'not_slug',
  'not_ip',
  /** Levels of nesting: `max`. */
  'too_deep',
  'no_address',
  'not_configured',
  'not_in_challenge',
  'looks_like_email',
  'not_username',
  'reserved',
  'too_common',
  'own_words',
  'control_characters',
  /** `as`: the other field. */
  'not_same',
  'not_plain',
  'not_alone',
  /** A field that is none. */
  'unknown',
  /** `as`: the other name of the same field. */
  'twice',
  'not_time',
  /** RFC 3339 with a zone. */
  'not_instant',
  /** ISO 8601: `PT3H`. */
  'not_duration',
  /** `days` */
  'too_far_ahead',
  /** `end`: the field that says so, or the template. */
  'not_before_end',
  'no_user',
  /** Several people: one message each, by the batch route. */
  'use_batch',
  'not_base64',
  'not_media_type',
  'not_amount',
  'not_currency',
  'not_url',
  /** `max` */
  'too_many_bytes',
  /** Of HTML: all of it was taken out. */
  'nothing_left',
  'invalid',
] as const
export type FieldCode = (typeof FIELD_CODES)[number]

/** One invalid field; `path` is dotted. */
export interface FieldError {
  path: string
  code: FieldCode
  params?: Params
}
