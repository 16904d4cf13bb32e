// `npm run doctor -- FILE` or `-- --env`: what is wrong with settings, before they are uploaded. Ends with 1 when something is.
// FILE is like .dev.vars, which is read when none is named, or the JSON that `wrangler secret bulk` takes.
// `-- URL --to ADDRESS`: what works there, as the Worker itself finds out by POST /v1/admin/doctor.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, parseEnv, styleText } from 'node:util'
import { AskError, ask, isKey, KEY_HELP, keyFrom, originOf, problemText } from './asked.ts'
import { diagnose, type Given } from './diagnosis.ts'
import { type Examination, type Finding, findingsOf } from './examination.ts'
import { bindings } from './options.ts'

const ROOT = join(import.meta.dirname, '..')
/** Where npm starts scripts, that is beside package.json. */
const OWN = '.dev.vars'

function usage(problem: string): never {
  console.error(`${problem}\n\nnpm run doctor             .dev.vars
npm run doctor -- FILE     a file like it, or JSON for wrangler secret bulk
npm run doctor -- --env    the environment of this process
npm run doctor -- https://posta.example.com --to ADDRESS [--key-file FILE]
                           what works there: one test mail by every provider, at most three times an hour.
                           ${KEY_HELP}`)
  process.exit(2)
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { env: { type: 'boolean', default: false }, to: { type: 'string' }, 'key-file': { type: 'string' } },
    })
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

type Parsed = ReturnType<typeof parsed>

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

function given({ values, positionals }: Parsed): Given & { from: string } {
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

function reviewed(args: Parsed): boolean {
  if (args.values.to !== undefined || args.values['key-file'] !== undefined) usage('--to and --key-file go with a URL.')
  const { from, ...rest } = given(args)
  const { problems, notes } = diagnose(rest)
  print(problems.map(({ variable, message }) => ({ kind: 'wrong', about: variable, message })))
  print(notes.map(({ variable, message }) => ({ kind: 'note', about: variable, message })))
  console.log(problems.length > 0 ? `${from}: ${problems.length} to mend` : `${from}: nothing is wrong`)
  return problems.length === 0
}

async function examined({ values, positionals }: Parsed): Promise<boolean> {
  const [typed = '', ...rest] = positionals
  if (rest.length > 0 || values.env) usage('Name one URL, or settings.')
  if (values.to === undefined) usage('Say by --to who is to get the test mails.')
  const origin = originOf(typed)
  const key = keyFrom(values['key-file'], process.env)
  const answer = await ask(origin, key, '/v1/admin/doctor', { to: values.to })
  if (answer.status !== 200) throw new AskError(`${origin}: ${problemText(answer)}`)
  const findings = findingsOf(answer.body as Examination, Date.now())
  print(findings)
  const wrong = findings.filter(({ kind }) => kind === 'wrong').length
  console.log(wrong > 0 ? `${origin}: ${wrong} to mend` : `${origin}: nothing is wrong`)
  return wrong === 0
}

const MARKS = { good: styleText('green', '✓'), wrong: styleText('red', '✗'), note: styleText('dim', '·') }

function print(findings: Finding[]): void {
  for (const { kind, about, message } of findings) console.log(`${MARKS[kind]} ${about}: ${message}`)
}

const args = parsed()
if (process.argv.slice(2).some(isKey)) usage(`A key is no argument. ${KEY_HELP}`)
try {
  const isUrl = /^https?:\/\//i.test(args.positionals[0] ?? '')
  process.exitCode = (isUrl ? await examined(args) : reviewed(args)) ? 0 : 1
} catch (error) {
  if (!(error instanceof AskError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
