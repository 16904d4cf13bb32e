// Clients that ask for codes, each for a person of its own, and repeat a request under its key until it is answered.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Chance } from './chance.ts'
import { person } from './vendors.ts'

export interface Accepted {
  person: string
  messageId: string
  /** Requests it took. */
  tries: number
}

export interface Load {
  accepted: Accepted[]
  /** Answers that no repeat can change: there should be none. */
  refused: { person: string; status: number; body: string }[]
  retries: number
}

const LOOPS = 4
const ANSWER_MS = 10_000
const RETRY_MS = [50, 400] as const

/** Asks for `messages` codes at `perSecond`, four clients side by side; each starts at its own worker and moves on when that fails. */
export async function askForCodes(
  { urls, key }: { urls: string[]; key: string },
  chance: Chance,
  messages: number,
  perSecond: number,
): Promise<Load> {
  const load: Load = { accepted: [], refused: [], retries: 0 }
  const startedAt = Date.now()
  const underWay = new Set<Promise<void>>()

  async function ask(n: number): Promise<void> {
    const to = person(n)
    for (let tries = 1; ; tries++) {
      const answer = await post(`${urls[(n + tries - 1) % urls.length]}/v1/challenges`, key, `chaos-${n}`, {
        to: { email: to },
        purpose: 'login',
      })
      if (answer?.status === 201) {
        const { deliveries } = JSON.parse(answer.body) as { deliveries: { message_id: string }[] }
        load.accepted.push({ person: to, messageId: deliveries[0]?.message_id ?? '', tries })
        return
      }
      // No answer, 503 and the like: whether it was accepted is not known, so the same key asks again.
      if (answer && answer.status < 500) {
        load.refused.push({ person: to, ...answer })
        return
      }
      load.retries++
      await sleep(chance.between(...RETRY_MS, 'retry', n, tries))
    }
  }

  async function loop(first: number): Promise<void> {
    for (let n = first; n < messages; n += LOOPS) {
      await sleep(Math.max(0, startedAt + (n * 1_000) / perSecond - Date.now()))
      const asked = ask(n).finally(() => underWay.delete(asked))
      underWay.add(asked)
      // While nobody answers, the queue of askers does not grow without end.
      while (underWay.size > 200) await Promise.race(underWay)
    }
  }
  await Promise.all(Array.from({ length: LOOPS }, (_, at) => loop(at)))
  await Promise.all(underWay)
  return load
}

async function post(url: string, key: string, idempotencyKey: string, body: unknown) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': idempotencyKey,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    return { status: response.status, body: await response.text() }
  } catch {
    return null
  }
}
