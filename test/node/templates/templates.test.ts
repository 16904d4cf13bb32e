// What holds for every template: its samples pass its schema, it can be described, and its aliases are its own.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { LOCALES } from '../../../lib/names/locale.ts'
import { translated } from '../../../lib/templates/older-data.ts'
import { isSendable } from '../../../lib/templates/template.ts'
import { schemaOf, TEMPLATES, templateOf } from '../../../lib/templates/templates.ts'

const byName = TEMPLATES.map((template) => [template.name, template] as const)
const SITE = { timeZone: 'America/Bogota', currency: 'COP', region: 'CO' }

it('lets callers send these and no others', () => {
  expect(TEMPLATES.filter(isSendable).map(({ name }) => name)).toEqual([
    'purchase-confirmed',
    'purchase-cancelled',
    'show-reminder',
    'welcome',
    'note',
  ])
})

it.each([
  ['confirmacion_compra', 'purchase-confirmed', 'high'],
  ['cancelacion_compra', 'purchase-cancelled', 'medium'],
  ['recordatorio_funcion', 'show-reminder', 'high'],
  ['welcome', 'welcome', 'medium'],
  ['note', 'note', 'medium'],
  ['verification-code', 'verification-code', 'high'],
])('finds %s as %s, of priority %s', (asked, name, priority) => {
  expect(templateOf(asked)).toMatchObject({ name, priority })
})

it('gives no two templates one name', () => {
  const names = TEMPLATES.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
  expect(templateOf('constructor')).toBeUndefined()
})

describe.each(byName)('%s', (_, template) => {
  it.each(LOCALES)('has a sample in %s that its schema takes', (locale) => {
    const { success, data } = schemaOf(template, { strict: true }).safeParse(template.samples[locale])
    expect(success).toBe(true)
    // Frozen into the row as JSON: nothing of it may be lost there.
    const filled = template.fill(data as Record<string, unknown>, SITE)
    expect(JSON.parse(JSON.stringify(filled))).toEqual(filled)
  })

  it('is described as an object that refuses what it does not know', () => {
    const described = z.toJSONSchema(schemaOf(template, { strict: true }), { io: 'input' })
    expect(described).toMatchObject({ type: 'object', additionalProperties: false })
  })

  it('has a name of its own for every older one', () => {
    const fields = Object.keys(
      (z.toJSONSchema(schemaOf(template, { strict: true }), { io: 'input' }).properties ?? {}) as object,
    )
    for (const [older, own] of Object.entries(template.older ?? {})) {
      expect(fields).not.toContain(older)
      expect(own).toMatch(/^[a-z_]+$/)
    }
    const inOlder = Object.fromEntries(
      Object.entries(template.samples.es).map(([own, value]) => {
        const [older] = Object.entries(template.older ?? {}).find(([, ours]) => ours === own) ?? [own]
        return [older, value]
      }),
    )
    expect(translated(template, inOlder)).toMatchObject({ data: template.samples.es, errors: [] })
  })
})

it('ends a reminder when its show begins, on the wall of the site', () => {
  const reminder = templateOf('show-reminder')
  expect(reminder?.endsAt?.({ show_at: '2026-12-05T20:30' }, SITE)).toBe(Date.parse('2026-12-06T01:30:00Z'))
})
