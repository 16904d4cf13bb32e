// Data that a template must survive: as little as it takes, as much as it takes, and what nobody wants to see in a mail.
import type { Locale } from '../../lib/names/locale.ts'
import { DATA } from '../../lib/rules/message.ts'
import type { Data, Template } from '../../lib/templates/template.ts'
import { schemaOf } from '../../lib/templates/templates.ts'

export const VARIANTS = ['sample', 'least', 'most', 'foreign'] as const
export type Variant = (typeof VARIANTS)[number]

const LONG = `${'Una película de nombre muy largo que no termina nunca y sigue '.repeat(2)}${'W'.repeat(30)}`
const FOREIGN = '"><script>alert(1)</script> مرحبا بكم في السينما'

export function variantOf(template: Template, locale: Locale, variant: Variant): Data {
  const sample = template.samples[locale]
  switch (variant) {
    case 'sample':
      return sample
    case 'least':
      return least(template, sample)
    case 'most': {
      const seats = Array.from({ length: DATA.seatsMax }, (_, n) => `PLATEA-${n + 1}`)
      const longCode = { qr_code: `https://cine.example/t/${'0123456789abcdef'.repeat(30)}`, total: DATA.amountMax }
      return replaced(
        template,
        replaced(template, sample, () => LONG),
        (key) => ({ ...longCode, seats })[key],
      )
    }
    case 'foreign':
      return replaced(template, sample, () => FOREIGN)
  }
}

const takes = (template: Template, data: Data): boolean => schemaOf(template, { strict: true }).safeParse(data).success

/** Each field that may be left out is. */
function least(template: Template, sample: Data): Data {
  const data = { ...sample }
  for (const [key, value] of Object.entries(sample)) {
    delete data[key]
    if (!takes(template, data)) data[key] = value
  }
  return data
}

/** Each field with another value, where the schema takes that. */
function replaced(template: Template, sample: Data, another: (key: string) => unknown): Data {
  const data = { ...sample }
  for (const [key, value] of Object.entries(sample)) {
    data[key] = another(key) ?? value
    if (!takes(template, data)) data[key] = value
  }
  return data
}
