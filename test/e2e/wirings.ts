// The two wirings every story runs on. A wiring knows what to start beside the Worker and which settings that gives.
import { describe } from 'vitest'
import { freePort } from '../fakes/free-port.ts'
import { type Qstash, startQstash } from '../fakes/qstash.ts'
import { type Supabase, startSupabase } from '../fakes/supabase.ts'
import { redisMissing, startUpstash, type Upstash } from '../fakes/upstash.ts'
import { newState, startWorker, type Worker } from './worker.ts'

export interface Backends {
  upstash: Upstash
  qstash: Qstash
  /** One for all starts of a wiring: its accounts stay. */
  supabase: Supabase
}

export interface Running extends Worker {
  /** null on the embedded wiring. */
  backends: Backends | null
  /** Everything at rest outside the Worker's own state folder, as text, but for the accounts in Supabase. */
  dump: () => Promise<string>
  /** A new process over the same state, after stop or kill. */
  /** On the same state; `vars` take the place of what it had. */
  restart: (vars?: Record<string, string>) => Promise<Running>
}

export interface Wiring {
  start: (vars?: Record<string, string>) => Promise<Running>
  /** Ends what was started beside the Workers. */
  close: () => Promise<void>
}

async function embedded(): Promise<Wiring> {
  const start = async (vars: Record<string, string> = {}, state = newState()): Promise<Running> => ({
    ...(await startWorker(vars, { state })),
    backends: null,
    dump: async () => '',
    restart: (more = {}) => start({ ...vars, ...more }, state),
  })
  return { start, close: async () => {} }
}

/** Redis and QStash are new for every start and last until the wiring closes. */
export async function distributed(): Promise<Wiring> {
  const supabase = await startSupabase()
  const started: Backends[] = []
  const run = async (
    vars: Record<string, string>,
    backends: Backends,
    port: number,
    state: string,
  ): Promise<Running> => ({
    ...(await startWorker({ ...settingsOf(backends, port), ...vars }, { state, port })),
    backends,
    dump: async () => `${await backends.upstash.dump()}\n${backends.qstash.dump()}`,
    restart: (more = {}) => run({ ...vars, ...more }, backends, port, state),
  })
  return {
    start: async (vars = {}) => {
      const backends = { upstash: await startUpstash(), qstash: await startQstash({ timeScale: 10 }), supabase }
      started.push(backends)
      return run(vars, backends, await freePort(), newState())
    },
    close: async () => {
      for (const { upstash, qstash } of started) await Promise.all([upstash.close(), qstash.close()])
      await supabase.close()
    },
  }
}

export function settingsOf({ upstash, qstash, supabase }: Backends, port: number): Record<string, string> {
  return {
    UPSTASH_REDIS_REST_URL: upstash.url,
    UPSTASH_REDIS_REST_TOKEN: upstash.token,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: qstash.keys.current,
    QSTASH_NEXT_SIGNING_KEY: qstash.keys.next,
    SUPABASE_URL: supabase.url,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceKey,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  }
}

const WIRINGS = [
  { name: 'embedded', missing: null, open: embedded },
  { name: 'distributed', missing: redisMissing, open: distributed },
]

/**
 * Describes the same stories on every wiring, both at once, each story after the other; a wiring that this machine cannot
 * run is skipped by name.
 */
export function onEachWiring(title: string, stories: (open: () => Promise<Wiring>) => void): void {
  for (const { name, missing, open } of WIRINGS) {
    const wiring = `on ${name}${missing ? ` (${missing})` : ''}`
    describe.skipIf(missing !== null)(wiring, { concurrent: true }, () => {
      describe(title, { concurrent: false }, () => stories(open))
    })
  }
}
