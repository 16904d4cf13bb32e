// What is taken for other letters by whoever reads it.

/** Digits and signs in the place of letters; `1` and its like are read in two ways. */
const SIGNS: Record<string, string> = {
  ...{ '0': 'o', '2': 'z', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '+': 't', '€': 'e' },
}
const UPRIGHT = /[1!|¡]/g

/** Letters of other scripts that look like ours (Unicode TS #39, those a keyboard has). */
const FOREIGN: Record<string, string> = Object.fromEntries(
  [
    ['абвгеікмнорстухьһјѕԁԛԝү', 'abbreikmhopctyxbhjsdqwy'],
    ['αβγεικνορτυχω', 'abyeikvoptuxw'],
  ].flatMap(([theirs = '', ours = '']) => [...theirs].map((letter, at) => [letter, ours[at] ?? letter])),
)

/** Lower-case letters of other scripts as the Latin ones they look like. */
export const latin = (text: string): string => text.replace(/[\u0370-\u052f]/g, (letter) => FOREIGN[letter] ?? letter)

/** The text with signs read as letters, in both ways: `p4ssw0rd` as password, `we1come` as welcome. */
export function readings(text: string): string[] {
  const plain = text.replace(/[0-9@$+€]/g, (sign) => (sign === '1' ? sign : (SIGNS[sign] ?? sign)))
  return [plain.replace(UPRIGHT, 'i'), plain.replace(UPRIGHT, 'l')]
}

/** Equal for two words that differ in strokes only: `admln` and admin, `adrnin` and admin, `vvww` and wwww. */
export const strokes = (text: string): string => text.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('l', 'i')
