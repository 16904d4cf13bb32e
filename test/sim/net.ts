// Isolates and the network between everybody: every call of a port gets its latency and its fate here.
import { Fault } from '../../lib/outcome/fault.ts'
import type { Kernel } from './kernel.ts'
import type { Party, Plan } from './plan.ts'
import { type Rng, rngOf } from './prng.ts'

/** A place where the Worker's code runs; a crash ends everything under way in it. */
export interface Isolate {
  name: string
  skewMs: number
  alive: boolean
  deaths: (() => void)[]
}

export type Fate = 'ok' | 'lost request' | 'lost answer' | 'late' | 'crash before' | 'crash after'

/** What a caller outside sees of a request. */
export type Answer<T> = { kind: 'answer'; value: T } | { kind: 'unavailable' } | { kind: 'lost' }

export interface Net {
  isDown(party: Party): boolean
  fateOf(party: Party): Fate
  latency(typicalMs: number): number
  crash(isolate: Isolate, why: string): void
  /** One call of a port: `apply` runs at the other side, at once or never. Rejects when the caller cannot know. */
  carry<T>(from: Isolate, party: Party, what: () => string, apply: () => T): Promise<T>
  /** One request from outside to any isolate. */
  invoke<T>(what: string, use: (isolate: Isolate) => Promise<T>): Promise<Answer<T>>
}

const GIVES_UP_MS = 1_000

export function netOf(kernel: Kernel, plan: Plan, wrong: (error: unknown, where: string) => void): Net {
  const rng: Rng = rngOf(plan.seed, 'net')
  const isolates: Isolate[] = []
  let born = 0
  const spawn = (): Isolate => ({
    name: `w${++born}`,
    skewMs: rng.int(-plan.skewMs, plan.skewMs),
    alive: true,
    deaths: [],
  })
  for (let n = 0; n < plan.isolates; n++) isolates.push(spawn())
  const healed = () => kernel.base() >= plan.healAt

  const net: Net = {
    isDown: (party) => plan.windows.some((w) => w.party === party && w.from <= kernel.base() && kernel.base() < w.to),
    fateOf(party) {
      const drawn = rng.next()
      if (healed()) return 'ok'
      if (net.isDown(party)) return 'lost request'
      let left = drawn
      for (const [fate, chance] of Object.entries(plan.fates) as [Fate, number][]) {
        left -= chance
        if (left < 0) return fate
      }
      return 'ok'
    },
    latency: (typicalMs) => typicalMs * (0.5 + rng.next()) + (rng.chance(0.02) ? typicalMs * 20 * rng.next() : 0),
    crash(isolate, why) {
      if (!isolate.alive) return
      isolate.alive = false
      kernel.note(`${isolate.name} crashes ${why}`)
      isolates[isolates.indexOf(isolate)] = spawn()
      for (const death of isolate.deaths) death()
    },
    carry(from, party, what, apply) {
      return new Promise((resolve, reject) => {
        const fate = net.fateOf(party)
        const after = (ms: number, run: () => void) => kernel.after(ms, () => from.alive && run())
        if (fate === 'crash before') return after(0, () => net.crash(from, `before ${what()}`))
        if (fate === 'lost request') {
          kernel.note(`${from.name} ${what()} request lost`)
          return after(net.latency(GIVES_UP_MS), () => reject(new Error('lost')))
        }
        if (fate === 'late') after(net.latency(GIVES_UP_MS), () => reject(new Error('lost')))
        // Once it is on its way the request arrives, whether or not its sender still lives.
        kernel.after(net.latency(fate === 'late' ? 3 * GIVES_UP_MS : 8), () => {
          const value = apply()
          kernel.note(`${from.name} ${what()}${fate === 'ok' ? '' : ` (${fate})`}`)
          if (fate === 'crash after') return net.crash(from, `after ${what()}`)
          if (fate === 'lost answer') after(net.latency(GIVES_UP_MS), () => reject(new Error('lost')))
          if (fate === 'ok') after(net.latency(8), () => resolve(value))
        })
      })
    },
    invoke(what, use) {
      return new Promise((resolve) => {
        const fate = net.fateOf('workers')
        const isolate = rng.pick(isolates)
        if (fate === 'lost request') return kernel.after(net.latency(GIVES_UP_MS), () => resolve({ kind: 'lost' }))
        const told = (ms: number, answer: Parameters<typeof resolve>[0]) => kernel.after(ms, () => resolve(answer))
        const start = () => {
          if (!isolate.alive) return resolve({ kind: 'lost' })
          kernel.note(`${isolate.name} begins ${what}`)
          isolate.deaths.push(() => told(10, { kind: 'lost' }))
          use(isolate).then(
            (value) => told(net.latency(20), fate === 'lost answer' ? { kind: 'lost' } : { kind: 'answer', value }),
            (error) => {
              if (!(error instanceof Fault)) wrong(error, what)
              told(net.latency(20), { kind: 'unavailable' })
            },
          )
        }
        kernel.after(net.latency(20), start)
      })
    },
  }
  return net
}
