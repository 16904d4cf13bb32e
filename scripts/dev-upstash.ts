// `npm run dev:upstash`: the same Worker as `npm run dev`, on Redis and QStash. A redis-server, a REST façade before it
// and a QStash with real signatures are started beside it, and end with it. Arguments go to wrangler unchanged.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startQstash } from '../test/fakes/qstash.ts'
import { redisMissing, startUpstash } from '../test/fakes/upstash.ts'
import { option } from './options.ts'
import { onOrphaned } from './orphaned.ts'

const given = process.argv.slice(2)
const port = option(given, 'port') ?? '8787'
if (redisMissing) {
  console.error(`posta: ${redisMissing}. Install redis-server 7 or later, or use npm run dev, which needs none.`)
  process.exit(1)
}
if (port === '0') {
  console.error('posta: QStash calls back, so the port must be known: take another than 0.')
  process.exit(1)
}

const upstash = await startUpstash()
const qstash = await startQstash()
const variables = {
  UPSTASH_REDIS_REST_URL: upstash.url,
  UPSTASH_REDIS_REST_TOKEN: upstash.token,
  QSTASH_URL: qstash.url,
  QSTASH_TOKEN: qstash.token,
  QSTASH_CURRENT_SIGNING_KEY: qstash.keys.current,
  QSTASH_NEXT_SIGNING_KEY: qstash.keys.next,
  PUBLIC_URL: `http://localhost:${port}`,
}
console.log(`posta: Redis over REST at ${upstash.url} (token ${upstash.token}), QStash at ${qstash.url}`)

const settings = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`])
const child = spawn(process.execPath, [join(import.meta.dirname, 'dev.ts'), ...settings, ...given], {
  stdio: 'inherit',
})
// A terminal sends Ctrl-C to the child as well; it ends first, and this process after it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
onOrphaned(() => child.kill('SIGTERM'))
child.once('exit', async (code) => {
  await Promise.all([upstash.close(), qstash.close()])
  process.exit(code ?? 1)
})
