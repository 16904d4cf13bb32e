// What Cloudflare itself writes of a request: neither its path nor its query, both hold capabilities.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const toml = readFileSync(join(import.meta.dirname, '../../wrangler.toml'), 'utf8')

/** The lines below `[name]`, up to the next table. */
const table = (name: string) => toml.split(`\n[${name}]\n`)[1]?.split(/^\[/m)[0] ?? ''

it('keeps our lines of log', () => {
  expect(table('observability')).toMatch(/^enabled = true$/m)
  expect(table('observability.logs')).toMatch(/^enabled = true$/m)
})

it('writes no URL of a request, neither its path nor its query', () => {
  expect(table('observability.logs')).toMatch(/^invocation_logs = false$/m)
  expect(table('observability')).toMatch(/^redact_query_string = true$/m)
})

it('writes no traces, which hold whole URLs', () => expect(table('observability.traces')).not.toMatch(/enabled = true/))
