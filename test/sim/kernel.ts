// The kernel: a virtual clock and one event queue. Nothing in the simulation happens but by an event of it.
import { createHash } from 'node:crypto'

/** The wall clock's first instant: 2026-01-05T08:00:00Z. */
const START_AT = 1_767_600_000_000

export interface Kernel {
  /** Ms since the start, by a clock that never jumps: latencies and timeouts are counted in it. */
  base(): number
  /** Epoch ms, by a clock that jumps. */
  wall(): number
  jump(byMs: number): void
  /** Runs once, `ms` from now; events of one instant run in the order they were asked for. */
  after(ms: number, run: () => void): void
  sleep(ms: number): Promise<void>
  /** Base time of the next event; null when there is none. */
  nextAt(): number | null
  /** Runs event by event until none is left, or `stop`. */
  run(): Promise<void>
  stop(): void
  note(line: string): void
  readonly trace: string[]
  hash(): string
}

interface Event {
  at: number
  order: number
  run: () => void
}

export function kernelOf(): Kernel {
  const heap: Event[] = []
  const trace: string[] = []
  let base = 0
  let offset = START_AT
  let order = 0
  let stopped = false
  const kernel: Kernel = {
    base: () => base,
    wall: () => base + offset,
    jump(byMs) {
      offset += byMs
      kernel.note(`clock jumps ${byMs} ms`)
    },
    after(ms, run) {
      push(heap, { at: base + Math.max(0, Math.round(ms)), order: order++, run })
    },
    sleep: (ms) => new Promise((resolve) => kernel.after(ms, resolve)),
    nextAt: () => heap[0]?.at ?? null,
    async run() {
      for (let event = pop(heap); event && !stopped; event = pop(heap)) {
        base = event.at
        event.run()
        // Everything real that an event starts is a microtask: the next macrotask finds all of it settled.
        await new Promise(setImmediate)
      }
    },
    stop() {
      stopped = true
    },
    note(line) {
      trace.push(`${(base / 1_000).toFixed(3).padStart(9)} ${line}`)
    },
    trace,
    hash: () => createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16),
  }
  return kernel
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Event[], event: Event): void {
  let at = heap.length
  heap.push(event)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!before(event, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = event
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (!first || !last || first === last) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
    if (!before(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
  return first
}
