// The Redis both sides share, in a process of its own: real redis-server, REST before it, a chosen distance away.
import { startUpstash } from '../test/fakes/upstash.ts'

/** What the parent may ask; each is answered with `Told`. */
export type Ask = { slowMs: number } | { count: true } | { keys: [string, string][] } | { close: true }
export interface Told {
  url: string
  token: string
  requests: number
}

const upstash = await startUpstash()
const tell = () =>
  process.send?.({ url: upstash.url, token: upstash.token, requests: upstash.requests() } satisfies Told)

process.on('message', async (ask: Ask) => {
  if ('slowMs' in ask) upstash.mode(ask.slowMs > 0 ? { kind: 'slow', ms: ask.slowMs } : { kind: 'ok' })
  if ('keys' in ask) for (const [key, value] of ask.keys) await upstash.redis('SET', key, value)
  if ('count' in ask || 'slowMs' in ask) {
    tell()
    upstash.reset()
  } else tell()
  if ('close' in ask) await upstash.close().then(() => process.exit(0))
})
process.once('disconnect', () => process.exit(0))
tell()
