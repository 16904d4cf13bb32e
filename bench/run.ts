// `npm run bench`: posta beside Better Auth in plain workerd, its drain, its start and its size; writes RESULTS.md.
// npm run bench -- [--rounds 5] [--seconds 4] [--callers 16] [--only codes,accounts,start,drain,render,bytes]
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { betterAuthAccounts, postaAccounts } from './account-sides.ts'
import { ACCOUNT_CALLERS, ACCOUNT_SECONDS_MAX, accountsSideBySide, accountTrips } from './accounts.ts'
import { startFacade, startMailbox } from './backend.ts'
import { bytesOf } from './bytes.ts'
import { sideBySide, trips } from './codes.ts'
import { drain, renderUs, startInside } from './drain.ts'
import { type Comparison, type Figures, tableOf } from './results.ts'
import { betterAuthSide, type Flow, floorSide, postaSide } from './sides.ts'
import { starts } from './start.ts'

/** Only a run of all of it writes RESULTS.md. */
const EVERYTHING = 'codes,accounts,start,drain,render,bytes'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    callers: { type: 'string', default: '16' },
    only: { type: 'string', default: EVERYTHING },
  },
})
if (!existsSync(join(import.meta.dirname, 'node_modules/better-auth'))) {
  console.error('posta: Better Auth is not installed: npm ci --prefix bench')
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const folder = mkdtempSync(join(tmpdir(), 'posta-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const wants = (what: string) => values.only.split(',').includes(what)
const say = (line: string) => console.log(line)
const backend = { folder, facade: await startFacade(), mailbox: await startMailbox() }
let flow: Flow = 'verify'
const posta = await postaSide(backend)
const betterAuth = await betterAuthSide(backend, () => flow)
const floor = await floorSide(backend)
const figures: Figures = {
  at: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
  load: loadavg()[0] ?? 0,
  callers: Number(values.callers),
  comparisons: [],
}

if (wants('bytes')) figures.bytes = { posta: bytesOf(posta.bundle), betterAuth: bytesOf(betterAuth.bundle) }

if (wants('start')) {
  figures.starts = await starts([posta, betterAuth, floor], backend)
  say(JSON.stringify(figures.starts))
}

if (wants('codes')) {
  const workers = [await posta.start(), await betterAuth.start(), await floor.start()] as const
  const pairs: Parameters<typeof sideBySide>[0] = [
    [posta, workers[0]],
    [betterAuth, workers[1]],
    [floor, workers[2]],
  ]
  for (const [distanceMs, next] of [
    [0, 'verify'],
    [20, 'verify'],
    [0, 'sign-in'],
    [20, 'sign-in'],
  ] as [number, Flow][]) {
    flow = next
    await backend.facade.slow(0)
    const counted = []
    for (const [side, worker] of pairs) counted.push(await trips(side, worker, backend))
    await backend.facade.slow(distanceMs)
    const rounds = await sideBySide(
      pairs,
      backend,
      Number(values.rounds),
      Number(values.seconds) * 1_000,
      Number(values.callers),
    )
    const comparison = { distanceMs, flow, trips: counted, rounds } satisfies Comparison
    figures.comparisons.push(comparison)
    say(JSON.stringify(comparison))
  }
  await backend.facade.slow(0)
  for (const worker of workers) await worker.kill()
}

if (wants('accounts')) {
  const users = await startFacade('users')
  const sides = [
    await postaAccounts({ ...backend, users }, posta.bundle),
    await betterAuthAccounts(backend, betterAuth.bundle),
  ]
  const pairs: Parameters<typeof accountsSideBySide>[0] = []
  for (const side of sides) pairs.push([side, await side.start()])
  const callers = Math.min(figures.callers, ACCOUNT_CALLERS)
  const seconds = Math.min(Number(values.seconds), ACCOUNT_SECONDS_MAX)
  const comparisons = []
  for (const distanceMs of [0, 20]) {
    for (const facade of [backend.facade, users]) await facade.slow(0)
    const trips = []
    for (const [side, worker] of pairs) trips.push(await accountTrips(side, worker, { ...backend, users }))
    for (const facade of [backend.facade, users]) await facade.slow(distanceMs)
    const rounds = await accountsSideBySide(pairs, backend, Number(values.rounds), seconds * 1_000, callers)
    comparisons.push({ distanceMs, trips, rounds })
    say(JSON.stringify(comparisons.at(-1)))
  }
  figures.accounts = { callers, comparisons }
  await backend.facade.slow(0)
  for (const [, worker] of pairs) await worker.kill()
  await users.close()
}

if (wants('drain') || wants('render')) {
  const inside = await startInside(folder)
  if (wants('render')) figures.renderUs = await renderUs(inside)
  if (wants('drain')) figures.drained = await drain(inside, say)
  await inside.kill()
}

await backend.facade.close()
await backend.mailbox.close()
const table = tableOf(figures)
console.log(table)
// What people wrote under the mark stays.
const results = join(import.meta.dirname, 'RESULTS.md')
const MARK = '<!-- by hand -->'
if (values.only === EVERYTHING) {
  const notes = existsSync(results) ? (readFileSync(results, 'utf8').split(MARK)[1] ?? '') : ''
  writeFileSync(results, `${table}\n${MARK}${notes}`)
}
process.exit(0)
