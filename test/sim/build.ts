// Builds the world of a seed: the real use cases over simulated ports.
import type { Core } from '../../lib/core.ts'
import { jsonLog } from '../../lib/log.ts'
import type { Asked } from './asked.ts'
import type { Database } from './database.ts'
import { kernelOf } from './kernel.ts'
import { syncKeys } from './keys.ts'
import { type Isolate, netOf } from './net.ts'
import { pastOf } from './past.ts'
import { planOf } from './plan.ts'
import { rngOf } from './prng.ts'
import { providersFor } from './providers.ts'
import { schedulerOf } from './scheduler.ts'
import { storeFor } from './store.ts'
import type { Bug, Clock, World } from './world.ts'

export function worldOf(seed: number, db: Database, bug: Bug | null): World {
  const plan = planOf(seed)
  const kernel = kernelOf()
  const random = rngOf(seed, 'core')
  const cores = new Map<string, Core>()
  const world: World = {
    plan,
    kernel,
    net: netOf(kernel, plan, (error, where) => world.wrong(error, where)),
    db,
    keys: syncKeys({ kid: 'k1', bytes: rngOf(seed, 'secret').bytes(32) }, (count) => random.bytes(count)),
    bug,
    clock: null as unknown as Clock,
    checkers: [],
    copies: [],
    lines: [],
    secrets: new Set(),
    hashed: new Map(),
    past: pastOf(),
    violation: null,
    fail(invariant, subject, detail) {
      world.violation ??= { invariant, subject, detail }
      kernel.note(`VIOLATION ${invariant}: ${detail} ${subject}`)
      kernel.stop()
    },
    wrong(error, where) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
      world.fail('nothing but faults is thrown', where, detail)
    },
    coreOf(isolate) {
      const known = cores.get(isolate.name)
      if (known) return known
      const core = coreFor(world, isolate, null, (count) => random.bytes(count))
      cores.set(isolate.name, core)
      return core
    },
    coreFor: (isolate, asked) => coreFor(world, isolate, asked, (count) => random.bytes(count)),
    invoke: (what, use) => world.net.invoke(what, (isolate) => use(world.coreOf(isolate))),
  }
  world.clock = schedulerOf(world)
  return world
}

function coreFor(
  world: World,
  isolate: Isolate,
  asked: Asked | null,
  random: (count: number) => Uint8Array<ArrayBuffer>,
): Core {
  const now = () => world.kernel.wall() + isolate.skewMs
  const write = jsonLog((line) => world.lines.push(line), now)
  return {
    store: storeFor(world, isolate, asked),
    scheduler: world.clock.schedulerFor(isolate),
    sleep: (ms) => world.kernel.sleep(ms),
    providers: providersFor(world, isolate, now),
    renderer: {
      versionOf: () => 1,
      clean: async (html) => ({ html, text: html }),
      render: async ({ template, data }) => ({
        subject: template,
        html: '',
        text: JSON.stringify({ code: data.code ?? null, link: data.link ?? null, note: data.note ?? null }),
        short: null,
        attachments: [],
      }),
    },
    keys: world.keys,
    policy: {
      codeDigits: 6,
      codeLifeMs: null,
      sending: true,
      instead: null,
      limits: true,
      appName: 'Teatro',
      appUrl: 'https://app.example/verify',
      from: { address: 'hola@app.example', name: 'Teatro' },
      replyTo: null,
      locale: 'es',
      site: { timeZone: 'UTC', currency: 'USD', region: null },
    },
    log(level, event, fields = {}) {
      if (fields.error !== undefined && fields.port === undefined) world.wrong(fields.error, `logged by ${event}`)
      write(level, event, fields)
    },
    now,
    random,
    tellOperator: async () => {},
  }
}
