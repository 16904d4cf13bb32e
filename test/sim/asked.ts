// One request of an account route, as its client knows it and as the checkers follow it through both stores.

import type { Tokens } from '../../lib/accounts/accounts.ts'
import type { LoggedIn } from '../../lib/accounts/login.ts'
import type { Changed } from '../../lib/accounts/me.ts'
import type { AnonymousCode } from '../../lib/accounts/recover.ts'
import type { Registered } from '../../lib/accounts/register.ts'
import type { Resent } from '../../lib/accounts/resend-own.ts'
import type { SignedUp } from '../../lib/accounts/sign-up.ts'
import type { Proved } from '../../lib/accounts/verify.ts'
import type { Result } from '../../lib/outcome/result.ts'
import type { SessionView } from '../../lib/ports/sessions.ts'
import type { Usage } from '../../lib/rules/windows.ts'
import type { Answer } from './net.ts'

/** What each route says yes with. */
export interface Yes {
  register: Registered
  signUp: SignedUp
  verify: Proved
  resend: Resent
  resendAnonymous: AnonymousCode
  recover: AnonymousCode
  reset: { usage: Usage[] }
  login: LoggedIn
  refresh: Tokens
  logout: null
  logoutAll: null
  sessions: SessionView[]
  changePassword: { usage: Usage[] }
  changeMe: Changed
}

export type Route = keyof Yes

export interface Asked {
  route: Route
  /** As typed. */
  username: string
  email: string
  /** Proves who asks, and so the session that is opened; '' = none is typed. */
  password: string
  /** What is to be the password. */
  newPassword: string
  /** How far the world had come when it was asked: see `Past.order`. */
  since: number
  /** What the stores have done for it so far. */
  created: string | null
  checked: { id: string; approved: boolean } | null
  /** The accounts' store has said why an effect is impossible. */
  refused: string | null
  effect: boolean
  /** The hash it has set is the one of this place in the user's past. */
  set: number | null
}

export type Told = {
  [R in Route]: { route: R; asked: Asked; answer: Answer<Result<Yes[R]>> }
}[Route]
