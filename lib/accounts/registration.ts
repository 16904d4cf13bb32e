// What somebody signs up with: checked field by field, so that everything wrong is said at once.

import type { Target } from '../delivery/targets.ts'
import { targetsOf } from '../delivery/targets.ts'
import { type Address, hasControls, parseEmail } from '../names/address.ts'
import { trimmed } from '../names/typed.ts'
import type { Username } from '../names/username.ts'
import { parseUsername, usernameErrors } from '../names/username.ts'
import type { FieldError } from '../outcome/field-error.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import { passwordErrors } from '../passwords/rules.ts'
import type { Locale } from '../ports/renderer.ts'
import { REFERRAL_MAX } from '../rules/numbers.ts'
import type { Channel } from '../rules/status.ts'
import type { Accounts } from './accounts.ts'

/** As typed. */
export interface RegistrationFields {
  username: string
  email: string
  password: string
  passwordConfirmation?: string | undefined
  /** E.164. */
  phone?: string | undefined
  /** null = none of ours: the default. */
  locale?: Locale | null | undefined
  channels?: Channel[] | undefined
  referralCode?: string | undefined
}

export interface Registration {
  username: Username
  email: Address
  password: string
  phone: string | null
  locale: Locale
  referralCode: string | null
  /** Where its code goes. */
  targets: Target[]
}

/** Every reason against these fields. Fields of a wrong type are somebody else's to name: here they say nothing. */
export async function registrationErrors(
  { core, policy }: Accounts,
  fields: { readonly [name in keyof RegistrationFields]?: unknown },
): Promise<FieldError[]> {
  const { username, email, password, passwordConfirmation } = fields
  const referralCode = isText(fields.referralCode) ? trimmed(fields.referralCode) : null
  const errors: FieldError[] = []
  const { appName } = core.policy
  if (isText(username)) errors.push(...usernameErrors(username, [appName]))
  if (isText(email) && !parseEmail(email)) errors.push({ path: 'email', code: 'not_email' })
  if (isText(password)) {
    const ownWords = [username, email, appName].filter(isText).map(trimmed)
    errors.push(...(await passwordErrors(password, { min: policy.passwordMin, ownWords })))
    if (isText(passwordConfirmation) && passwordConfirmation !== password) {
      errors.push({ path: 'password_confirmation', code: 'not_same', params: { as: 'password' } })
    }
  }
  if (
    referralCode !== null &&
    (referralCode.length > REFERRAL_MAX || hasControls(referralCode) || !referralCode.isWellFormed())
  ) {
    errors.push({ path: 'referral_code', code: 'not_plain', params: { max: REFERRAL_MAX } })
  }
  return errors
}

const isText = (value: unknown): value is string => typeof value === 'string'

export async function readRegistration(accounts: Accounts, fields: RegistrationFields): Promise<Result<Registration>> {
  const { core, policy } = accounts
  const errors = await registrationErrors(accounts, fields)
  const username = parseUsername(fields.username)
  const email = parseEmail(fields.email)
  const phone = fields.phone ?? null
  const recipients = { email: email ?? undefined, phone: phone ?? undefined }
  // An account that waits for its address to be proved is proved by that address.
  const channels = policy.registration === 'verified' ? (['email'] as const) : (fields.channels ?? (['email'] as const))
  const targets = email ? targetsOf(core, recipients, [...channels]) : ok([])
  if (!targets.ok && targets.refusal.code === 'invalid_request') errors.push(...targets.refusal.errors.map(atPhone))
  if (errors.length > 0 || !username || !email || !targets.ok) return refuse({ code: 'invalid_request', errors })
  return ok({
    username,
    email,
    password: fields.password,
    phone,
    locale: fields.locale ?? core.policy.locale,
    referralCode: fields.referralCode === undefined ? null : trimmed(fields.referralCode),
    targets: targets.value,
  })
}

/** What a channel lacks is the person's phone: an e-mail address is always there. */
const atPhone = (error: FieldError): FieldError => (error.path === 'to' ? { ...error, path: 'phone' } : error)
