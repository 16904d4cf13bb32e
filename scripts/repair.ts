// `npm run repair`: indexes of the Redis ledger that were lost, made anew from its messages, while the service runs.
// Reads UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN from the environment.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

// Scripts of Redis are imported as text, as wrangler does.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.lua')) return next(url, context)
    const source = `export default ${JSON.stringify(readFileSync(fileURLToPath(url), 'utf8'))}`
    return { format: 'module', source, shortCircuit: true }
  },
})

const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env
if (!url || !token) {
  console.error('Set UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN.')
  process.exit(2)
}
const { repairRedis } = await import('../lib/store/redis/repair.ts')
const { rows, missing } = await repairRedis({ url, token }, Date.now)
console.log(`${rows} messages, ${missing} places in indexes were missing and are back`)
