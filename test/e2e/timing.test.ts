// Whether an address has an account is not to be had from the clock.
//
// Statistic: the probability that a random answer about a known address took longer than one about an unknown one (the
// area under the ROC curve, Mann–Whitney U / n·m): 0.5 for whoever learns nothing. With 200 samples of each its standard
// error under "no difference" is sqrt((n + m + 1) / (12·n·m)) = 0.029; four of them are allowed, so a sound build fails
// one look in 16,000, and one that a guesser is right about in 62 of 100 cases is found. The samples share two cores, so
// they are not as independent as that: a look that leans is repeated, and a build that leans the same way thrice fails.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, clientOf } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const SAMPLES = 200
/** How often one is looked at that leans. */
const LOOKS = 3
/** Of what costs little; log-ins hash. */
const AT_ONCE = 8
const ALLOWED = 4 * Math.sqrt((2 * SAMPLES + 1) / (12 * SAMPLES * SAMPLES))
const PASSWORD = 'violet kettle 42'

onEachWiring('the time of an answer', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let askedAt = 0
  const known = Array.from({ length: SAMPLES }, (_, n) => `known.${n}@example.com`)
  const unknown = Array.from({ length: SAMPLES }, (_, n) => `other.${n}@example.com`)
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off' })
    client = clientOf(worker.url)
    await inTurns(known, AT_ONCE, async (email) => {
      const username = `person${known.indexOf(email)}`
      const { status } = await client.post('/v1/auth/register', { username, email, password: PASSWORD })
      expect(status).toBe(201)
    })
  }, 120_000)
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  it('of a resend says nothing about the address', async () => {
    await expectAlike('/v1/auth/resend', 202, (email) => ({ email }), AT_ONCE)
  }, 180_000)

  it('of a log-in says nothing about the address', async () => {
    await expectAlike('/v1/auth/login', 401, (email) => ({ email, password: 'not the password' }), 4)
  }, 180_000)

  it('of a recovery says nothing about the address', async () => {
    await expectAlike('/v1/auth/recover', 202, (email) => ({ email }), AT_ONCE)
  }, 180_000)

  /** A leak leans the same way however often it is looked at; a busy machine leans once. */
  async function expectAlike(path: string, status: number, body: (email: string) => object, atOnce: number) {
    const leans: number[] = []
    while (leans.length < LOOKS && leans.every((lean) => Math.abs(lean) >= ALLOWED)) {
      if (status === 202) await spaced()
      leans.push((await look(path, status, body, atOnce)) - 0.5)
      if (status === 202) askedAt = Date.now()
      console.info(`${path}: ${leans.map((lean) => (0.5 + lean).toFixed(3))} (0.5 ± ${ALLOWED.toFixed(3)})`)
    }
    const oneWay = leans.every((lean) => Math.sign(lean) === Math.sign(leans[0] ?? 0))
    expect(oneWay && leans.every((lean) => Math.abs(lean) >= ALLOWED), leans.join()).toBe(false)
  }

  /** A stranger's sends to one person are 30 s apart, resend and recovery alike. */
  async function spaced() {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, askedAt + SPACING_MS - Date.now())))
  }

  /** The advantage after known and unknown addresses, one of each at a time, either first: a slow second meets both. */
  async function look(path: string, status: number, body: (email: string) => object, atOnce: number) {
    const took = new Map<string, number>()
    const order = known.flatMap((email, n) => {
      const pair = [email, unknown[n] ?? '']
      return Math.random() < 0.5 ? pair : pair.reverse()
    })
    const shapes = new Set<string>()
    await inTurns(order, atOnce, async (email) => {
      const from = performance.now()
      const answer = await client.post<object>(path, body(email))
      took.set(email, performance.now() - from)
      expect(answer.status).toBe(status)
      shapes.add([...Object.keys(answer.body), ...[...answer.headers.keys()].sort()].join())
    })
    expect(shapes.size).toBe(1)
    const times = (emails: string[]) => emails.map((email) => took.get(email) ?? 0)
    return advantage(times(known), times(unknown))
  }
})

/** The gap between two sends to one person, and a little. */
const SPACING_MS = 31_000

/** Mann–Whitney U / n·m. */
function advantage(a: number[], b: number[]): number {
  let wins = 0
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0
  return wins / (a.length * b.length)
}

async function inTurns<T>(all: T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
