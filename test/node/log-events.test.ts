// Every event of the log stands in CONTRIBUTING with its meaning and what to do, and no row outlives its event.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FAILURES } from '../../lib/rules/failure.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** `log('warn', 'event'`, whatever the function is called; the level may be worked out on the spot. */
const CALL = /\(\s*(?:[^(),]*'(?:info|warn|error)'|level),\s*'([a-z_]+)'/g
/** A call of a log, however its event is named. */
const ANY_CALL = /\b(?:core\.log|log|logSeldom)\(/g

const sources = ['lib', 'functions']
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }))
  .filter((path) => path !== 'lib/log.ts')
  .map((path) => ({ path, text: read(path).replaceAll('console.log', '') }))
const eventsOf = (text: string) => [...text.matchAll(CALL)].map(([, event = '']) => event)
const written = [...new Set(sources.flatMap(({ text }) => eventsOf(text)))].sort()

const section = /^## The log\n([\s\S]*?)^## /m.exec(read('CONTRIBUTING.md'))?.[1] ?? ''
const [events = '', failures = ''] = section.split('| failure | ')
const rows = [...events.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)].map(([, event = '', ...told]) => ({
  event,
  told,
}))

describe('the events of the log', () => {
  it('are found in every form of the call', () => {
    const forms = [
      "log('info', 'a'",
      "(x ? 'warn' : 'error', 'b'",
      "log(\n  'warn',\n  'c'",
      "log(level, 'd'",
      "now)('info', 'e'",
    ]
    expect(forms.flatMap(eventsOf)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(written.length).toBeGreaterThan(20)
    expect(written).toEqual(expect.arrayContaining(['request', 'attempt', 'wake_given_up', 'alarm_failed']))
  })

  it.each(sources.filter(({ text }) => text.match(ANY_CALL)))('are named by a literal in $path', ({ text }) => {
    // A definition of `log(…)` itself is none of these: a call has an event.
    expect(eventsOf(text).length).toBeGreaterThanOrEqual(text.match(ANY_CALL)?.length ?? 0)
  })

  it('each have one row, and no row is left of one that is gone', () => {
    expect(rows.map(({ event }) => event).sort()).toEqual(written)
  })

  it.each(rows)('$event has a meaning and what to do', ({ told }) => {
    for (const text of told) expect(text.trim().length).toBeGreaterThan(6)
  })
})

it('the failures of providers each have a row as well, and no other word has', () => {
  const named = [...failures.matchAll(/^\| (`.+?) \| /gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
  expect(named.sort()).toEqual([...FAILURES].sort())
})
