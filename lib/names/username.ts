// User names: which are taken, and what makes two of them the same.
import type { FieldCode, FieldError, Params } from '../outcome/field-error.ts'
import { USERNAME } from '../rules/numbers.ts'
import { readings, strokes } from './look-alike.ts'
import { trimmed } from './typed.ts'

export interface Username {
  /** As typed, composed: typed to people. */
  typed: string
  /** Unique: lower case, without acute accents and diaereses. */
  normal: string
}

const { charactersMin: MIN, charactersMax: MAX } = USERNAME
/**
 * One closed alphabet: what a Spanish or an English keyboard types. Letters of other scripts, marks that stack,
 * and characters that cannot be seen are outside it, so no table of look-alikes has to be right or kept up.
 */
const LETTERS = 'A-Za-z0-9ÁÉÍÓÚÜÑáéíóúüñ'
/** Separators stand alone and inside: `.ana`, `ana--t` and `ana_` are too easily taken for another name. */
const SHAPE = new RegExp(`^[${LETTERS}]+(?:[._-][${LETTERS}]+)*$`)

/** Names a reader could take for us, for a role, or for nothing at all; compared without separators. */
const RESERVED = new Set(
  `about abuse account accounts admin administracion administrador administradora administrator administrators admins
  alert alerts all alguien anonimo anonimous anonymous anybody anyone api app asistencia auth autenticacion ayuda billing
  bot broadcast cajero catch cliente clientes compliance contact contacto contabilidad correo correos cuenta cuentas
  daemon dashboard default deleted demonio desconocido developer dns email emails empresa equipo error everybody everyone
  example facturacion false ftp gerencia gerente guest help helpdesk here host hostmaster http https imap info invitado
  legal link localhost login logout mail mailer mailerdaemon marketing me mesadeayuda mod moderador moderadora moderator
  mods myself nadie nan nil nobody noc none noreply norespond noresponda noresponder notificacion notificaciones
  notification notifications null oauth official oficial operador operadora operator owner pagos password payment payments
  pop posta postmaster privacidad privacy public push receptor recovery recuperacion register registration registro
  reservado reserved root sales security seguridad self server service services servicio servicios session settings
  shop signin signup sistema sistemas smtp somebody someone soporte soportetecnico ssl staff status superadmin supervisor
  superuser superusuario support sysadmin system systems team tecnico test todos true undefined unknown unsubscribe
  user username users usuario usuarios ventas verification verificacion verify void webmaster website whatsapp www you`
    .split(/\s+/)
    .filter(Boolean),
)

/** null when nobody can register this name. An older system's people may have it all the same: see `normalUsername`. */
export function parseUsername(text: string): Username | null {
  const name = trimmed(text)
  if (name.length > 2 * MAX) return null
  // Composes what a keyboard may send in two parts. Not NFKC: ａｎａ shall be refused, not become somebody's ana.
  const typed = name.normalize('NFC')
  if (typed.length < MIN || typed.length > MAX || !SHAPE.test(typed)) return null
  return { typed, normal: normalUsername(typed) }
}

/**
 * What any name is kept unique and looked up by, also one outside the alphabet: who brought it along from an older system
 * logs in with it. NFKC and lower case; josé is jose to whoever reads it, but año is not ano: ñ is a letter.
 * The caller bounds the length of what was typed.
 */
export function normalUsername(text: string): string {
  return trimmed(text)
    .normalize('NFKD')
    .replace(/[\u0301\u0308]/g, '')
    .normalize('NFKC')
    .toLowerCase()
}

/** Why a new user may not be called this; empty when they may. `reserved` holds more names, such as APP_NAME. */
export function usernameErrors(typed: string, reserved: readonly string[] = []): FieldError[] {
  const text = trimmed(typed)
  const because = (code: FieldCode, params?: Params): FieldError[] => [
    { path: 'username', code, ...(params && { params }) },
  ]
  if (text.includes('@')) return because('looks_like_email')
  const length = text.length > 2 * MAX ? text.length : text.normalize('NFC').length
  if (length < MIN) return because('too_short', { min: MIN, max: MAX })
  if (length > MAX) return because('too_long', { min: MIN, max: MAX })
  const name = parseUsername(text)
  if (name === null) return because('not_username')
  return isReserved(name.normal, reserved) ? because('reserved') : []
}

/** Also what is only read as one of them: `4dm1n`, `adrnin`. */
function isReserved(normal: string, more: readonly string[]): boolean {
  const words = [...RESERVED, ...more.map((word) => bareOf(normalUsername(word)))].filter(Boolean)
  const bare = bareOf(normal)
  const forms = [bare, ...readings(bare)]
  const drawn = new Set(forms.map(strokes))
  return words.some((word) => forms.includes(word) || (word.length >= STROKES_MIN && drawn.has(strokes(word))))
}

/** Of shorter words too many are names: Ali is not all. */
const STROKES_MIN = 5

const bareOf = (normal: string) => normal.replace(/[^a-z0-9ñ]/g, '')
