// Composing steps of parts: what a first line names, and what is refused.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compose } from '../../../lib/store/redis/compose.ts'

const parts = {
  limits: '-- needs: nothing\nL',
  rows: '-- needs: limits\nR',
  change: '-- needs: rows, limits\nC',
}

describe('a step', () => {
  it('stands behind every part it needs, each once and behind its own needs', () => {
    const { admit } = compose('HEAD', parts, { admit: '-- needs: change, limits\nA' })
    expect(admit?.split('\n').filter((line) => !line.startsWith('--'))).toEqual(['HEAD', 'L', 'R', 'C', 'A'])
  })

  it.each([
    ['a part nobody has', { a: '-- needs: figures\n' }, 'a.lua needs figures, which is no part'],
    ['no first line', { a: 'return 1\n' }, 'a.lua: the first line must say what it needs'],
    ['an empty list', { a: '-- needs: \n' }, 'a.lua: the first line must say what it needs'],
  ])('is refused with %s', (_, steps, message) => {
    expect(() => compose('', parts, steps)).toThrow(message)
  })

  it('is refused when parts need each other', () => {
    const round = { a: '-- needs: b\n', b: '-- needs: a\n' }
    expect(() => compose('', round, { step: '-- needs: a\n' })).toThrow('parts need each other: a → b → a')
  })
})

const names = (folder: string, end: string) =>
  readdirSync(join(import.meta.dirname, '../../../lib/store', folder))
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .sort()

it('has the same file name in both stores', () => {
  // What only one of them has: a script's own ground, lib/rules in Lua, values and keys; tables, their steps and how
  // those write and are found, and the object's alarm.
  const [lua, sqlite] = [
    ['base', 'breakers', 'cancelling', 'challenges', 'hours', 'repair', 'replaying', 'rules', 'trail'],
    ['cursors', 'links', 'moving', 'purge', 'ring', 'schema', 'steps', 'store', 'windows', 'work'],
  ]
  expect(names('redis/lua', '.lua').filter((name) => !lua.includes(name))).toEqual(
    names('sqlite', '.ts').filter((name) => !sqlite.includes(name)),
  )
})
