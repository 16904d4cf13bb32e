// Accounts on both sides: sign-up with its mail, the code of that mail, log-in. Each hashes passwords as it does by default.
import { randomBytes } from 'node:crypto'
import type { Bundle, Workerd } from '../test/chaos/workerd.ts'
import type { Facade } from './backend.ts'
import { anyIp, type Backend, betterAuthVars, post, postaVars, starter } from './sides.ts'

export interface Person {
  name: string
  email: string
}

export interface AccountSide {
  name: string
  start: () => Promise<Workerd>
  /** Resolves when the account was made and its mail promised, with whatever `verify` needs. */
  signUp: (url: string, person: Person) => Promise<string>
  /** The code of that mail, by somebody who brings no session along. */
  verify: (url: string, person: Person, handle: string, code: string) => Promise<void>
  logIn: (url: string, person: Person) => Promise<void>
}

/** `users`: Supabase, as far as posta calls it. */
export type AccountBackend = Backend & { users: Facade }

const PASSWORD = 'quarry wagtail 7 lantern'

/** An IP is used once: every limit is asked and none is met, on either side. */
const ask = (url: string, body: unknown) => post(url, body, { 'CF-Connecting-IP': anyIp() })

function expect(name: string, text: string, good: boolean): void {
  if (!good) throw new Error(`${name}: ${text}`)
}

/** Accounts in Supabase, so that both sides have their users behind a request over the network. */
export async function postaAccounts(backend: AccountBackend, bundle: Bundle): Promise<AccountSide> {
  const name = 'posta'
  const start = await starter(bundle, backend.folder, () => ({
    ...postaVars(backend),
    SUPABASE_URL: backend.users.url,
    SUPABASE_SERVICE_ROLE_KEY: backend.users.token,
  }))
  return {
    name,
    start,
    async signUp(url, person) {
      const fields = { username: person.name, email: person.email, password: PASSWORD }
      const text = await ask(`${url}/v1/auth/register`, fields)
      expect(name, text, text.includes('"email_confirmation_sent":true') && text.includes('"refresh_token":"'))
      return (JSON.parse(text) as { challenge_id: string }).challenge_id
    },
    async verify(url, _, handle, code) {
      const text = await ask(`${url}/v1/auth/verify`, { challenge_id: handle, code })
      expect(name, text, text.includes('"verified":true'))
    },
    async logIn(url, person) {
      const text = await ask(`${url}/v1/auth/login`, { login: person.email, password: PASSWORD })
      expect(name, text, text.includes('"refresh_token":"'))
    },
  }
}

/** Users and accounts in the store of the rest, one request a call: less than any database asks of it. */
export async function betterAuthAccounts(backend: Backend, bundle: Bundle): Promise<AccountSide> {
  const name = 'Better Auth'
  const start = await starter(bundle, backend.folder, betterAuthVars(backend))
  const isSignedIn = (text: string) => /"token":"\w+/.test(text)
  return {
    name,
    start,
    async signUp(url, person) {
      const text = await ask(`${url}/api/auth/sign-up/email`, { ...person, password: PASSWORD })
      expect(name, text, isSignedIn(text))
      return ''
    },
    async verify(url, { email }, _, otp) {
      const text = await ask(`${url}/api/auth/email-otp/verify-email`, { email, otp })
      expect(name, text, text.includes('"status":true'))
    },
    async logIn(url, { email }) {
      const text = await ask(`${url}/api/auth/sign-in/email`, { email, password: PASSWORD })
      expect(name, text, isSignedIn(text))
    },
  }
}

/** One that nobody had in an earlier round; the name is one that posta takes. */
export function newcomer(): Person {
  const name = `bench${randomBytes(8).toString('hex')}`
  return { name, email: `${name}@example.com` }
}
