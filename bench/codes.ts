// Codes issued and checked: callers side by side, each asks for a code, takes it from the mail and has it checked.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Workerd } from '../test/chaos/workerd.ts'
import { cpuUs, median, quantile } from './backend.ts'
import type { Backend, Side } from './sides.ts'

export interface Round {
  codes: number
  perSecond: number
  /** Answer times of issuing and checking together, without the wait for the mail. */
  p50Ms: number
  issueP50Ms: number
  checkP50Ms: number
  /** workerd's, per code issued and checked. */
  cpuUs: number
}

/** More than a round gets through. */
const PEOPLE_MAX = 20_000
let people = 0

export async function round(
  side: Side,
  worker: Workerd,
  backend: Backend,
  ms: number,
  callers: number,
): Promise<Round> {
  const names = Array.from({ length: PEOPLE_MAX }, () => `bench-${people++}@example.com`)
  await side.prepare(names)
  const issues: number[] = []
  const checks: number[] = []
  const cpuBefore = cpuUs(worker.pid)
  const startedAt = performance.now()
  const end = startedAt + ms
  async function caller(): Promise<void> {
    for (let to = names.pop(); to !== undefined && performance.now() < end; to = names.pop()) {
      const mail = backend.mailbox.code(to)
      const askedAt = performance.now()
      const handle = await side.issue(worker.url, to)
      issues.push(performance.now() - askedAt)
      const code = await mail
      const checkedAt = performance.now()
      await side.check(worker.url, to, handle, code)
      checks.push(performance.now() - checkedAt)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const tookMs = performance.now() - startedAt
  // What goes on after the last answer belongs to the codes as well.
  await sleep(200)
  const cpu = cpuUs(worker.pid) - cpuBefore
  const both = issues.map((issue, at) => issue + (checks[at] ?? 0))
  return {
    codes: checks.length,
    perSecond: (checks.length * 1_000) / tookMs,
    p50Ms: median(both),
    issueP50Ms: quantile(issues, 0.5),
    checkP50Ms: quantile(checks, 0.5),
    cpuUs: cpu / checks.length,
  }
}

/** Requests of the store for one code issued and checked, once everything is warm. */
export async function trips(side: Side, worker: Workerd, backend: Backend) {
  const one = async () => {
    const to = `bench-${people++}@example.com`
    await side.prepare([to])
    await backend.facade.requests()
    const mail = backend.mailbox.code(to)
    const handle = await side.issue(worker.url, to)
    const code = await mail
    await sleep(300)
    const issue = await backend.facade.requests()
    await side.check(worker.url, to, handle, code)
    await sleep(300)
    return { issue, check: await backend.facade.requests() }
  }
  await one()
  return one()
}

/** Rounds of A and B in turn, medians of each figure. */
export async function sideBySide(
  sides: [Side, Workerd][],
  backend: Backend,
  rounds: number,
  ms: number,
  callers: number,
): Promise<Round[]> {
  const all = sides.map((): Round[] => [])
  for (const [side, worker] of sides) await round(side, worker, backend, ms / 3, callers)
  for (let n = 0; n < rounds; n++) {
    for (const [at, [side, worker]] of sides.entries()) all[at]?.push(await round(side, worker, backend, ms, callers))
  }
  return all.map((of) => ({
    codes: of.reduce((sum, one) => sum + one.codes, 0),
    perSecond: median(of.map((one) => one.perSecond)),
    p50Ms: median(of.map((one) => one.p50Ms)),
    issueP50Ms: median(of.map((one) => one.issueP50Ms)),
    checkP50Ms: median(of.map((one) => one.checkP50Ms)),
    cpuUs: median(of.map((one) => one.cpuUs)),
  }))
}
