// `npm run import -- FILE [--dry-run] [--locale es|en]`: users of an older system into the configured accounts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hasControls, parseEmail } from '../lib/names/address.ts'
import { newId } from '../lib/names/ids.ts'
import { localeOf } from '../lib/names/locale.ts'
import { trimmed } from '../lib/names/typed.ts'
import type { Username } from '../lib/names/username.ts'
import { normalUsername } from '../lib/names/username.ts'
import { Fault } from '../lib/outcome/fault.ts'
import { bcryptCost, isBcryptHash } from '../lib/passwords/passwords.ts'
import type { Locale } from '../lib/ports/renderer.ts'
import type { User, Users } from '../lib/ports/users.ts'
import { PASSWORD, USERNAME } from '../lib/rules/numbers.ts'
import { supabaseUsers } from '../lib/users/supabase.ts'
import { tableOf } from './csv.ts'
import { settings } from './options.ts'

/** One user as the file tells it; nothing of it is sound yet. */
export interface Entry {
  /** Line of a CSV file, place in a JSON list; both from 1. */
  line: number
  fields: Record<string, string>
}

/** What is wrong with one entry; never quotes it. */
export interface Trouble {
  line: number
  what: string
}

export interface Tally {
  created: number
  /** Imported before, by the same username and e-mail. */
  known: number
  troubles: Trouble[]
}

/** Names the older systems use for the hash. */
const HASH_FIELDS = ['password_hash', 'hash', 'password']
/** What the accounts can keep; see the Users port. */
const USERNAME_MAX = USERNAME.importedMax
const TOO_LONG = `username has more than ${USERNAME_MAX} characters`
/** With these, two names would look alike; some turn round what stands beside them. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u
/** Simultaneous requests, as many as a Worker may have. */
const AT_ONCE = 6

/** CSV with a header (RFC 4180), or a JSON list of objects, or `{"users": […]}`. Throws when it is neither. */
export function readEntries(text: string): Entry[] {
  const plain = text.replace(/^\uFEFF/, '')
  return /^\s*[[{]/.test(plain) ? fromJson(plain) : fromCsv(plain)
}

function fromJson(text: string): Entry[] {
  const json: unknown = JSON.parse(text)
  const list = typeof json === 'object' && json !== null && 'users' in json ? json.users : json
  if (!Array.isArray(list)) throw new Error('the file holds no list of users')
  return list.map((one: unknown, index) => {
    const fields = typeof one === 'object' && one !== null ? Object.entries(one) : []
    const given = fields.filter(([, value]) => value !== null && value !== undefined)
    return {
      line: index + 1,
      fields: Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)])),
    }
  })
}

function fromCsv(text: string): Entry[] {
  return tableOf(text, ['username', 'email'], 'username, email, password_hash').map(({ line, cells }) => ({
    line,
    fields: cells,
  }))
}

/**
 * People keep the name they had, though nobody could register it here: of other letters, with spaces, short, reserved.
 * Refused is only what could be taken for something else: another's name, an e-mail, or nothing at all.
 */
function usernameOf(text: string): Username | string {
  const typed = trimmed(text).normalize('NFC')
  if (typed.length > 4 * USERNAME_MAX) return TOO_LONG
  const normal = normalUsername(typed)
  if (normal === '') return 'username is missing'
  if ([...typed].length > USERNAME_MAX || [...normal].length > USERNAME_MAX) return TOO_LONG
  if (hasControls(typed) || UNSEEN.test(typed) || !typed.isWellFormed())
    return 'username holds characters that do not show'
  return normal.includes('@') ? 'username must not hold an @' : { typed, normal }
}

/** Why log-in could not verify this hash, and what there is to do. */
function hashTrouble(hash: string): string {
  const cost = bcryptCost(hash)
  const instead = 'give this user the bcrypt hash of a random password, they choose their own by recovery'
  if (cost === null) return `password_hash is no bcrypt hash ($2a$, $2b$ or $2y$): export it whole, or ${instead}`
  return `password_hash has bcrypt cost ${cost}, log-in verifies at most ${PASSWORD.bcryptCostMax}: ${instead}`
}

export interface Sound {
  line: number
  user: User
}

