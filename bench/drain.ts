// What draining one message costs with 1,000, 10,000 and 100,000 queued, on both stores; and what rendering costs.
import { join } from 'node:path'
import { buildBundle, startWorkerd, type Workerd } from '../test/chaos/workerd.ts'
import { freePort } from '../test/fakes/free-port.ts'
import { cpuUs, type Facade, median, startFacade } from './backend.ts'

const DEPTHS = [1_000, 10_000, 100_000]
const TURNS = 7
const TURN_MESSAGES = 120
const RENDERS = 1_000

export interface Drained {
  store: string
  depth: number
  /** CPU of workerd and redis-server together, and wall time, per message. */
  cpuUs: number
  wallUs: number
}

export async function startInside(folder: string): Promise<Workerd> {
  const bundle = await buildBundle(join(folder, 'inside'), join(import.meta.dirname, 'inside'))
  return startWorkerd(bundle, {
    vars: {},
    state: join(folder, 'inside-state'),
    port: await freePort(),
    cronPort: await freePort(),
  })
}

async function pull(worker: Workerd, handle: string): Promise<void> {
  const response = await fetch(`${worker.url}${handle}`)
  if (!response.ok) throw new Error(`${handle}: ${response.status} ${worker.logs().slice(-2_000)}`)
  await response.text()
}

/** One store per depth, so that turns of all depths alternate and the machine's moods meet them alike. */
export async function drain(worker: Workerd, say: (line: string) => void): Promise<Drained[]> {
  const all: Drained[] = []
  for (const kind of ['sqlite', 'redis'] as const) {
    const facades = kind === 'redis' ? await Promise.all(DEPTHS.map(() => startFacade())) : []
    const stores = DEPTHS.map((depth, at) => new Queue(worker, depth, facades[at] ?? null))
    // The shallow one first, until everything is compiled.
    for (const store of stores) for (let n = 0; n < 3 * TURNS; n++) await store.turn()
    const turns = stores.map((): Turn[] => [])
    for (let n = 0; n < TURNS; n++) {
      for (const [at, store] of stores.entries()) turns[at]?.push(await store.turn())
    }
    for (const [at, depth] of DEPTHS.entries()) {
      const of = (tell: (turn: Turn) => number) => median((turns[at] ?? []).map(tell)) / TURN_MESSAGES
      const one = { store: kind, depth, cpuUs: of(({ cpu }) => cpu), wallUs: of(({ wall }) => wall) }
      say(`${kind} with ${depth} queued: ${one.cpuUs.toFixed(0)} µs CPU, ${one.wallUs.toFixed(0)} µs a message`)
      all.push(one)
    }
    for (const facade of facades) await facade.close()
  }
  return all
}

interface Turn {
  cpu: number
  wall: number
}

/** A store kept at one depth: refilled before each turn. */
class Queue {
  readonly worker: Workerd
  readonly depth: number
  readonly facade: Facade | null
  #queued = 0

  constructor(worker: Workerd, depth: number, facade: Facade | null) {
    this.worker = worker
    this.depth = depth
    this.facade = facade
  }

  #ask(what: string, count: number): Promise<void> {
    const { url, token } = this.facade ?? { url: '', token: '' }
    const query = new URLSearchParams({ count: String(count), object: `at-${this.depth}`, url, token })
    return pull(this.worker, `/${what}?${query}`)
  }

  async turn(): Promise<Turn> {
    while (this.#queued < this.depth) {
      const count = Math.min(2_000, this.depth - this.#queued)
      await this.#ask('fill', count)
      this.#queued += count
    }
    const used = () => cpuUs(this.worker.pid) + (this.facade ? cpuUs(this.facade.redisPid) : 0)
    const [cpu, wall] = [used(), performance.now()]
    await this.#ask('drain', TURN_MESSAGES)
    this.#queued -= TURN_MESSAGES
    return { cpu: used() - cpu, wall: (performance.now() - wall) * 1_000 }
  }
}

/** CPU of one code mail, once React is warm. */
export async function renderUs(worker: Workerd): Promise<number> {
  await pull(worker, `/render?count=${RENDERS}`)
  const rounds = []
  for (let n = 0; n < TURNS; n++) {
    const before = cpuUs(worker.pid)
    await pull(worker, `/render?count=${RENDERS}`)
    rounds.push((cpuUs(worker.pid) - before) / RENDERS)
  }
  return median(rounds)
}
