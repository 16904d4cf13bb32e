// From what a schema has against a body to the codes of field errors.
import type * as z from 'zod'
import { FIELD_CODES, type FieldCode, type FieldError, type Params } from '../../lib/outcome/field-error.ts'

type Issue = z.core.$ZodIssue

/** Each kind of thing that has a length, and what is wrong with one of a wrong length. */
const SIZES: Record<string, { small: FieldCode; big: FieldCode }> = {
  string: { small: 'too_short', big: 'too_long' },
  array: { small: 'too_few', big: 'too_many' },
  number: { small: 'too_small', big: 'too_big' },
  int: { small: 'too_small', big: 'too_big' },
}
const KINDS: Record<string, string> = { string: 'text', array: 'list', int: 'number' }

/** What schemas do not say with a code of their own: the message of an issue is a code, never a sentence. */
export function codeOf(issue: z.core.$ZodRawIssue): FieldCode {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'required'
      return issue.expected === 'int' && typeof issue.input === 'number' ? 'not_whole' : 'wrong_type'
    case 'invalid_value':
      return issue.input === undefined ? 'required' : 'not_listed'
    case 'invalid_union':
      return issue.input === undefined ? 'required' : 'invalid'
    case 'too_small':
      return isEmptyText(issue) ? 'required' : (SIZES[issue.origin]?.small ?? 'invalid')
    case 'too_big':
      return SIZES[issue.origin]?.big ?? 'invalid'
    default:
      return 'invalid'
  }
}

/** Where one letter is enough, none is nothing. */
const isEmptyText = (issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>) =>
  issue.origin === 'string' && issue.minimum === 1

const isFieldCode = (text: string): text is FieldCode => FIELD_CODES.some((code) => code === text)

/** One issue may be of several fields; `at` is where the schema's own path begins. */
export function fieldErrorsOf(issue: Issue, at: readonly PropertyKey[] = []): FieldError[] {
  const path = [...at, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), code: 'unknown' }))
  }
  const meant = issue.code === 'invalid_union' ? meantBy(issue) : null
  if (meant) return meant.flatMap((one) => fieldErrorsOf(one, path))
  const code = isFieldCode(issue.message) ? issue.message : 'invalid'
  const params = paramsOf(code, issue)
  const error = { path: path.join('.'), code }
  return [Object.keys(params).length > 0 ? { ...error, params } : error]
}

/**
 * What is wrong with a value that may be of several kinds is told of the kind it is; null where it is of none, or where
 * the schema has a code for it.
 */
function meantBy(issue: z.core.$ZodIssueInvalidUnion): Issue[] | null {
  if (issue.message !== 'invalid') return null
  const ofItsKind = issue.errors.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  )
  return ofItsKind.length === 1 ? (ofItsKind[0] ?? null) : null
}

function paramsOf(code: FieldCode, issue: Issue): Params {
  if (issue.code === 'custom') return (issue.params ?? {}) as Params
  if (code === 'required') return {}
  if (issue.code === 'invalid_type') return code === 'wrong_type' ? { expected: kindOf(issue.expected) } : {}
  if (issue.code === 'invalid_value') return { values: issue.values.map(String) }
  if (issue.code === 'too_small') return { min: Number(issue.minimum) }
  if (issue.code === 'too_big') return { max: Number(issue.maximum) }
  return code === 'not_code' ? { min: 6, max: 8 } : {}
}

const kindOf = (expected: string) => KINDS[expected] ?? expected
