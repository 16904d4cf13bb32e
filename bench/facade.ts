// A backend in a process of its own, a chosen distance away: the Redis both sides share (real redis-server, REST before
// it), or with `users` as its argument the Supabase of posta's accounts (PostgreSQL as PGlite, PostgREST's calls).
import { startSupabase } from '../test/fakes/supabase.ts'
import { startUpstash } from '../test/fakes/upstash.ts'

/** What the parent may ask; each is answered with `Told`. */
export type Ask = { slowMs: number } | { count: true } | { keys: [string, string][] } | { close: true }
export interface Told {
  url: string
  token: string
  requests: number
}

const store = process.argv[2] === 'users' ? null : await startUpstash()
const backend = store ?? (await startSupabase())
const token = 'token' in backend ? backend.token : backend.serviceKey
const tell = () => process.send?.({ url: backend.url, token, requests: backend.requests() } satisfies Told)

process.on('message', async (ask: Ask) => {
  if ('slowMs' in ask) backend.mode(ask.slowMs > 0 ? { kind: 'slow', ms: ask.slowMs } : { kind: 'ok' })
  if ('keys' in ask) for (const [key, value] of ask.keys) await store?.redis('SET', key, value)
  if ('count' in ask || 'slowMs' in ask) {
    tell()
    backend.reset()
  } else tell()
  if ('close' in ask) await backend.close().then(() => process.exit(0))
})
process.once('disconnect', () => process.exit(0))
tell()
