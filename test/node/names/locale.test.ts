// Languages: every tag of a browser finds ours, or nothing, and never a refusal.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { localeOf } from '../../../lib/names/locale.ts'

it.each([
  ['es', 'es'],
  ['en', 'en'],
  ['es-CL', 'es'],
  ['es-419', 'es'],
  ['ES_mx', 'es'],
  ['en-GB-oxendict', 'en'],
  ['es-Latn-CO-u-ca-gregory', 'es'],
  [' es ', 'es'],
  ['pt', null],
  ['pt-BR', null],
  ['ca-ES', null],
  ['est', null],
  ['eng', null],
  ['', null],
  ['*', null],
  ['es-CL,es;q=0.9,en;q=0.8', 'es'],
  ['pt-BR,pt;q=0.9,en;q=0.7,es;q=0.8', 'es'],
  ['fr, en;q=0.5', 'en'],
  ['es;q=0, en;q=0.1', 'en'],
  ['fr, *;q=0.5, es;q=0.1', null],
  ['x'.repeat(100_000), null],
  [null, null],
  [undefined, null],
  [42, null],
  [{ locale: 'es' }, null],
])('%j is %s', (asked, locale) => expect(localeOf(asked)).toBe(locale))

it('takes anything', () => {
  fc.assert(fc.property(fc.anything(), (asked) => [null, 'es', 'en'].includes(localeOf(asked))))
})
