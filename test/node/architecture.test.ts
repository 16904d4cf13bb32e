// Guards the floors, the size and the names of files; its second half plants violations to prove that it can fail.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { barrels, cycles, type Files, floors, mocks, names, purity, sizes } from '../architecture.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Not ours to shape: installed, built, generated, or a package of its own. Folders with a dot are skipped, too. */
const SKIPPED = ['node_modules', 'dist', 'coverage', 'examples', 'worker-configuration.d.ts']

function read(folder = '', found = new Map<string, string>()): Map<string, string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.name.startsWith('.') || SKIPPED.includes(path) || SKIPPED.includes(entry.name)) continue
    if (entry.isDirectory()) read(path, found)
    else if (/\.(tsx?|lua|css|page\.js)$/.test(entry.name)) found.set(path, readFileSync(join(ROOT, path), 'utf8'))
  }
  return found
}

const rules = { floors, cycles, purity, sizes, names, barrels, mocks }
type Rule = keyof typeof rules

const check = (rule: Rule, files: Files) => rules[rule](files)

describe('this repository', () => {
  const files = read()

  it('is what the checks look at', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['functions/index.ts', 'lib/wire.ts', 'lib/ports/store.ts', 'test/architecture.ts']),
    )
  })

  it.each<[string, Rule]>([
    ['imports only what stands on a floor below', 'floors'],
    ['has no import cycle', 'cycles'],
    ['hands time, randomness and network to its core', 'purity'],
    ['keeps every file within 300 lines', 'sizes'],
    ['names files for what they do', 'names'],
    ['has no barrels', 'barrels'],
    ['mocks no module', 'mocks'],
  ])('%s', (_, rule) => {
    const violations = check(rule, files)
    expect(violations, `\n${violations.join('\n')}\n`).toEqual([])
  })
})

