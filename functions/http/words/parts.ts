// What a language has to say, and the parts of its sentences that every language makes the same way.
import type { MailTrouble } from '../../../lib/accounts/first-mail.ts'
import type { FieldCode, Params } from '../../../lib/outcome/field-error.ts'
import type { Refusal } from '../../../lib/outcome/refusal.ts'

/** Failures that are ours. */
export type Failure = 'internal_error' | 'misconfigured' | 'unavailable'

export interface Said {
  title: string
  detail: string
}

export interface Words {
  refusals: { [C in Refusal['code']]: (refusal: Extract<Refusal, { code: C }>) => Said }
  failures: Record<Failure, Said>
  /** `field is …`: the sentence goes behind the name of the field. */
  fields: Record<FieldCode, (params: Params) => string>
  /** Why a mail has not left. */
  mail: Record<MailTrouble, string>
}

/** A list as it is read: `a, b`. */
export const listed = (param: Params[string] | undefined): string =>
  typeof param === 'object' ? param.join(', ') : String(param ?? '')

/** Whole seconds, at least one: what `Retry-After` says too. */
export const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000))
