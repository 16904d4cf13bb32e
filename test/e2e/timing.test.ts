// Whether an address has an account is not to be had from the clock.
//
// Statistic: the probability that a random answer about a known address took longer than one about an unknown one (the
// area under the ROC curve, Mann–Whitney U / n·m): 0.5 for whoever learns nothing. With 200 samples of each its standard
// error under "no difference" is sqrt((n + m + 1) / (12·n·m)) = 0.029; four of them are allowed, so a sound build fails
// one run in 16,000, and one that a guesser is right about in 62 of 100 cases is found.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, clientOf } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const SAMPLES = 200
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
    askedAt = Date.now()
  }, 120_000)

  it('of a log-in says nothing about the address', async () => {
    await expectAlike('/v1/auth/login', 401, (email) => ({ email, password: 'not the password' }), 4)
  }, 120_000)

  it('of a recovery says nothing about the address', async () => {
    // Resend and recovery are both a stranger's sends to the same person: 30 s apart.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, askedAt + SPACING_MS - Date.now())))
    await expectAlike('/v1/auth/recover', 202, (email) => ({ email }), AT_ONCE)
  }, 120_000)

  /** Known and unknown addresses in random order, a few at a time. */
  async function expectAlike(path: string, status: number, body: (email: string) => object, atOnce: number) {
    const took = new Map<string, number>()
    const order = [...known, ...unknown].sort(() => Math.random() - 0.5)
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
    const found = advantage(times(known), times(unknown))
    console.info(`${path}: ${found.toFixed(3)} (0.5 ± ${ALLOWED.toFixed(3)})`)
    expect(Math.abs(found - 0.5)).toBeLessThan(ALLOWED)
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
