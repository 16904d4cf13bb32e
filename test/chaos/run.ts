// One run: load, faults and kills at once; then everything heals, and the clock runs until the last row has ended.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Chance, chance } from './chance.ts'
import { type Accepted, askForCodes, type Load } from './load.ts'
import { type Stack, startStack, type Victim, type WiringName } from './stack.ts'
import type { Fault } from './vendors.ts'
import { hasEnded, judge, type Row, type Verdict } from './verdict.ts'

export interface Plan {
  wiring: WiringName
  messages: number
  perSecond: number
  seed: number
  /** Between two kills, on average. */
  killEveryMs: number
  /** The platform's cron is a minute's. */
  cronMs: number
  /** After healing nothing takes longer than this, or it counts as lost. */
  patienceMs: number
}

export interface Outcome extends Verdict {
  plan: Plan
  load: Load
  kills: Record<string, number>
  faults: Partial<Record<Fault, number>>
  calls: number
  loadMs: number
  /** From healing to the end of the last row; 0 = it had ended before. */
  healMs: number
}

const DOWN_MS = [50, 900] as const

export async function runChaos(plan: Plan, say: (line: string) => void = () => {}): Promise<Outcome> {
  const chances = chance(plan.seed)
  const stack = await startStack(plan.wiring, chances)
  const cron = setInterval(() => void stack.sweep(), plan.cronMs)
  try {
    const startedAt = Date.now()
    const over = new AbortController()
    const reaped = reap(stack.victims, chances, plan.killEveryMs, over.signal)
    const load = await askForCodes(stack, chances, plan.messages, plan.perSecond)
    over.abort()
    const kills = await reaped
    stack.vendors.heal()
    const healedAt = Date.now()
    say(
      `${plan.wiring}: ${load.accepted.length} accepted in ${seconds(healedAt - startedAt)}, healed; waiting for the last`,
    )
    const rows = await whenEnded(stack, load.accepted, healedAt + plan.patienceMs, say)
    const verdict = judge(load.accepted, rows, stack.vendors.accepted())
    for (const refused of load.refused) verdict.violations.push(`${refused.person}: refused with ${refused.status}`)
    if (load.accepted.length + load.refused.length !== plan.messages) verdict.violations.push('a request was forgotten')
    return {
      ...verdict,
      plan,
      load,
      kills,
      faults: stack.vendors.faults(),
      calls: stack.vendors.calls(),
      loadMs: healedAt - startedAt,
      healMs: Math.max(0, verdict.lastEndedAt - healedAt),
    }
  } finally {
    clearInterval(cron)
    await stack.close()
  }
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** Kills one thing after the other, and starts it again a moment later, until the signal; then everything is up. */
async function reap(victims: Victim[], chances: Chance, everyMs: number, over: AbortSignal) {
  const kills: Record<string, number> = {}
  for (let n = 0; !over.aborted; n++) {
    await sleep(chances.between(everyMs / 2, everyMs * 1.5, 'pause', n), undefined, { signal: over }).catch(() => {})
    if (over.aborted) break
    const victim = pick(victims, chances, n)
    if (!victim) continue
    await victim.kill()
    kills[victim.kind] = (kills[victim.kind] ?? 0) + 1
    await sleep(chances.between(...DOWN_MS, 'down', n))
    await victim.start()
  }
  return kills
}

/** Each kind once, then by chance; within a kind always by chance. */
function pick(victims: Victim[], chances: Chance, n: number): Victim | undefined {
  const kinds = [...new Set(victims.map((victim) => victim.kind))]
  const kind = kinds[n < kinds.length ? n : Math.floor(chances.between(0, kinds.length, 'kind', n))]
  const alike = victims.filter((victim) => victim.kind === kind)
  return alike[Math.floor(chances.between(0, alike.length, 'victim', n))]
}

/** Reads the record of every accepted message, again and again while it has not ended. */
async function whenEnded(
  stack: Stack,
  accepted: Accepted[],
  until: number,
  say: (line: string) => void,
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  let open = accepted.map((one) => one.messageId)
  for (let told = Date.now(); ; ) {
    for (let at = 0; at < open.length; at += 16) {
      const read = await Promise.all(open.slice(at, at + 16).map((id) => rowOf(stack, id)))
      for (const row of read) if (row) rows.set(row.id, row)
    }
    open = open.filter((id) => {
      const row = rows.get(id)
      return !row || !hasEnded(row)
    })
    if (open.length === 0 || Date.now() > until) return rows
    if (Date.now() - told > 10_000) {
      told = Date.now()
      say(`${open.length} have not ended yet`)
    }
    await sleep(500)
  }
}

let turn = 0
async function rowOf({ urls, key }: Stack, id: string): Promise<Row | null> {
  const url = `${urls[turn++ % urls.length]}/v1/messages/${id}`
  const response = await fetch(url, { headers: { Authorization: `Bearer ${key}` } }).catch(() => null)
  return response?.ok ? ((await response.json()) as Row) : null
}
