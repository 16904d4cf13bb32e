// The figures as Markdown, each beside its target; a missed one says so.
import { type AccountFigures, accountTables } from './account-results.ts'
import type { Bytes } from './bytes.ts'
import type { Round } from './codes.ts'
import type { Drained } from './drain.ts'
import type { Flow } from './sides.ts'
import type { Start } from './start.ts'
import { row } from './table.ts'

export interface Comparison {
  distanceMs: number
  flow: Flow
  /** posta, Better Auth, the floor; `rounds` as well. */
  trips: { issue: number; check: number }[]
  rounds: Round[]
}

export interface Figures {
  at: string
  machine: string
  /** Before it began: other work on the machine. */
  load: number
  callers: number
  comparisons: Comparison[]
  accounts?: AccountFigures
  bytes?: { posta: Bytes; betterAuth: Bytes }
  starts?: Start[]
  renderUs?: number
  drained?: Drained[]
}

const FLOWS: Record<Flow, string> = {
  verify: 'a known address is proved, no session (the least Better Auth can do)',
  'sign-in': 'a new address signs in: user and session are made (what its plugin is for)',
}

const held = (good: boolean) => (good ? 'yes' : '**no**')

export function tableOf(figures: Figures): string {
  const lines = [
    '# Bench',
    '',
    `${figures.at.slice(0, 16).replace('T', ' ')} UTC, ${figures.machine}, load before it began ${figures.load.toFixed(1)}. Plain workerd, the same flags,`,
    `the same Redis over the same REST façade; ${figures.callers} callers; rounds in turn, medians. CPU is workerd’s alone.`,
    'The floor makes the same HTTP exchanges as posta and does nothing else: no code could be cheaper here.',
    '',
  ]
  for (const one of figures.comparisons) lines.push(...comparisonTable(one), '')
  if (figures.accounts) lines.push(...accountTables(figures.accounts))
  lines.push(row('what', 'posta', 'Better Auth', 'floor', 'target', 'held'), row('--', '--', '--', '--', '--', '--'))
  const [posta, other, floor] = figures.starts ?? []
  if (posta && other && floor) {
    const [answered, mailed] = [posta.answeredMs / other.answeredMs, posta.mailedMs / other.mailedMs]
    lines.push(
      row(
        'fresh isolate to its first code, CPU, less that of an empty Worker',
        `${posta.answeredMs.toFixed(0)} ms`,
        `${other.answeredMs.toFixed(0)} ms`,
        `${floor.answeredMs.toFixed(0)} ms`,
        '≤ 1/3',
        `${held(answered <= 1 / 3)} (${answered.toFixed(2)})`,
      ),
      row(
        '… and its mail has left',
        `${posta.mailedMs.toFixed(0)} ms`,
        `${other.mailedMs.toFixed(0)} ms`,
        `${floor.mailedMs.toFixed(0)} ms`,
        '',
        mailed.toFixed(2),
      ),
      row(
        '… of the whole process',
        ...[posta, other, floor].map((one) => `${(one.mailedMs + one.emptyMs).toFixed(0)} ms`),
        '',
        ((posta.mailedMs + posta.emptyMs) / (other.mailedMs + other.emptyMs)).toFixed(2),
      ),
    )
  }
  if (figures.bytes) {
    const { posta: ours, betterAuth } = figures.bytes
    lines.push(
      row(
        'bundle, gzip',
        `${ours.gzipKib.toFixed(0)} KiB`,
        `${betterAuth.gzipKib.toFixed(0)} KiB`,
        '',
        '≤ 450 KiB',
        held(ours.gzipKib <= 450),
      ),
    )
  }
  if (figures.renderUs !== undefined)
    lines.push(row('rendering a code mail, CPU', `${figures.renderUs.toFixed(0)} µs`, '', '', '', ''))
  lines.push(...drainRows(figures.drained ?? []), '')
  return lines.join('\n')
}

function comparisonTable({ distanceMs, flow, trips, rounds: [posta, other, floor] }: Comparison): string[] {
  if (!posta || !other || !floor) return []
  const [ours, theirs, least] = trips
  const speed = posta.perSecond / other.perSecond
  const wait = posta.p50Ms / other.p50Ms
  const line = (what: string, ratio: string, tell: (round: Round) => string) =>
    row(what, tell(posta), tell(other), tell(floor), ratio)
  const targetSpeed = distanceMs === 0 ? 4 : 3.5
  return [
    `## ${distanceMs} ms to the store: ${FLOWS[flow]}`,
    row('', 'posta', 'Better Auth', 'floor', 'posta to Better Auth'),
    row('--', '--', '--', '--', '--'),
    row(
      'requests to the store: issue + check',
      `${ours?.issue} + ${ours?.check}`,
      `${theirs?.issue} + ${theirs?.check}`,
      `${least?.issue} + ${least?.check}`,
      '',
    ),
    line(
      'codes issued and checked a second',
      `${speed.toFixed(2)} (target ≥ ${targetSpeed}: ${held(speed >= targetSpeed)})`,
      (one) => one.perSecond.toFixed(0),
    ),
    line(
      'both answers, p50',
      `${wait.toFixed(2)}${distanceMs > 0 ? ` (target ≤ 0.3: ${held(wait <= 0.3)})` : ''}`,
      (one) => `${one.p50Ms.toFixed(1)} ms`,
    ),
    line('issue, p50', (posta.issueP50Ms / other.issueP50Ms).toFixed(2), (one) => `${one.issueP50Ms.toFixed(1)} ms`),
    line('check, p50', (posta.checkP50Ms / other.checkP50Ms).toFixed(2), (one) => `${one.checkP50Ms.toFixed(1)} ms`),
    line('CPU a code', (posta.cpuUs / other.cpuUs).toFixed(2), (one) => `${(one.cpuUs / 1_000).toFixed(2)} ms`),
  ]
}

function drainRows(drained: Drained[]): string[] {
  return drained.map(({ store, depth, cpuUs, wallUs }) => {
    const base = drained.find((one) => one.store === store)
    const ratio = base ? cpuUs / base.cpuUs : 1
    const judged =
      depth === 100_000 ? ['≤ 1.3 of 1,000', `${held(ratio <= 1.3)} (${ratio.toFixed(2)})`] : ['', ratio.toFixed(2)]
    return row(
      `drain, ${store}, ${depth.toLocaleString('en')} queued`,
      `${cpuUs.toFixed(0)} µs CPU, ${wallUs.toFixed(0)} µs a message`,
      '',
      '',
      ...judged,
    )
  })
}
