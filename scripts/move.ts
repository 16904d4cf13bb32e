// `npm run move -- https://posta.example.com`: what the object holds and what does not end by itself, to the stores that the
// settings name now. Ends with 1 when something could not be copied; it may be stopped, and run again, at any time.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, styleText } from 'node:util'
import { MOVING } from '../lib/rules/moving.ts'
import { AskError, ask, KEY_HELP, keyFrom, originOf, refuseKeys, stop } from './asked.ts'
import { type Conflict, moveAll } from './moving.ts'

const USAGE = `npm run move -- https://posta.example.com [--key-file FILE] [--pause MS]

  --pause   between two pages of ${MOVING.pageMax} accounts; default ${MOVING.pauseMs}

${KEY_HELP} It may be stopped at any time: run again, it goes on.`

function parsed() {
  const options = { 'key-file': { type: 'string' }, pause: { type: 'string', default: `${MOVING.pauseMs}` } } as const
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

const told = ({ id, fields }: Conflict): string =>
  fields.length > 0
    ? `${id} stays: another account has its ${fields.join(' and ')} there`
    : `${id} stays: it breaks a rule of the table there`

/** What ends by itself, as /ready counts it; null = the object is empty. */
async function leftAt(origin: string): Promise<Record<string, number> | null> {
  try {
    const answer = await fetch(`${origin}/ready`, { redirect: 'error', signal: AbortSignal.timeout(MOVING.readyMs) })
    return ((await answer.json()) as { moving: Record<string, number> | null }).moving
  } catch {
    throw new AskError(`${origin}/ready does not say what is left.`)
  }
}

async function main(): Promise<boolean> {
  refuseKeys()
  const { values, positionals } = parsed()
  const [typed, ...rest] = positionals
  if (typed === undefined || rest.length > 0) stop(`Name one URL.\n\n${USAGE}`)
  if (!/^\d{1,6}$/.test(values.pause)) stop(`--pause takes milliseconds.\n\n${USAGE}`)
  const origin = originOf(typed)
  const key = keyFrom(values['key-file'], process.env)
  const { copied, conflicts, remaining, store, users } = await moveAll({
    ask: (body) => ask(origin, key, '/v1/admin/move', body),
    sleep: (ms) => sleep(ms),
    say: (line) => console.log(line),
    pauseMs: Number(values.pause),
  })
  if (store === 'sqlite' && users === 'sqlite') {
    stop(`${origin} keeps everything in its object: upload the settings of its new stores first.`)
  }
  for (const conflict of conflicts) console.log(`${styleText('red', '✗')} ${told(conflict)}`)
  const more = remaining - conflicts.length
  if (more > 0) console.log(`${styleText('red', '✗')} ${more} more came meanwhile: run it again`)
  if (users === 'sqlite') console.log('Accounts stay in the object: no SUPABASE_URL is set.')
  if (store === 'sqlite')
    console.log('Messages, codes and sessions stay in the object: no UPSTASH_REDIS_REST_URL is set.')
  const left = await leftAt(origin)
  const { accounts = 0, ...ending } = left ?? {}
  console.log(
    left === null
      ? `${copied} copied. The object is empty.`
      : `${copied} copied. The object still holds ${accounts} accounts, and until they end ${Object.entries(ending)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ')}.`,
  )
  return conflicts.length === 0 && more <= 0 && accounts === 0
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  if (!(error instanceof AskError)) throw error
  stop(`${error.message}\nRun it again: it goes on where it stopped.`)
}
