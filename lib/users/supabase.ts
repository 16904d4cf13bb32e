// Accounts in Supabase: every method calls one SQL function of supabase/migrations with the service key.
// Requests and answers cross as the port's own objects, in JSON. An error of supabase-js quotes values and the request's
// stack: none of it leaves this file but PostgreSQL's or PostgREST's own code.

import type { SupabaseClient } from '@supabase/supabase-js'
import { USER_AGENT } from '../net/call.ts'
import { Fault } from '../outcome/fault.ts'
import type { Adopted, NewUsers } from '../ports/moving.ts'
import type { AddressChanged, Created, PasswordSet, Updated, User, Verified } from '../ports/users.ts'
import { TIMEOUTS } from '../rules/numbers.ts'

export interface SupabaseConfig {
  /** The project's URL, without a path. */
  url: string
  /** A secret key (`sb_secret_…`) or the older `service_role` JWT. */
  serviceKey: string
  /** Per request; default 3 s. */
  timeoutMs?: number
  /** Of the library, with the first call; default: its import. */
  load?: () => Promise<Pick<typeof import('@supabase/supabase-js'), 'createClient'>>
}

type Found = { kind: 'found'; user: User } | { kind: 'missing' }

/** serialization_failure and deadlock_detected: nothing was done, and asking again is the cure. */
const AGAIN = new Set(['40001', '40P01'])

export function supabaseUsers(config: SupabaseConfig): NewUsers {
  const { url, serviceKey, timeoutMs = TIMEOUTS.supabaseMs, load = () => import('@supabase/supabase-js') } = config
  let opened: SupabaseClient | undefined

  async function open(): Promise<SupabaseClient> {
    const { createClient } = await load()
    return createClient(url, serviceKey, {
      // Without it the client would keep a session of its own, with the auth client that the Worker leaves out.
      accessToken: async () => serviceKey,
      global: {
        headers: { 'User-Agent': USER_AGENT },
        // A redirect would carry the key elsewhere; as an answer it is an error like any other.
        fetch: (input, init) => fetch(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }),
      },
    })
  }

  async function call<A extends { kind: string }>(step: string, request?: object): Promise<A> {
    // Kept once it is there: a load that failed is tried again with the next call.
    opened ??= await open().catch((cause) => {
      throw new Fault('users', { cause })
    })
    const client = opened
    let code = ''
    for (let tries = 0; tries < 2; tries++) {
      const { data, error, status } = await client.rpc(`posta_users_${step}`, request ? { request } : {})
      if (error === null && isAnswer<A>(data)) return data
      code = codeOf(error) ?? (status === 0 ? 'no answer' : `HTTP ${status}`)
      // A code of its own or a 4xx: it has spoken, and saying it again would change nothing.
      const spoken = codeOf(error) !== null ? !AGAIN.has(code) : status >= 400 && status < 500
      if (spoken) break
    }
    throw new Fault('users', { cause: new Error(`supabase: ${code}`) })
  }

  async function find(by: { id: string } | { username: string } | { email: string }): Promise<User | null> {
    // jsonb takes neither; nobody can be called so.
    if (Object.values(by).some((value) => value.includes('\0') || !value.isWellFormed())) return null
    const answer = await call<Found>('find', by)
    return answer.kind === 'found' ? answer.user : null
  }

  return {
    create: (user) => call<Created>('create', user),
    byLogin: find,
    byId: (id) => find({ id }),
    markVerified: (verification) => call<Verified>('mark_verified', verification),
    changeAddress: (change) => call<AddressChanged>('change_address', change),
    setPassword: (password) => call<PasswordSet>('set_password', password),
    update: (update) => call<Updated>('update', update),
    async adopt(leaving) {
      const { present, taken } = await call<Adopted & { kind: 'adopted' }>('adopt', { leaving })
      return { present, taken }
    },
    async ping() {
      await call('ping')
    },
  }
}

/** supabase-js turns some empty and broken answers into a success without data. */
const isAnswer = <A extends { kind: string }>(data: unknown): data is A =>
  typeof data === 'object' && data !== null && 'kind' in data && typeof data.kind === 'string'

/** SQLSTATE (`23505`) or PostgREST's own (`PGRST202`); null when something before the database has answered, or nobody. */
function codeOf(error: { code?: unknown } | null): string | null {
  const code = error?.code
  return typeof code === 'string' && /^([0-9A-Z]{5}|PGRST[0-9A-Z]{3})$/.test(code) ? code : null
}
