// The short form as a phone gets it: in the alphabet that fits most into one segment, and how many it takes.
import { SMS } from '../rules/message.ts'

/** 3GPP TS 23.038 §6.2.1; those of the second list count twice. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const EXTENDED = new Set('\f^{}\\[~]|€')

const isGsm = (text: string): boolean => [...text].every((one) => BASIC.has(one) || EXTENDED.has(one))

const PLAIN: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '•': '*',
  '\u00a0': ' ',
}

/** The nearest character that the alphabet has: `á` has none, `é` is one. */
function plain(one: string): string {
  if (BASIC.has(one) || EXTENDED.has(one)) return one
  return PLAIN[one] ?? one.normalize('NFD').replace(/\p{M}/gu, '')
}

/**
 * One accent outside the alphabet makes every segment less than half as long, so Spanish goes without those it can do
 * without; what has no plain form (another script, an emoji) stays as it is. Cut at what vendors take.
 *
 *     smsText('Tu código es…') === 'Tu codigo es...'
 */
export function smsText(short: string): string {
  const folded = Array.from(short, plain).join('')
  const text = isGsm(folded) ? folded : short
  if (text.length <= SMS.charactersMax) return text
  // Never through a pair of surrogates.
  return `${text.slice(0, SMS.charactersMax - 3).replace(/[\ud800-\udbff]$/, '')}...`
}

/** How many an SMS of this text is billed as. */
export function segmentsOf(text: string): number {
  const { one, many } = isGsm(text) ? SMS.gsm : SMS.unicode
  const length = isGsm(text)
    ? Array.from(text, (c) => (EXTENDED.has(c) ? 2 : 1)).reduce((a, b) => a + b, 0)
    : text.length
  return length <= one ? 1 : Math.ceil(length / many)
}
