// What is wrong with a set of settings, told before they are uploaded: what the Worker would refuse, and what it cannot
// see, such as names it does not read.
import { type Config, ConfigError, readConfig, SETTING_NAMES, type SettingProblem } from '../lib/config.ts'

export interface Given {
  /** Names and values, as a file or the environment has them. */
  values: Record<string, string>
  /** What wrangler.toml binds, by name. */
  bindings: Record<string, object>
  /** Names that stand twice where only the last one counts. */
  doubles?: string[]
  /** Names that are settings of a later version. */
  planned?: string[]
  /** The environment of a process holds much that is not for us: only what looks like a slip is told. */
  isShared?: boolean
}

export interface Diagnosis {
  problems: SettingProblem[]
  /** It will run, but perhaps not as was meant. */
  notes: SettingProblem[]
}

export function diagnose({ values, bindings, doubles = [], planned = [], isShared = false }: Given): Diagnosis {
  const problems: SettingProblem[] = doubles.map((variable) => ({ variable, message: 'stands there twice' }))
  const notes: SettingProblem[] = []
  for (const variable of Object.keys(values)) {
    if (SETTING_NAMES.includes(variable)) continue
    const meant = nearest(variable, isShared)
    if (planned.includes(variable)) notes.push({ variable, message: 'is not read by this version' })
    else if (meant) problems.push({ variable, message: `is no setting of posta; did you mean ${meant}?` })
    else if (!isShared) problems.push({ variable, message: 'is no setting of posta' })
  }
  try {
    notes.push(...remarks(readConfig({ ...bindings, ...values })))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(...error.problems)
  }
  return { problems, notes }
}

/** Right, and yet rarely what somebody wants in production. */
function remarks(config: Config): SettingProblem[] {
  if (config.development) return []
  const { APP_URL, CORS_ORIGINS = [], ALERT_WEBHOOK_URL, ADMIN_EMAILS, EMAIL_FROM } = config
  const found: SettingProblem[] = []
  const say = (variable: string, message: string) => found.push({ variable, message })
  const page = APP_URL && new URL(APP_URL).origin
  if (CORS_ORIGINS.length === 0) say('CORS_ORIGINS', 'is not set: no page in a browser can call')
  else if (page && !CORS_ORIGINS.includes(page)) say('CORS_ORIGINS', 'does not name the origin of APP_URL')
  if (!APP_URL) say('APP_URL', 'is not set: mails have codes, but no links')
  if (!ALERT_WEBHOOK_URL) say('ALERT_WEBHOOK_URL', 'is not set: nobody is told when a provider dies')
  if (ADMIN_EMAILS.length === 0) say('ADMIN_EMAILS', 'is not set: nobody but an admin key is an admin')
  if (/[@.](?:example\.(?:com|net|org)|example|test|invalid)$/i.test(EMAIL_FROM.address)) {
    say('EMAIL_FROM', 'is in a domain for examples, which no vendor sends from')
  }
  return found
}

/** What Vercel's store of Upstash calls them. */
const ELSEWHERE: Record<string, string> = {
  KV_REST_API_URL: 'UPSTASH_REDIS_REST_URL',
  KV_REST_API_TOKEN: 'UPSTASH_REDIS_REST_TOKEN',
}

/** The setting somebody meant; `strictly`: only what differs by a slip of the finger. */
function nearest(name: string, strictly: boolean): string | undefined {
  const typed = name.toUpperCase().replaceAll('-', '_')
  if (ELSEWHERE[typed]) return ELSEWHERE[typed]
  const most = strictly ? 2 : Math.max(2, Math.floor(typed.length / 3))
  const [best] = SETTING_NAMES.map((known) => ({ known, off: distance(typed, known) }))
    .filter(({ off }) => off <= most)
    .sort((a, b) => a.off - b.off)
  if (best || strictly) return best?.known
  // A prefix too many, as frontends have, or one left out.
  return SETTING_NAMES.find((known) => typed.endsWith(`_${known}`) || known.endsWith(`_${typed}`))
}

/** Levenshtein's: letters to add, to drop or to change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
