// A vendor that is in the list can be found where people look for it, and is made from nothing but its own settings.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { providerOf, VENDORS } from '../../../lib/providers/vendors.ts'
import { Wrong } from '../../../lib/settings/readers.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../..', name), 'utf8')
const found = (name: string, pattern: RegExp) => [...read(name).matchAll(pattern)].map((match) => match[1])
const real = VENDORS.filter((one) => !one.development)
const world = { now: () => 0, write: () => {}, sleep: async () => {}, desk: null }

/** One of them fits whatever a vendor asks for; a binding fits where no text does. */
const TEXTS = ['https://vendor.test', 'vendor.test', 're_test', 'SG.test', 'whsec_test', 'test']

describe.each(real)('$name', ({ name, settings, together = [] }) => {
  it('has its settings in .dev.vars.example, or its binding in wrangler.toml, and its name in both texts', () => {
    const variables = found('.dev.vars.example', /^(?:# )?([A-Z_]+)=/gm)
    const bindings = found('wrangler.toml', /^(?:# )?name = "([A-Z_]+)"/gm)
    expect([...variables, ...bindings]).toEqual(expect.arrayContaining(Object.keys(settings)))
    expect(found('.dev.vars.example', /^# EMAIL_PROVIDERS=(.*)/gm)[0]).toContain(name)
    expect(read('README.md').toLowerCase()).toContain(name)
  })

  it('asks for settings of its own alone, and is not made without them', () => {
    const others = VENDORS.filter((one) => one.name !== name).flatMap((one) => Object.keys(one.settings))
    expect(Object.keys(settings).filter((one) => others.includes(one))).toEqual([])
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(together))
    expect(() => providerOf(name, {}, world)).toThrow(`${name} is not configured`)
  })

  it('is made under its own name, from texts or a binding', () => {
    const given = Object.entries(settings).map(([variable, reads]) => [
      variable,
      TEXTS.find((text) => !(reads(text) instanceof Wrong)) ?? { send() {} },
    ])
    expect(providerOf(name, Object.fromEntries(given), world)).toMatchObject({ name, channel: 'email' })
  })
})
