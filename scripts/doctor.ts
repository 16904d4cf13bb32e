// `npm run doctor -- FILE` or `-- --env`: what is wrong with settings, before they are uploaded. Ends with 1 when something is.
// FILE is like .dev.vars, which is read when none is named, or the JSON that `wrangler secret bulk` takes.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, parseEnv, styleText } from 'node:util'
import { diagnose, type Given } from './diagnosis.ts'
import { bindings } from './options.ts'

const ROOT = join(import.meta.dirname, '..')
/** Where npm starts scripts, that is beside package.json. */
const OWN = '.dev.vars'

function usage(problem: string): never {
  console.error(`${problem}\n\nnpm run doctor             .dev.vars
npm run doctor -- FILE     a file like it, or JSON for wrangler secret bulk
npm run doctor -- --env    the environment of this process`)
  process.exit(2)
}

function parsed() {
  try {
    return parseArgs({ allowPositionals: true, options: { env: { type: 'boolean', default: false } } })
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return usage(`${file} cannot be read.`)
  }
}

function valuesOf(file: string, text: string): Record<string, string> {
  if (!text.trimStart().startsWith('{')) return parseEnv(text) as Record<string, string>
  try {
    const pairs = Object.entries(JSON.parse(text) as object)
    return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]))
  } catch {
    return usage(`${file} is not valid JSON.`)
  }
}

/** Of lines and of JSON alike; both keep the last one without a word. */
function doublesOf(text: string): string[] {
  const names = [...text.matchAll(/^\s*(?:export\s+)?"?([A-Za-z_][A-Za-z0-9_]*)"?\s*[=:]/gm)].map(
    ([, name = '']) => name,
  )
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
}

/** Settings that the list of all settings has, and this version may not read yet. */
const planned = [...readFileSync(join(ROOT, '.dev.vars.example'), 'utf8').matchAll(/^# ([A-Z_]+)=/gm)].map(
  ([, name = '']) => name,
)

function given(): Given & { from: string } {
  const { values, positionals } = parsed()
  const [named, ...rest] = positionals
  const file = named ?? (!values.env && existsSync(OWN) ? OWN : undefined)
  if (rest.length > 0 || (file !== undefined && values.env)) usage('Name one file, or --env.')
  if (file === undefined && !values.env) usage(`There is no ${OWN} here: name a file, or --env.`)
  const bound = { bindings: bindings([], ROOT), planned }
  if (file === undefined) {
    return { ...bound, from: 'environment', values: process.env as Record<string, string>, isShared: true }
  }
  const text = textOf(file)
  return { ...bound, from: file, values: valuesOf(file, text), doubles: doublesOf(text) }
}

const { from, ...rest } = given()
const { problems, notes } = diagnose(rest)
for (const { variable, message } of problems) console.log(`${styleText('red', '✗')} ${variable}: ${message}`)
for (const { variable, message } of notes) console.log(`${styleText('dim', '·')} ${variable}: ${message}`)
console.log(problems.length > 0 ? `${from}: ${problems.length} to mend` : `${from}: nothing is wrong`)
process.exitCode = problems.length > 0 ? 1 : 0
