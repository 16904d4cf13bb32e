// Every number that is a policy is in lib/rules: nothing else says one, and where SQL or a setting has to, it is the same.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EMAIL_MAX } from '../../../lib/names/address.ts'
import {
  EFFECT_KEPT_MS,
  EFFECTS_PURGED_MAX,
  REFERRAL_MAX,
  SWEEP_EVERY_MS,
  USERNAME,
} from '../../../lib/rules/numbers.ts'
import { DAY, MINUTE } from '../../../lib/rules/units.ts'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The code without its comments, by line. */
const codeOf = (path: string): string[] =>
  read(path)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.replace(path.endsWith('.lua') ? /--.*/ : /(?<!:)\/\/.*/, ''))

/** Lines of code outside lib/rules that match, as `path: what matched`. */
function found(pattern: string, what: RegExp): string[] {
  const paths = globSync(pattern, { cwd: ROOT }).filter((path) => !path.startsWith('lib/rules/'))
  return paths.flatMap((path) =>
    codeOf(path).flatMap((line) => [...line.matchAll(what)].map(([match]) => `${path}: ${match}`)),
  )
}

describe('a policy', () => {
  it('names no duration elsewhere, but for what a vendor alone does', () => {
    const durations = found('lib/**/*.{ts,lua}', /\b[A-Z]\w*_(?:MS|SECONDS|MINUTES|HOURS|DAYS)\b[^=;]*= .*\d/g)
    expect(durations.filter((one) => !one.startsWith('lib/providers/'))).toEqual([])
  })

  it('gives no script and no statement of a store a number of its own', () => {
    expect(found('lib/store/**/*.ts', /(?<![\w.?$])\d[\d_]{2,}\b/g)).toEqual([])
    // Redis tells its clock in seconds and microseconds.
    const numbers = found('lib/store/redis/lua/*.lua', /(?<![\w.])\d\d+\b/g)
    expect(new Set(numbers)).toEqual(new Set(['lib/store/redis/lua/base.lua: 1000']))
  })

  it('wakes the sweeper as often as wrangler.toml says', () => {
    expect(/^crons = \["(.*)"\]$/m.exec(read('wrangler.toml'))?.[1]).toBe('* * * * *')
    expect(SWEEP_EVERY_MS).toBe(MINUTE)
  })
})

describe('the SQL of accounts', () => {
  const tables = read('supabase/migrations/20261122000001_posta_users.sql')
  const functions = read('supabase/migrations/20261122000002_posta_users_functions.sql')
  /** The most characters a column takes. */
  const most = (column: string) =>
    Number(
      new RegExp(
        `\\b${column} text (?:not null )?check \\(char_length\\(${column}\\) (?:between \\d+ and|<=) (\\d+)`,
      ).exec(tables)?.[1],
    )

  it('remembers what a challenge has done to an account for as many days as SQLite', () => {
    const days = [...functions.matchAll(/interval '(\d+) days'/g)]
    expect(days.map((one) => Number(one[1]) * DAY)).toEqual([EFFECT_KEPT_MS])
  })

  it('removes as many of what is older with each new effect', () => {
    const limits = [...functions.matchAll(/\blimit (\d+)/g)]
    expect(limits.map((one) => Number(one[1]))).toEqual([EFFECTS_PURGED_MAX])
  })

  it('takes names, addresses and referral codes as long as the Worker does', () => {
    expect([most('username'), most('username_normal')]).toEqual([USERNAME.importedMax, USERNAME.importedMax])
    expect([most('email'), most('email_normal')]).toEqual([EMAIL_MAX, EMAIL_MAX])
    expect(most('referral_code')).toBe(REFERRAL_MAX)
  })
})
