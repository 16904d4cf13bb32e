// Common passwords: a list of words, the endings people put behind them, and patterns of the keyboard.
import { latin, readings } from '../names/look-alike.ts'
import { WORDS } from './common-words.ts'

let words: Set<string> | undefined

/** Endings by which a common word stays common. */
const ENDING =
  /(?:[!.*]|\d!?|00|01|07|1[0-8]|2[0-9]|33|44|55|66|69|77|88|99|007|100|101|111|123!?|1234!?|12345!?|123456!?|1234567|12345678|123456789|200|222|300|321|333|420|500|555|654321|666|777|888|911|987|999|1000|1111|19\d\d!?|20[0-4]\d!?|[@#_.-]\d{1,4})$/
/** Signs that people put before and behind, as many as a rule asks for. */
const SIGNS_AROUND = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu
/** What is left without them is looked up from so many characters on. */
const BARE_MIN = 4
/** Ways over the keyboard and the alphabet; each is also walked backwards. */
const WALKS = `
  01234567890123456789 abcdefghijklmnopqrstuvwxyz abcdefghijklmnñopqrstuvwxyz 11223344556677889900 00112233445566778899
  1122334455667788990 112233445566 123123 147258369 159357 159753 741852963 789456123 147852369 246813579 13579246810
  1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 qawsedrftgyhujikolp qazwsxedcrfvtgbyhnujmikolp
  zaqxswcdevfrbgtnhymjukilop qweasdzxc qweasdzxcrtyfghvbn asdqwe123 qwe123 qwe123qwe123 asd123 zxc123 qweqwe asdasd zxczxc
  qwertyuiop[] qwertyuiopasdfghjklzxcvbnm qwertyuiopasdfghjklñzxcvbnm asdfghjkl; asdfghjklñ asdfghjklzxcvbnm zxcvbnm,./
  azertyuiop azertyuiopqsdfghjklm qwertzuiop qwertzuiopasdfghjklyxcvbnm 1234qwertyuiop 123qwertyuiop 12345qwertyuiop 123456qwertyuiop
  1234qwerasdfzxcv qwerasdfzxcv qwer1234 asdf1234 zxcv1234 qwerty123456789 qwertyuiop123456789 abc123456789 abcd123456789
  abcde123456789 abcdef123456789 a1b2c3d4e5f6g7h8 1a2b3c4d5e6f7g8h aabbccddeeff aa112233 aa123456789 a123456789 a12345678
  123456789a 12345678a 1234567a 123456a 12345a 123456789q 123456q 12345q 123abc 1234abcd 12345abcde 123qwe 123asd 123456abc
  1q2w3e4r 1qazxsw2 2wsx3edc 3edc4rfv zaq12wsx zaq1xsw2 xsw2zaq1 !qaz2wsx 1qaz!qaz q1q1q1 1234561 12344321 123454321 1234554321
  poiuytrewq mnbvcxz lkjhgfdsa 0987654321 9876543210 102030405060 10203040 1020304050 010203040506 13131313 314159265358979 31415926 271828182845904
`
  .trim()
  .split(/\s+/)
  .flatMap((walk) => [walk, [...walk].reverse().join('')])

/** What comparisons are made with: one case, no accents, one form of every letter, whatever script it looks like. */
export function fold(text: string): string {
  const lower = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, (marks) => (marks === '\u0303' ? marks : ''))
    .normalize('NFKC')
    .toLowerCase()
  return latin(lower)
}

/** Takes a folded password. */
export function isCommon(folded: string): boolean {
  const bare = folded.replace(SIGNS_AROUND, '')
  return isUsual(folded) || (bare.length >= BARE_MIN && bare !== folded && isUsual(bare))
}

function isUsual(text: string): boolean {
  if (/^(.{1,4}?)\1+.?$/su.test(text)) return true
  if (WALKS.some((walk) => walk.includes(text))) return true
  if (isDate(text)) return true
  return [text, ...readings(text)].some(isWord)
}

/** The word itself, or with an ending; both also without the letters that stand for others. */
function isWord(text: string): boolean {
  words ??= new Set(WORDS.trim().split(/\s+/).map(fold))
  const ending = ENDING.exec(text)
  const bases = ending ? [text, text.slice(0, ending.index)] : [text]
  return bases.some((base) => [base, ...readings(base)].some((one) => words?.has(one)))
}

/** A day as people write it: 24121990, 19901224, 24/12/1990, 241290. */
function isDate(text: string): boolean {
  const day = '(?:0[1-9]|[12]\\d|3[01])'
  const month = '(?:0[1-9]|1[0-2])'
  const year = '(?:19|20)\\d\\d'
  const s = '[-/. ]?'
  return new RegExp(
    `^(?:${day}${s}${month}${s}(?:${year}|\\d\\d)|${month}${s}${day}${s}(?:${year}|\\d\\d)|${year}${s}${month}${s}${day})$`,
  ).test(text)
}
