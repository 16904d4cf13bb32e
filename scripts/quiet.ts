// What `npm run dev` leaves out of what wrangler prints: what posta says itself, and what is not so here.
import { stripVTControlCharacters } from 'node:util'

/** `[wrangler:info] GET /health 200 OK (15ms)`: the Worker has its own line of each request, and none of a long poll. */
const REQUEST = /^\[wrangler:\w+\] [A-Z]+ \/\S* \d{3} .*\(\d+ms\)$/
/** `npm run dev` triggers it each minute. */
const CRON = 'Scheduled Workers are not automatically triggered'

/**
 * Says of each line of a stream, in order, whether it is worth printing. A warning goes with the indented lines below it.
 *
 *     const isWorth = listener()
 *     lines.on('line', (line) => isWorth(line) && console.log(line))
 */
export function listener(): (line: string) => boolean {
  let isBelowCron = false
  return (line) => {
    const plain = stripVTControlCharacters(line)
    if (plain.includes(CRON)) isBelowCron = true
    else if (/^\S/.test(plain)) isBelowCron = false
    return !isBelowCron && !REQUEST.test(plain)
  }
}
