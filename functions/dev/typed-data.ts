// Data that a developer typed into the gallery: judged as that of a message is.
import { ok, type Result, refuse } from '../../lib/outcome/result.ts'
import type { Data, Template } from '../../lib/templates/template.ts'
import { readData } from '../messages/template-data.ts'

/** A whole object in JSON that the template takes, or what is wrong with it. */
export function typedData(template: Template, json: string): Result<Data> {
  const parsed = parse(json)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refuse({
      code: 'invalid_request',
      errors: [{ path: 'data', code: 'wrong_type', params: { expected: 'object' } }],
    })
  }
  const data = readData(template, parsed as Data)
  return data.ok ? ok(data.value) : data
}

/** undefined where it is no JSON at all. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
