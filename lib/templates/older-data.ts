// Data in the names of the older systems becomes data in ours, and what is wrong with it is told in the names it came in.
import type { FieldError } from '../outcome/field-error.ts'
import type { Data, Template } from './template.ts'

export interface Translated {
  data: Data
  /** Fields that came by both of their names. */
  errors: FieldError[]
  /** From a path in our names to the same in those that were used: `['seats', 0]` → `['asientos', 0]`. */
  typed(path: readonly PropertyKey[]): PropertyKey[]
}

/**
 *     const { data } = translated(purchaseConfirmed, { asientos: ['A1'], total: 45000 })
 *     // { seats: ['A1'], total: 45000 }
 */
export function translated({ older = {} }: Template, given: Data): Translated {
  const errors: FieldError[] = []
  /** Path in our names → the name that was used for its last part. */
  const used = new Map<string, string>()
  let speaksOlder = false

  const walk = (fields: Data, at: string): Data => {
    // Programs write null for what is not there.
    const present = Object.entries(fields).filter(([, value]) => value !== null)
    const entries = present.map(([typed, value]): [string, unknown] => {
      const own = Object.hasOwn(older, at + typed) ? (older[at + typed] ?? typed) : typed
      if (own !== typed) {
        speaksOlder = true
        if (Object.hasOwn(fields, own)) errors.push({ path: typedPath(at, typed), code: 'twice', params: { as: own } })
        used.set(at + own, typed)
      }
      return [own, isFields(value) ? walk(value, `${at}${own}.`) : value]
    })
    return Object.fromEntries(entries)
  }

  const typedPath = (at: string, last: string): string => [...typed(at.split('.').slice(0, -1)), last].join('.')

  const typed = (path: readonly PropertyKey[]): PropertyKey[] =>
    path.map((part, index) => {
      if (typeof part !== 'string') return part
      const at = path.slice(0, index).map((one) => `${String(one)}.`)
      return used.get([...at, part].join('')) ?? (speaksOlder ? olderNameOf(at.join(''), part) : part)
    })

  /** What is missing is asked for in the language of the rest. */
  const olderNameOf = (at: string, own: string): string => {
    const known = Object.entries(older).find(([name, ours]) => {
      const within = name.includes('.') ? name.slice(0, name.indexOf('.') + 1) : ''
      return ours === own && within === at
    })
    return known ? known[0].slice(at.length) : own
  }

  const data = walk(given, '')
  return { data, errors, typed }
}

const isFields = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value)
