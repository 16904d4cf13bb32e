// Which passwords may be chosen (NIST SP 800-63B §3.1.1): length, not too common, not the person's own words.
import type { FieldCode, FieldError, Params } from '../outcome/field-error.ts'
import { PASSWORD } from '../rules/numbers.ts'

const { charactersMax: CHARACTERS_MAX } = PASSWORD
/** In UTF-16 units, before anything is done with them: a 10 kB password costs nothing. */
const TYPED_MAX = 4 * CHARACTERS_MAX

export interface PasswordRules {
  /** PASSWORD_MIN, in characters. */
  min: number
  /** User name, e-mail address, APP_NAME: themselves and their parts. */
  ownWords: readonly string[]
  /** The field's name on the wire. */
  path?: string
}

/**
 * The text that is hashed: NFKC, so that every keyboard's é is the same (SP 800-63B §3.1.1.2).
 * null when it could never have been chosen: too long, empty, with NUL, or no Unicode text.
 */
export function preparePassword(password: string): string | null {
  if (password === '' || password.length > TYPED_MAX || password.includes('\0') || !password.isWellFormed()) return null
  const prepared = password.normalize('NFKC')
  return lengthOf(prepared) > CHARACTERS_MAX ? null : prepared
}

/** Why this may not be a new password; at most one reason, empty when it may. */
export async function passwordErrors(
  password: string,
  { min, ownWords, path = 'password' }: PasswordRules,
): Promise<FieldError[]> {
  const because = (code: FieldCode, params?: Params): FieldError[] => [{ path, code, ...(params && { params }) }]
  if (password.length > TYPED_MAX) return because('too_long', { max: CHARACTERS_MAX })
  if (/\p{Cc}/u.test(password) || !password.isWellFormed()) return because('control_characters')
  const prepared = password.normalize('NFKC')
  if (lengthOf(prepared) > CHARACTERS_MAX) return because('too_long', { max: CHARACTERS_MAX })
  if (lengthOf(prepared) < min) return because('too_short', { min })
  const { fold, isCommon } = await import('./common-passwords.ts')
  const folded = fold(prepared)
  if (isCommon(folded)) return because('too_common')
  if (isOwn(folded, ownWords.map(fold))) return because('own_words')
  return []
}

const lengthOf = (text: string) => [...text].length

/** True when little is left of the password without the words and their parts. */
function isOwn(folded: string, words: readonly string[]): boolean {
  const parts = words.flatMap((word) => {
    const [local = ''] = word.split('@')
    const pieces = local.split(/[^\p{L}\p{N}]+/u)
    return [word, local, pieces.join(''), ...pieces]
  })
  const longestFirst = parts.filter((part) => lengthOf(part) >= PASSWORD.ownWordMin).sort((a, b) => b.length - a.length)
  let left = folded
  for (const part of longestFirst) left = left.replaceAll(part, '')
  return left !== folded && lengthOf(left) < PASSWORD.besidesMin
}