/** Sound entries as users, and what is wrong with the others, duplicates within the file included. */
export function toUsers(
  entries: Entry[],
  { locale, now, random }: { locale: Locale; now: number; random: (bytes: number) => Uint8Array<ArrayBuffer> },
): { sound: Sound[]; troubles: Trouble[] } {
  const sound: Sound[] = []
  const troubles: Trouble[] = []
  const firstLines = new Map<string, number>()
  for (const { line, fields } of entries) {
    const wrong: string[] = []
    const username = usernameOf(fields.username ?? '')
    const email = parseEmail(fields.email ?? '')
    const hash = HASH_FIELDS.map((name) => fields[name]?.trim()).find(Boolean) ?? ''
    const verified = fields.email_verified?.trim().toLowerCase() || 'false'
    if (typeof username === 'string') wrong.push(username)
    if (!email) wrong.push('email is no address')
    if (!isBcryptHash(hash)) wrong.push(hashTrouble(hash))
    if (!/^(true|false|t|f|1|0)$/.test(verified)) wrong.push('email_verified must be true or false')
    const keys = [
      typeof username === 'string' ? null : `username ${username.normal}`,
      email ? `email ${email.normal}` : null,
    ].filter((key) => key !== null)
    for (const key of keys) {
      const first = firstLines.get(key)
      if (first === undefined) firstLines.set(key, line)
      else wrong.push(`${key.split(' ')[0]} is also that of ${first}`)
    }
    if (wrong.length > 0 || typeof username === 'string' || !email) {
      troubles.push(...wrong.map((what) => ({ line, what })))
      continue
    }
    const user: User = {
      id: newId('usr', now, random),
      username,
      email,
      emailVerified: /^[t1]/.test(verified),
      phone: null,
      phoneVerified: false,
      locale: localeOf(fields.locale) ?? locale,
      referralCode: null,
      passwordHash: hash,
      createdAt: now,
    }
    sound.push({ line, user })
  }
  return { sound, troubles }
}

/** Creates them, a few at a time. Who is there already with this username and e-mail is left as they are. Throws Fault. */
export async function importUsers(users: Users, sound: Sound[]): Promise<Tally> {
  const tally: Tally = { created: 0, known: 0, troubles: [] }
  async function one({ line, user }: Sound): Promise<void> {
    const answer = await users.create(user)
    if (answer.kind === 'created') {
      tally.created++
      return
    }
    const both = answer.fields.includes('username') && answer.fields.includes('email')
    const owner = both ? await users.byLogin({ username: user.username.normal }) : null
    if (owner?.email.normal === user.email.normal) tally.known++
    else tally.troubles.push(...answer.fields.map((field) => ({ line, what: `${field} belongs to another account` })))
  }
  for (let at = 0; at < sound.length; at += AT_ONCE) await Promise.all(sound.slice(at, at + AT_ONCE).map(one))
  return tally
}

const USAGE = `npm run import -- FILE [--dry-run] [--locale es|en]

  FILE       .csv with the columns username, email, password_hash, or .json: a list of such objects;
             may also have locale (es, en-GB …) and email_verified (true, false)
  --dry-run  only check the file
  --locale   language of users without one; default en

Accounts go to SUPABASE_URL with SUPABASE_SERVICE_ROLE_KEY, from the environment or .dev.vars.
It may be run again: who is there already stays as they are.`

const EMBEDDED = `SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are not set.

Without Supabase the accounts live in the Worker's own Durable Object, which no program outside the Worker can reach:
there is nowhere for this script to write to. Set both for Supabase, or check the file with --dry-run.`

function stop(text: string): never {
  console.error(text)
  process.exit(2)
}

function parsed() {
  const options = { 'dry-run': { type: 'boolean', default: false }, locale: { type: 'string', default: 'en' } } as const
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parsed()
  const { locale } = values
  const [file, ...rest] = positionals
  if (file === undefined || rest.length > 0) stop(`Give one file.\n\n${USAGE}`)
  if (locale !== 'es' && locale !== 'en') stop(`--locale must be es or en.\n\n${USAGE}`)
  const env: Record<string, string | undefined> = { ...settings([], join(import.meta.dirname, '..')), ...process.env }
  const { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: serviceKey } = env
  if (!values['dry-run'] && (!url || !serviceKey)) stop(EMBEDDED)
  let entries: Entry[]
  try {
    entries = readEntries(readFileSync(file, 'utf8'))
  } catch (error) {
    // What JSON.parse says quotes the file.
    stop(error instanceof SyntaxError ? 'The file is no JSON.' : `${error instanceof Error ? error.message : error}`)
  }
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
  const { sound, troubles } = toUsers(entries, { locale, now: Date.now(), random })
  const tell = (more: Trouble[]) => {
    for (const { line, what } of more.sort((a, b) => a.line - b.line)) console.error(`${file}:${line}: ${what}`)
    const bad = new Set(more.map(({ line }) => line)).size
    process.exitCode = bad > 0 ? 1 : 0
    return bad
  }
  if (values['dry-run'] || !url || !serviceKey) {
    const bad = tell(troubles)
    console.log(`${sound.length} would be imported, ${bad} refused. Nothing was written.`)
    return
  }
  try {
    const tally = await importUsers(supabaseUsers({ url, serviceKey, timeoutMs: 10_000 }), sound)
    const bad = tell([...troubles, ...tally.troubles])
    console.log(`${tally.created} imported, ${tally.known} there already, ${bad} refused.`)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const reason = error.cause instanceof Error ? error.cause.message : 'no answer'
    stop(`Stopped: ${reason}. Some users may have been imported; run it again, it goes on with the rest.`)
  }
}

if (import.meta.main) await main()
