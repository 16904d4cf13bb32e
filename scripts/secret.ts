// `npm run secret`: a new entry for POSTA_SECRET.
import { randomBytes, randomInt } from 'node:crypto'

if (process.argv.length > 2) {
  console.error('npm run secret takes no arguments: it prints a new entry for POSTA_SECRET.')
  process.exit(2)
}

/** The kid only tells entries apart; it is public in tokens and seals. */
const kid = `k${randomInt(36 ** 5)
  .toString(36)
  .padStart(5, '0')}`

console.log(`
Entry for POSTA_SECRET:

${kid}:${randomBytes(32).toString('base64')}

To rotate, put it in front of those already there, separated by a comma: the first signs and seals,
the others still verify and open. Keep the last one where it is: it finds addresses again.
`)
