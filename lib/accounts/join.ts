// Signing up, the way this deployment has it: an account at once, or one that is made when its address is proved.

import { ok, type Result } from '../outcome/result.ts'
import type { Accounts, From } from './accounts.ts'
import { type Registered, register } from './register.ts'
import type { RegistrationFields } from './registration.ts'
import { type SignedUp, signUp } from './sign-up.ts'

export type Joined = ({ kind: 'registered' } & Registered) | ({ kind: 'asked' } & SignedUp)

export async function join(accounts: Accounts, fields: RegistrationFields, from: From): Promise<Result<Joined>> {
  if (accounts.policy.registration === 'verified') {
    const asked = await signUp(accounts, fields, from)
    return asked.ok ? ok({ kind: 'asked', ...asked.value }) : asked
  }
  const made = await register(accounts, fields, from)
  return made.ok ? ok({ kind: 'registered', ...made.value }) : made
}
