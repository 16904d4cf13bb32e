// `npm test`: format and lint, types, all vitest projects; ends with `N passed, N failed, N skipped`.
// Arguments go to vitest: npm test -- test/node/architecture.test.ts
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { styleText } from 'node:util'

/** The part of vitest's json reporter that is read here. */
interface Report {
  success: boolean
  testResults: {
    name: string
    status: string
    assertionResults: { fullName: string; status: string }[]
  }[]
}

interface Count {
  passed: number
  failed: number
  skipped: string[]
}

const ROOT = join(import.meta.dirname, '..')
/** The types of the Workers runtime and of wrangler.toml's bindings: made anew, not kept in the repository. */
const TYPES = ['types', '--strict-vars=false', '--env-file=.dev.vars.example']

let running: ChildProcess | undefined

/** Runs a program of node_modules under this Node, its output unchanged; resolves to true when it ended with 0. */
function run(script: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    running = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
    })
    running.once('error', () => resolve(false))
    running.once('exit', (code) => resolve(code === 0))
  })
}

/** Counts tests; a file that could not be run at all is one failure. null when there is no report to read. */
function count(path: string): Count | null {
  let report: Report
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return null
  }
  const total: Count = { passed: 0, failed: 0, skipped: [] }
  for (const file of report.testResults) {
    const failedBefore = total.failed
    for (const test of file.assertionResults) {
      if (test.status === 'passed') total.passed++
      else if (test.status === 'failed') total.failed++
      else total.skipped.push(`${relative(ROOT, file.name)} > ${test.fullName}`)
    }
    if (file.status === 'failed' && total.failed === failedBefore) total.failed++
  }
  return total
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    running?.kill(signal)
    process.exit(1)
  })
}

const problems: string[] = []
const stages: [name: string, script: string, args: string[]][] = [
  ['format and lint: biome check', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings']],
  ['worker-configuration.d.ts: wrangler types', 'wrangler/bin/wrangler.js', TYPES],
  ['types: tsc', 'typescript/bin/tsc', []],
  ['types of the Worker: tsc -p tsconfig.worker.json', 'typescript/bin/tsc', ['-p', 'tsconfig.worker.json']],
]

for (const [name, script, args] of stages) {
  console.log(styleText('bold', `\n▸ ${name}`))
  if (!(await run(script, args))) problems.push(`${name} failed`)
}

console.log(styleText('bold', '\n▸ tests: vitest run'))
const folder = mkdtempSync(join(tmpdir(), 'posta-test-'))
const output = join(folder, 'report.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`]
const good = await run('vitest/vitest.mjs', ['run', ...reporters, ...process.argv.slice(2)])
const counted = count(output)
rmSync(folder, { recursive: true, force: true })

if (!counted) problems.push('vitest ended without a report')
else if (!good && counted.failed === 0) problems.push('vitest ended with an error although no test failed')

const skipped = counted?.skipped ?? []
const failed = (counted?.failed ?? 0) + problems.length
for (const name of skipped) console.log(`skipped: ${name}`)
for (const problem of problems) console.log(styleText('red', `✗ ${problem}`))

process.exitCode = failed > 0 ? 1 : 0
console.log(`${counted?.passed ?? 0} passed, ${failed} failed, ${skipped.length} skipped`)
