// How people paste: what mails, phones and keyboards put around and into a code, an address, a name.

/** Blanks and unseen marks that come along before and behind. */
export const AROUND = [
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\n\n',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u061c',
  '\u1680',
  '\u2003',
  '\u2009',
  '\u200b',
  '\u200c',
  '\u200d',
  '\u200e',
  '\u200f',
  '\u2028',
  '\u202a',
  '\u202c',
  '\u202f',
  '\u2060',
  '\u2066',
  '\u2069',
  '\u3000',
  '\ufeff',
  '\u{e0001}',
]

/** U+200B, for the name of a test. */
export const pointsOf = (text: string): string =>
  [...text].map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`).join(' ')

const digitsFrom = (zero: number) => (code: string) =>
  code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
const split = (between: string) => (code: string) => `${code.slice(0, 3)}${between}${code.slice(3)}`

/** A form's name, and how it writes a code. */
export const CODE_FORMS: [name: string, formOf: (code: string) => string][] = [
  ['what selecting it in our own mail copies', (code) => `\n${code}\n\n`],
  ['a line of its own', (code) => `${code}\r\n`],
  ['tabs around it', (code) => `\t${code}\t`],
  ['blanks around it', (code) => `  ${code} `],
  ['a no-break space behind it', (code) => `${code}\u00a0`],
  ['a byte order mark before it', (code) => `\ufeff${code}`],
  ['marks of direction around it', (code) => `\u202a${code}\u202c`],
  ['isolating marks around it', (code) => `\u2068${code}\u2069`],
  ['a zero-width space in the middle', split('\u200b')],
  ['a word joiner in the middle', split('\u2060')],
  ['a soft hyphen in the middle', split('\u00ad')],
  ['a space in the middle', split(' ')],
  ['a no-break space in the middle', split('\u00a0')],
  ['a thin space in the middle', split('\u2009')],
  ['an ideographic space in the middle', split('\u3000')],
  ['a hyphen', split('-')],
  ['a no-break hyphen', split('\u2011')],
  ['an en dash between blanks', split(' – ')],
  ['an em dash', split('—')],
  ['a full-width hyphen', split('－')],
  ['a space between all digits', (code) => [...code].join(' ')],
  ['a dash between all digits', (code) => [...code].join('-')],
  ['one digit a line', (code) => [...code].join('\n')],
  ['full-width digits', digitsFrom(0xff10)],
  ['Arabic digits', digitsFrom(0x0660)],
  ['Persian digits', digitsFrom(0x06f0)],
  ['Devanagari digits', digitsFrom(0x0966)],
  ['Bengali digits', digitsFrom(0x09e6)],
  ['mathematical bold digits', digitsFrom(0x1d7ce)],
  ['superscript digits', (code) => code.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '')],
]
