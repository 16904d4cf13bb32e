// One way to Redis: a script by its hash, one second, one repeat, and no error that quotes a command.

import type { Redis } from '@upstash/redis/cloudflare'
import { Fault } from '../../outcome/fault.ts'
import { REPAIR, TIMEOUTS } from '../../rules/numbers.ts'
import { SCHEMA } from './keys.ts'
import { SCRIPTS, type ScriptName } from './scripts.ts'

export interface RedisConfig {
  /** REST URL of the database. */
  url: string
  token: string
  /** Per request; default 1 s. */
  timeoutMs?: number
}

/** This request's own random name: no two ever meet. */
export const newToken = (): string => crypto.randomUUID()

export interface Client {
  /**
   * Runs one step. `token` names the request: a repeat after a lost answer carries the same and changes nothing twice.
   * Throws `Fault('store')`.
   */
  run(name: ScriptName, keys: string[], request: unknown, token?: string): Promise<unknown>
  ping(): Promise<void>
  /** Some keys of a pattern, and the cursor for the next ones: `0` begins, and ends. */
  scan(pattern: string, cursor: string): Promise<{ keys: string[]; cursor: string }>
}

export function redisClient({ url, token, timeoutMs = TIMEOUTS.redisMs }: RedisConfig): Client {
  let opened: Redis | undefined
  /** A step of this isolate has found nothing that is newer than this code. */
  let isKnownSchema = false

  async function open(): Promise<Redis> {
    const { Redis } = await import('@upstash/redis/cloudflare')
    return new Redis({
      url,
      token,
      automaticDeserialization: false,
      // Replies are JSON in UTF-8 already: base64 around them is one more pass on either side.
      responseEncoding: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
      // Fetch bounds the body of a keepalive request to 64 KiB.
      keepAlive: false,
      // `false` would still mean two.
      retry: { retries: 0 },
      signal: () => AbortSignal.timeout(timeoutMs),
    })
  }

  async function ask<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    // Kept once it is there: a failed load is tried again with the next call.
    opened ??= await open()
    const redis = opened
    try {
      return await work(redis)
    } catch (error) {
      // Redis has spoken: saying it again would change nothing.
      if (isAnswer(error)) throw new Fault('store', { cause: scrubbed(error) })
    }
    try {
      return await work(redis)
    } catch (error) {
      throw new Fault('store', { cause: scrubbed(error) })
    }
  }

  return {
    async ping() {
      await ask((redis) => redis.ping())
    },
    async scan(pattern, cursor) {
      const [next, keys] = await ask((redis) => redis.scan(cursor, { match: pattern, count: REPAIR.keysMax }))
      return { keys, cursor: String(next) }
    },
    async run(name, keys, request, token = newToken()) {
      const asked = isKnownSchema ? request : { ...(request as object), schema: SCHEMA }
      const args = [JSON.stringify(asked), token]
      const sha = await shaOf(name)
      const answer = await ask(async (redis) => {
        try {
          return await redis.evalsha(sha, keys, args)
        } catch (error) {
          if (!isAnswer(error) || !/^.{0,9}noscript/i.test(error.message)) throw error
          return redis.eval(SCRIPTS[name], keys, args)
        }
      })
      isKnownSchema = true
      return answer
    },
  }
}

const shas = new Map<ScriptName, string>()

async function shaOf(name: ScriptName): Promise<string> {
  const known = shas.get(name)
  if (known) return known
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(SCRIPTS[name]))
  const sha = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  shas.set(name, sha)
  return sha
}

/** The SDK's class for what Redis itself refused; its message goes on to quote the whole command. */
const isAnswer = (error: unknown): error is Error => error instanceof Error && error.name === 'UpstashError'

/** An error that tells Redis's own code (`READONLY`, `WRONGPASS`, `ERR`) or the class, and nothing else. */
function scrubbed(error: unknown): Error {
  const kind = error instanceof Error ? error.name : typeof error
  const code = isAnswer(error) ? /^[A-Z]{2,20}\b/.exec(error.message)?.[0] : undefined
  const line = isAnswer(error) ? /user_script:(\d{1,5}):/.exec(error.message)?.[1] : undefined
  const clean = new Error(`redis: ${code ?? kind}${line ? ` in line ${line}` : ''}`)
  clean.name = code ? `Redis${code}` : kind
  return clean
}
