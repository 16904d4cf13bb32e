// What renders mails is loaded with the first mail: no route, and no accept, evaluates it before.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"()]*?\sfrom\s+)?'([^']+)'/gm

/** Every file and package that evaluating a file evaluates too. */
function evaluatedBy(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const [, specifier = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(STATIC_IMPORT)) {
    if (!specifier.startsWith('.')) seen.add(specifier)
    else if (/\.tsx?$/.test(specifier)) evaluatedBy(join(dirname(path), specifier), seen)
  }
  return seen
}

const isRenderer = (one: string): boolean =>
  /^emails\/.*\.tsx$|^react|^lean-qr|^sanitize-html|^htmlparser2|^hono\/jsx/.test(one)

it('is found by its static imports, where there are any', () => {
  expect([...evaluatedBy('emails/index.ts')].filter(isRenderer)).toEqual(
    expect.arrayContaining(['react-email', 'emails/purchase-confirmed.tsx', 'emails/ticket.tsx']),
  )
  expect([...evaluatedBy('functions/routes.ts')]).toContain('lib/templates/purchase-confirmed.ts')
})

it('is evaluated neither by the routes nor by what they are wired to', () => {
  const evaluated = ['functions/routes.ts', 'lib/wire.ts'].flatMap((path) => [...evaluatedBy(path)])
  expect(evaluated.filter(isRenderer)).toEqual([])
})