describe('the checks', () => {
  const one = (path: string, source: string): Files => new Map([[path, source]])
  const importing = (path: string, target: string) => one(path, `import { a } from '${target}'\nexport const b = a\n`)
  const core = (expression: string) => one('lib/delivery/a.ts', `export const a = () => ${expression}\n`)

  it.each<[string, Rule, Files]>([
    ['a core that imports an adapter', 'floors', importing('lib/accounts/a.ts', '../store/redis/b.ts')],
    ['a core that imports functions', 'floors', importing('lib/accounts/a.ts', '../../functions/b.ts')],
    ['a core that imports a package', 'floors', importing('lib/delivery/a.ts', 'zod')],
    ['a core that imports React mails', 'floors', importing('lib/delivery/a.ts', '../../emails/b.tsx')],
    ['a core that imports the wiring', 'floors', importing('lib/accounts/a.ts', '../wire.ts')],
    ['a core that imports the settings', 'floors', importing('lib/codes/a.ts', '../config.ts')],
    ['delivery that imports accounts', 'floors', importing('lib/delivery/a.ts', '../accounts/b.ts')],
    ['delivery that imports codes', 'floors', importing('lib/delivery/a.ts', '../codes/b.ts')],
    ['codes that import accounts', 'floors', importing('lib/codes/a.ts', '../accounts/b.ts')],
    ['a core of types that imports delivery', 'floors', importing('lib/core.ts', './delivery/b.ts')],
    ['a route that imports an adapter', 'floors', importing('functions/messages/a.ts', '../../lib/providers/b.ts')],
    [
      'a route that imports a renderer for its type',
      'floors',
      one('functions/a.ts', `import type { A } from '../lib/renderer/b.ts'`),
    ],
    [
      'an adapter loaded on demand',
      'floors',
      one('functions/a.ts', `export const a = () => import('../lib/users/b.ts')`),
    ],
    ['an adapter named in a type', 'floors', one('lib/accounts/a.ts', `export type A = import('../users/b.ts').B`)],
    ['an adapter re-exported by a lower room', 'floors', one('lib/net/a.ts', `export { b } from '../scheduler/b.ts'`)],
    ['settings that read one vendor', 'floors', importing('lib/config.ts', './providers/resend.ts')],
    ['a lower room that imports a core', 'floors', importing('lib/secrets/a.ts', '../codes/b.ts')],
    ['a port that imports a secret', 'floors', one('lib/ports/a.ts', `import type { A } from '../secrets/b.ts'`)],
    ['a port that imports an outcome', 'floors', one('lib/ports/a.ts', `import type { A } from '../outcome/b.ts'`)],
    ['a port that imports a rule as a value', 'floors', importing('lib/ports/a.ts', '../rules/b.ts')],
    ['a port that imports a package', 'floors', importing('lib/ports/a.ts', 'hono')],
    ['a rule that imports a port', 'floors', importing('lib/rules/a.ts', '../ports/b.ts')],
    ['an adapter that imports the core', 'floors', importing('lib/store/sqlite/a.ts', '../../delivery/b.ts')],
    ['an adapter that imports another', 'floors', importing('lib/scheduler/a.ts', '../store/sqlite/b.ts')],
    ['a store that imports the other', 'floors', importing('lib/store/redis/a.ts', '../sqlite/b.ts')],
    ['a provider that imports a template', 'floors', importing('lib/providers/a.ts', '../../emails/b.tsx')],
    ['a mail that imports the house', 'floors', importing('emails/a.tsx', '../lib/bytes.ts')],
    ['a mail that imports another package', 'floors', importing('emails/a.tsx', '@upstash/redis')],
    ['a file of lib/ without a room', 'floors', one('lib/loose.ts', 'export const a = 1')],
    ['a folder of lib/ without a floor', 'floors', one('lib/attic/a.ts', 'export const a = 1')],
    ['a terminal program that imports functions', 'floors', importing('cli/a.ts', '../functions/b.ts')],
    ['the clock', 'purity', core('Date.now()')],
    ['a date of now', 'purity', core('new Date()')],
    ['a random number', 'purity', core('Math.random()')],
    ['a random id', 'purity', core('crypto.randomUUID()')],
    ['random bytes', 'purity', core('crypto.getRandomValues(new Uint8Array(1))')],
    ['a timer', 'purity', core('setTimeout(() => {}, 1)')],
    ['a request', 'purity', core(`fetch('https://example.com')`)],
    ['a request by the global object', 'purity', core(`globalThis.fetch('https://example.com')`)],
    ['a clock taken apart', 'purity', one('lib/accounts/a.ts', 'const { now } = Date\nexport { now }')],
    ['301 lines of TypeScript', 'sizes', one('lib/a.ts', '\n'.repeat(301))],
    ['301 lines of Lua', 'sizes', one('lib/store/redis/a.lua', '\n'.repeat(301))],
    ['utils', 'names', one('lib/utils.ts', '')],
    ['a folder of helpers', 'names', one('test/helpers/a.ts', '')],
    ['common', 'names', one('lib/common.ts', '')],
    ['a manager', 'names', one('lib/session-manager.ts', '')],
    ['a barrel', 'barrels', one('lib/accounts/index.ts', `export * from './a.ts'\nexport { b } from './b.ts'`)],
    ['a barrel in two steps', 'barrels', one('lib/accounts/index.ts', `import { b } from './b.ts'\nexport { b }`)],
    ['a module mock', 'mocks', one('test/node/a.test.ts', `import { vi } from 'vitest'\nvi.mock('./b.ts')`)],
  ])('find %s', (_, rule, files) => {
    expect(check(rule, files)).toHaveLength(1)
  })

  it('find a cycle once, also one of types', () => {
    const files = new Map([
      ['lib/b.ts', `import { c } from './c.ts'`],
      ['lib/c.ts', `import type { A } from './a.ts'`],
      ['lib/a.ts', `import './b.ts'`],
    ])
    expect(cycles(files)).toEqual(['import cycle: lib/a.ts → lib/b.ts → lib/c.ts → lib/a.ts'])
  })

  it.each<[string, Rule, Files]>([
    ['a route that imports a use case', 'floors', importing('functions/a.ts', '../lib/delivery/b.ts')],
    ['the entry that imports an adapter', 'floors', importing('functions/index.ts', '../lib/store/sqlite/b.ts')],
    ['the wiring that imports an adapter', 'floors', importing('lib/wire.ts', './store/sqlite/b.ts')],
    ['the settings that read the list of vendors', 'floors', importing('lib/config.ts', './providers/vendors.ts')],
    ['accounts that import codes', 'floors', importing('lib/accounts/a.ts', '../codes/b.ts')],
    ['a port that imports a name as a type', 'floors', one('lib/ports/a.ts', `import type { A } from '../names/b.ts'`)],
    ['the object that imports an adapter', 'floors', importing('functions/object.ts', '../lib/store/sqlite/b.ts')],
    ['an adapter that imports its port', 'floors', importing('lib/store/sqlite/a.ts', '../../ports/b.ts')],
    ['a renderer that imports a template', 'floors', importing('lib/renderer/a.ts', '../../emails/b.tsx')],
    ['a mail that uses React', 'floors', importing('emails/a.tsx', 'react-email')],
    ['a date of a given instant', 'purity', core('(now: number) => new Date(now)')],
    ['a clock outside the core', 'purity', one('lib/wire.ts', 'export const now = () => Date.now()')],
    ['a clock in a comment', 'purity', one('lib/accounts/a.ts', '// not Date.now()\nexport const a = "Date.now()"')],
    ['300 lines', 'sizes', one('lib/a.ts', '\n'.repeat(300))],
    ['a list of common passwords', 'names', one('lib/common-passwords.ts', '')],
    [
      'an index with a table of its own',
      'barrels',
      one('emails/index.ts', `import { a } from './a.tsx'\nexport const all = { a }`),
    ],
  ])('let %s pass', (_, rule, files) => {
    expect(check(rule, files)).toEqual([])
  })
})
