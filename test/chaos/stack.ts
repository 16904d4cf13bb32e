// Everything one run needs, as parts that can be killed: workers, and on the distributed wiring Redis behind them.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fakes/free-port.ts'
import { startQstash } from '../fakes/qstash.ts'
import type { Chance } from './chance.ts'
import { startDurableRedis } from './redis.ts'
import { type ChaosVendors, startChaosVendors } from './vendors.ts'
import { buildBundle, startWorkerd, type Workerd } from './workerd.ts'

export type WiringName = 'embedded' | 'distributed'

/** Something that can be ended without a goodbye and started again over what it left. */
export interface Victim {
  kind: string
  kill: () => Promise<void>
  start: () => Promise<void>
}

export interface Stack {
  /** Where clients may call. */
  urls: string[]
  key: string
  victims: Victim[]
  vendors: ChaosVendors
  /** Fires the cron at one worker, as the platform does once a minute. */
  sweep: () => Promise<void>
  /** What the workers said, newest last. */
  logs: () => string
  close: () => Promise<void>
}

/** Instances that share one Redis; a Durable Object has one host. */
const INSTANCES: Record<WiringName, number> = { embedded: 1, distributed: 4 }

export async function startStack(wiring: WiringName, chance: Chance): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'posta-chaos-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const ends: (() => Promise<unknown>)[] = [
    async () => {
      process.off('exit', remove)
      remove()
    },
  ]
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const bundle = await buildBundle(join(folder, 'bundle'))
    const vendors = await startChaosVendors(chance)
    ends.push(vendors.close)
    const key = `posta_chaos_${randomBytes(8).toString('hex')}`
    const shared = settings(vendors.url, key)
    const workers: (Workerd | null)[] = []
    const ports: number[] = []
    const victims: Victim[] = []
    if (wiring === 'distributed') {
      const redisFolder = join(folder, 'redis')
      mkdirSync(redisFolder)
      const redis = await startDurableRedis(redisFolder)
      ends.push(redis.close)
      victims.push({ kind: 'redis-server', kill: redis.kill, start: redis.start })
      const qstash = await startQstash()
      ends.push(() => Promise.resolve(qstash.close()))
      // At least once, it says of itself: here it is always twice.
      qstash.copies(2)
      const balancer = await startBalancer(() => ports.filter((_, at) => workers[at] != null))
      ends.push(balancer.close)
      Object.assign(shared, {
        UPSTASH_REDIS_REST_URL: redis.url,
        UPSTASH_REDIS_REST_TOKEN: redis.token,
        QSTASH_URL: qstash.url,
        QSTASH_TOKEN: qstash.token,
        QSTASH_CURRENT_SIGNING_KEY: qstash.keys.current,
        QSTASH_NEXT_SIGNING_KEY: qstash.keys.next,
        PUBLIC_URL: balancer.url,
      })
    }
    for (let at = 0; at < INSTANCES[wiring]; at++) {
      const run = {
        vars: shared,
        state: join(folder, `state-${at}`),
        port: await freePort(),
        cronPort: await freePort(),
      }
      ports.push(run.port)
      const start = async () => {
        workers[at] = await startWorkerd(bundle, run)
      }
      const kill = async () => {
        const worker = workers[at]
        workers[at] = null
        await worker?.kill()
      }
      await start()
      ends.push(kill)
      victims.push({ kind: 'workerd', kill, start })
    }
    // The first code of a fresh process costs it most: the load is to find them all awake.
    await Promise.all(ports.map((port) => fetch(`http://127.0.0.1:${port}/ready`).then((answer) => answer.text())))
    let turn = 0
    return {
      urls: ports.map((port) => `http://127.0.0.1:${port}`),
      key,
      victims,
      vendors,
      sweep: async () => {
        const up = workers.filter((worker) => worker !== null)
        await up[turn++ % up.length]?.sweep()
      },
      logs: () => workers.map((worker) => worker?.logs() ?? '').join('\n'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Three providers, one of them keyed; the limit per API key is lifted, which development may. */
function settings(vendorsUrl: string, key: string): Record<string, string> {
  const secret = `chaos:${randomBytes(32).toString('base64')}`
  return {
    POSTA_ENV: 'development',
    LIMITS: 'off',
    POSTA_SECRET: secret,
    POSTA_API_KEYS: `chaos:send:${createHash('sha256').update(key).digest('hex')}`,
    EMAIL_FROM: 'posta <posta@example.com>',
    EMAIL_PROVIDERS: 'resend,sendgrid,mailgun',
    RESEND_API_KEY: 're_chaos',
    RESEND_BASE_URL: `${vendorsUrl}/resend`,
    SENDGRID_API_KEY: 'SG.chaos',
    SENDGRID_BASE_URL: `${vendorsUrl}/sendgrid`,
    MAILGUN_API_KEY: 'key-chaos',
    MAILGUN_DOMAIN: 'example.com',
    MAILGUN_BASE_URL: `${vendorsUrl}/mailgun`,
  }
}

/** One public address for several instances, turn by turn: what QStash calls back. */
async function startBalancer(ports: () => number[]): Promise<{ url: string; close: () => Promise<void> }> {
  let turn = 0
  const server = createServer(async (request, response) => {
    try {
      const up = ports()
      const port = up[turn++ % up.length]
      if (port === undefined) throw new Error('nobody is up')
      const body = Buffer.concat(await request.toArray())
      const headers = Object.entries(request.headers).filter(
        ([name]) => !/^(host|connection|content-length)$/.test(name),
      )
      const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, {
        method: request.method ?? 'POST',
        headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
        body,
      })
      const passed = [...answer.headers].filter(([name]) => /^(retry-after|upstash-|content-type)/.test(name))
      const said = await answer.text()
      response.writeHead(answer.status, Object.fromEntries(passed)).end(said)
    } catch {
      response.writeHead(502).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
