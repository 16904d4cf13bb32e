// What a fresh isolate costs until its first code has been answered, and until its mail has left: CPU of a new process,
// less that of one whose Worker answers a word.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bundle, startWorkerd, type Workerd } from '../test/chaos/workerd.ts'
import { freePort } from '../test/fakes/free-port.ts'
import { cpuUs, median } from './backend.ts'
import type { Backend, Side } from './sides.ts'

const ROUNDS = 9

export interface Start {
  name: string
  answeredMs: number
  mailedMs: number
  /** What was taken off: a process whose Worker answers a word. */
  emptyMs: number
}

export async function starts(sides: Side[], backend: Backend): Promise<Start[]> {
  const empty = await emptyBundle(backend.folder)
  const spent = {
    empty: [] as number[],
    answered: sides.map((): number[] => []),
    mailed: sides.map((): number[] => []),
  }
  for (let n = 0; n < ROUNDS; n++) {
    const worker = await startWorkerd(empty, {
      vars: {},
      state: join(backend.folder, 'empty-state'),
      port: await freePort(),
      cronPort: await freePort(),
    })
    await (await fetch(worker.url)).text()
    spent.empty.push(await ended(worker))
    for (const [at, side] of sides.entries()) {
      const first = await firstCode(side, backend, `first-${n}-${at}@example.com`)
      spent.answered[at]?.push(first.answered)
      spent.mailed[at]?.push(first.mailed)
    }
  }
  const base = median(spent.empty)
  return sides.map(({ name }, at) => ({
    name,
    answeredMs: (median(spent.answered[at] ?? []) - base) / 1_000,
    mailedMs: (median(spent.mailed[at] ?? []) - base) / 1_000,
    emptyMs: base / 1_000,
  }))
}

async function firstCode(side: Side, { mailbox }: Backend, to: string) {
  await side.prepare([to])
  const worker = await side.start()
  const mail = mailbox.code(to)
  await side.issue(worker.url, to)
  const answered = cpuUs(worker.pid)
  await mail
  return { answered, mailed: await ended(worker) }
}

async function ended(worker: Workerd): Promise<number> {
  const used = cpuUs(worker.pid)
  await worker.kill()
  return used
}

async function emptyBundle(folder: string): Promise<Bundle> {
  const own = join(folder, 'empty')
  mkdirSync(own)
  writeFileSync(join(own, 'index.js'), "export default { fetch: () => new Response('ok') }\n")
  const compatibility = { compatibilityDate: '2026-10-20', compatibilityFlags: ['nodejs_compat'] }
  return { folder: own, modules: ['index.js'], objects: [], ...compatibility }
}
