// What the account use cases are given besides the core, and what several of them do.

import type { Core } from '../core.ts'
import type { Caller } from '../delivery/caller.ts'
import { errorFields } from '../log.ts'
import type { Address } from '../names/address.ts'
import { newId } from '../names/ids.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { AuditEntry, Origin } from '../ports/audit.ts'
import type { Bearer, NewSession } from '../ports/sessions.ts'
import type { User, Users } from '../ports/users.ts'
import type { AccessTokens } from '../secrets/access-token.ts'
import { makeRefreshToken, newNonce } from '../secrets/refresh-token.ts'

export interface AccountPolicy {
  /** In characters. */
  passwordMin: number
  /** `verified`: the account is made only when its address is proved. */
  registration: 'open' | 'verified'
  /** Who is told of a new account. */
  operators: Address[]
  /** IANA name: the zone that mails tell times in. */
  timeZone: string
  /** In lower case: whose verified address is in one of them sends from it. */
  senderDomains: string[]
}

export interface Accounts {
  core: Core
  users: Users
  passwords: Passwords
  tokens: AccessTokens
  policy: AccountPolicy
  sleep: (ms: number) => Promise<void>
  /** Lets work go on after the answer. */
  background: (work: Promise<unknown>) => void
}

/** Who asks, and from where. */
export interface From {
  caller: Caller
  origin: Origin
}

/** A signed-in person. */
export interface SignedIn extends From {
  bearer: Bearer
}

export interface Tokens {
  accessToken: string
  expiresInSeconds: number
  /** null when its family could not be written: good for as long as the access token is. */
  refreshToken: string | null
}

/** `provenAt`: before the credentials were read. */
export function newSession({ core }: Accounts, userId: string, origin: Origin, provenAt: number): NewSession {
  return {
    id: newId('ses', core.now(), core.random, core.store.home),
    userId,
    nonce: newNonce(core.random),
    provenAt,
    ...origin,
  }
}

/** The tokens of a family at turn `n`. */
export async function tokensOf(
  { core, tokens }: Accounts,
  session: { id: string; userId: string; nonce: string },
  n: number,
): Promise<Tokens> {
  const [access, refreshToken] = await Promise.all([
    tokens.issue({ userId: session.userId, sessionId: session.id }),
    makeRefreshToken(core.keys, { sessionId: session.id, nonce: session.nonce, n }),
  ])
  return { accessToken: access.token, expiresInSeconds: access.expiresInSeconds, refreshToken }
}

/** `page` of the app at APP_URL, or null without one: what mails link to. */
export function pageOf(core: Core, page: 'login' | 'verify' | 'reset' | 'recover'): string | null {
  if (core.policy.appUrl === null) return null
  const url = new URL(core.policy.appUrl)
  url.pathname = url.pathname.replace(/\/*$/, `/${page}`)
  return url.href
}

export async function auditEntry(
  core: Core,
  kind: string,
  email: string,
  origin: Origin,
  opener: string | null = null,
): Promise<AuditEntry> {
  return { at: core.now(), kind, person: await core.keys.hash('address', email), opener, ...origin }
}

/** For what has no step of its own to be written with; a trail that cannot be written is no reason to say no. */
export function noteLater({ core, background }: Accounts, entry: Promise<AuditEntry>): void {
  const note = async () => {
    try {
      await core.store.audit.append(await entry)
    } catch (error) {
      core.log('warn', 'audit_failed', errorFields(error))
    }
  }
  background(note())
}

export const userAudit = (core: Core, kind: string, user: User, origin: Origin): Promise<AuditEntry> =>
  auditEntry(core, kind, user.email.normal, origin)
