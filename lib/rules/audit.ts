// Which entries of the audit are counted: what anybody can cause at will must not fill it.
import { hourOf } from './histogram.ts'

/** What somebody who has proved nothing can cause, over and over. */
export const COUNTED_KINDS = [
  'login_failed',
  'recovery_asked',
  'resend_asked',
  'sign_up',
  'code_locked',
  'refresh_reused',
]

export const isCounted = (kind: string): boolean => COUNTED_KINDS.includes(kind)

interface Failure {
  at: number
  kind: string
  person: string | null
  opener: string | null
}

/** Entries of this name are one: kind, person and opener within an hour. It starts with the hour and a blank. */
export const countedAs = ({ at, kind, person, opener }: Failure): string =>
  `${hourOf(at)} ${kind} ${person ?? ''} ${opener ?? ''}`
