// Every template there is, and how to find one by what its callers call it.
import * as z from 'zod'
import { addressChanged } from './address-changed.ts'
import { alreadyRegistered } from './already-registered.ts'
import { newSignUp } from './new-sign-up.ts'
import { note } from './note.ts'
import { passwordChanged } from './password-changed.ts'
import { providerDown } from './provider-down.ts'
import { providerRecovered } from './provider-recovered.ts'
import { purchaseCancelled } from './purchase-cancelled.ts'
import { purchaseConfirmed } from './purchase-confirmed.ts'
import { recoveryCode } from './recovery-code.ts'
import { showReminder } from './show-reminder.ts'
import { type Data, isSendable, type Template } from './template.ts'
import { verificationCode } from './verification-code.ts'
import { welcome } from './welcome.ts'

/** Those that callers send first. */
export const TEMPLATES: readonly Template[] = [
  purchaseConfirmed,
  purchaseCancelled,
  showReminder,
  welcome,
  note,
  verificationCode,
  recoveryCode,
  passwordChanged,
  addressChanged,
  alreadyRegistered,
  newSignUp,
  providerDown,
  providerRecovered,
]

/** By its name or an older system's: `confirmacion_compra`. */
export const templateOf = (name: string): Template | undefined =>
  TEMPLATES.find((one) => one.name === name || one.aliases?.includes(name))

/** Names of those that callers may send. */
export const sendable = (): string[] => TEMPLATES.filter(isSendable).map(({ name }) => name)

const built = new Map<string, z.ZodType>()

/**
 * The schema of a template's data, built once. `strict` refuses fields that it does not know; without it they are left
 * out, as a whole message of an older system wants it.
 */
export function schemaOf(template: Template, { strict }: { strict: boolean }): z.ZodType {
  const key = `${template.name} ${strict}`
  const known = built.get(key)
  if (known) return known
  const schema = template.schema(strict ? z.strictObject : z.object)
  built.set(key, schema)
  return schema
}

const described = new Map<string, Data>()

/** The same as a JSON schema of what callers send; a field that older systems call otherwise says how. */
export function describedOf(template: Template): Data {
  const known = described.get(template.name)
  if (known) return known
  const { $schema: _, ...schema } = z.toJSONSchema(schemaOf(template, { strict: true }), { io: 'input' })
  const older = Object.entries(template.older ?? {}).filter(([name]) => !name.includes('.'))
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const aliases = older.flatMap(([alias, own]) => (own === name ? [alias] : []))
    return [name, aliases.length > 0 ? { ...(property as object), 'x-aliases': aliases } : property]
  })
  const whole = { ...schema, properties: Object.fromEntries(properties) }
  described.set(template.name, whole)
  return whole
}
