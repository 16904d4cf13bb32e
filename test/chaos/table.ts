// The outcome of runs as a Markdown table, one column per wiring, and under it whatever broke a promise.
import { type Outcome, seconds } from './run.ts'

const list = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none'

const ROWS: [what: string, tell: (outcome: Outcome) => string | number][] = [
  ['messages asked for', ({ plan }) => plan.messages],
  ['accepted', ({ load }) => load.accepted.length],
  ['requests repeated under their key', ({ load }) => load.retries],
  ['load', ({ loadMs }) => seconds(loadMs)],
  ['SIGKILLs', ({ kills }) => list(kills)],
  ['calls at the providers', ({ calls }) => calls],
  ['faulty ones', ({ calls, faults }) => `${share(faults, calls)} (${list(faults)})`],
  ['ended', ({ statuses }) => list(statuses)],
  ['**lost**', ({ lost }) => lost],
  ['**doubled at the keyed provider**', ({ doubled }) => doubled],
  ['doubtful, of these flagged', ({ doubtful, flagged }) => `${doubtful}, ${flagged}`],
  ['second copies at another provider', ({ extraCopies }) => extraCopies],
  ['**last row ended after healing**', ({ healMs }) => seconds(healMs)],
  ['**violations**', ({ violations }) => violations.length],
]

function share(faults: Outcome['faults'], calls: number): string {
  const faulty = Object.values(faults).reduce((sum, count) => sum + count, 0)
  return `${((100 * faulty) / Math.max(1, calls)).toFixed(1)} %`
}

export function reportOf(outcomes: Outcome[]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  const lines = [
    row([`seed ${outcomes[0]?.plan.seed}`, ...outcomes.map(({ plan }) => plan.wiring)]),
    row(['--', ...outcomes.map(() => '--')]),
    ...ROWS.map(([what, tell]) => row([what, ...outcomes.map(tell)])),
  ]
  const broken = outcomes.flatMap(({ plan, violations }) => violations.map((one) => `✗ ${plan.wiring} ${one}`))
  const shown = broken.slice(0, 40)
  if (broken.length > shown.length) shown.push(`… and ${broken.length - shown.length} more`)
  return [...lines, ...(shown.length > 0 ? ['', ...shown] : [])].join('\n')
}
