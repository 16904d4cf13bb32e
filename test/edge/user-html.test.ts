// The sanitiser where it runs: its parsers are written for Node.
import { expect, it } from 'vitest'
import { textOf } from '../../lib/renderer/html-text.ts'
import { cleanHtml } from '../../lib/renderer/user-html.ts'
import { ATTACKS, aliveIn, NEWSLETTER } from '../html-attacks.ts'

it('leaves nothing alive in workerd, and a plain newsletter as it was', () => {
  for (const [name, attack] of Object.entries(ATTACKS)) {
    expect({ name, alive: aliveIn(cleanHtml(attack)) }).toEqual({ name, alive: [] })
  }
  expect(cleanHtml(NEWSLETTER)).toBe(NEWSLETTER)
  expect(textOf(NEWSLETTER)).toContain('- Ver mi compra (https://example.com/compras?id=1&x=2)')
})
