// Fills and drains posta's stores, and renders its mails, without HTTP and providers around it.
import { newId } from '../../lib/names/ids.ts'
import type { NewMessage } from '../../lib/ports/admission.ts'
import type { Settlement } from '../../lib/ports/outbox.ts'
import type { Claimed } from '../../lib/ports/row.ts'
import type { Store } from '../../lib/ports/store.ts'
import { mailRenderer } from '../../lib/renderer/mail.ts'
import { CLAIM_MAX } from '../../lib/rules/numbers.ts'
import { tableOf } from '../../lib/steps/steps.ts'
import { redisStore } from '../../lib/store/redis/store.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import type { PostaStub } from '../../lib/wire.ts'

export { PostaObject } from '../../functions/object.ts'

interface Bindings {
  POSTA_OBJECT: { getByName: (name: string) => unknown }
}

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const renderer = mailRenderer()
const GROUPS_MAX = 100
const HOUR_MS = 3_600_000

/** The Redis behind `url`, or without one the SQLite of the object of that name. */
function storeOf(asked: URLSearchParams, env: Bindings): Store {
  const [url, token] = [asked.get('url'), asked.get('token')]
  if (url && token) return redisStore({ url, token, timeoutMs: 30_000 })
  return sqliteStore(
    tableOf(() => env.POSTA_OBJECT.getByName(asked.get('object') ?? '') as unknown as PostaStub, 'store'),
  )
}

function message(now: number): NewMessage {
  const id = newId('msg', now, random)
  return {
    id,
    challengeId: null,
    channel: 'email',
    template: 'receipt',
    class: 'transactional',
    priority: 'medium',
    recipient: id,
    sealed: 'x'.repeat(400),
    providers: ['resend'],
    dueAt: now,
    expiresAt: null,
    startBy: null,
    giveUpAt: now + HOUR_MS,
    after: [],
    slot: id,
    slotSeries: [],
  }
}

async function fill(store: Store, count: number, now: number): Promise<void> {
  for (let left = count; left > 0; left -= GROUPS_MAX) {
    const groups = Array.from({ length: Math.min(left, GROUPS_MAX) }, () => ({
      idempotency: null,
      takes: [],
      sends: [],
      challenge: null,
      messages: [message(now)],
      claim: null,
      now,
    }))
    const answers = await store.outbox.admit(groups)
    if (answers.some((answer) => answer.kind !== 'admitted')) throw new Error('a message was not admitted')
  }
}

const taken = (row: Claimed, now: number): Settlement => ({
  id: row.id,
  token: row.token,
  attempt: row.attempt,
  record: { provider: row.intent, at: now, outcome: 'accepted', code: null, durationMs: 50, providerId: row.id },
  breaker: 'good',
  next: { kind: 'end', status: 'sent', release: false },
  ambiguous: false,
  now,
})

/** What a delivery costs the store: one claim for six, one settlement each. */
async function drain(store: Store, count: number, now: number): Promise<void> {
  for (let done = 0; done < count; ) {
    const lease = { token: newId('lease', now, random), leaseMs: 30_000 }
    const { claimed } = await store.outbox.claim({ due: true }, CLAIM_MAX, lease, now)
    if (claimed.length === 0) throw new Error('the queue is empty')
    const settled = await Promise.all(claimed.map((row) => store.outbox.settle(taken(row, now))))
    if (settled.some((one) => one.kind !== 'ended')) throw new Error('a message has not ended')
    done += claimed.length
  }
}

async function render(count: number): Promise<number> {
  const template = 'verification-code'
  const version = renderer.versionOf(template)
  const data = { purpose: 'login', minutes: 10, code: '123456', link: null }
  let length = 0
  for (let n = 0; n < count; n++) {
    const locale = n % 2 === 0 ? 'es' : 'en'
    const input = { template, version, locale, brand: { appName: 'Cine Central' }, data } as const
    length += (await renderer.render(input)).html.length
  }
  return length
}

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const url = new URL(request.url)
    const count = Number(url.searchParams.get('count'))
    const store = storeOf(url.searchParams, env)
    switch (url.pathname) {
      case '/fill':
        await fill(store, count, Date.now())
        break
      case '/drain':
        await drain(store, count, Date.now())
        break
      case '/render':
        await render(count)
        break
      default:
        return new Response(null, { status: 404 })
    }
    return new Response('done')
  },
}
