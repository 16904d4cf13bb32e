// The data of a template as it came over the wire: its template found, its names translated, its schema asked.
import type { FieldError } from '../../lib/outcome/field-error.ts'
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import { translated } from '../../lib/templates/older-data.ts'
import type { Data, Template } from '../../lib/templates/template.ts'
import { schemaOf, TEMPLATES, templateOf } from '../../lib/templates/templates.ts'
import { codeOf, fieldErrorsOf } from '../http/field-errors.ts'

/** By any of its names; the refusal lists those that there are. */
export function readTemplate(name: string): Result<Template> {
  const template = templateOf(name)
  if (template) return ok(template)
  const values = TEMPLATES.map((one) => one.name)
  return refuse({ code: 'invalid_request', errors: [{ path: 'template', code: 'not_listed', params: { values } }] })
}

/**
 * Data as the template's schema has it, in its own names; or everything that is wrong with it, in the names that were
 * sent. `strict` refuses unknown fields; without it they are left out, as whole messages of the cinema system want it.
 *
 *     readData(purchaseConfirmed, { numero_factura: 'CIN-1', asientos: [], total: 1 })
 *     // invalid_request: data.asientos too_few
 */
export function readData(template: Template, given: Data, { strict = true } = {}): Result<Data> {
  const { data, errors, typed } = translated(template, given)
  const parsed = schemaOf(template, { strict }).safeParse(data, { error: codeOf })
  const found = parsed.success ? [] : parsed.error.issues.flatMap((issue) => fieldErrorsOf(issue))
  const all: FieldError[] = [
    ...errors,
    ...found.map((error) => ({ ...error, path: typed(parts(error.path)).join('.') })),
  ].map((error) => ({ ...error, path: ['data', error.path].filter(Boolean).join('.') }))
  return all.length > 0 ? refuse({ code: 'invalid_request', errors: all }) : ok(parsed.data as Data)
}

/** The names of fields hold no dots, and what is no field is told as it came. */
const parts = (path: string): string[] => (path === '' ? [] : path.split('.'))
