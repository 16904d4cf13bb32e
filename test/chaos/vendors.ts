// Mail vendors that fail one call in five, before the fakes that judge and keep what they take. What happens to a call
// follows from the seed, the person and how often that vendor was called for them: not from who comes first.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AcceptedMail, startMailVendors, type Vendor } from '../fakes/mail-vendors.ts'
import type { Chance } from './chance.ts'

/**
 * refuse: dropped unread · lose_answer: taken, then the connection dies · hang: nothing taken, nothing said ·
 * hang_taken: taken, nothing said · error500, throttle: those answers · reject: this mail's own fault.
 */
const FAULTS = {
  lose_answer: 0.06,
  refuse: 0.05,
  error500: 0.04,
  throttle: 0.025,
  hang: 0.01,
  hang_taken: 0.01,
  reject: 0.005,
}
export type Fault = keyof typeof FAULTS

/** How long a healthy vendor thinks: long enough that a kill finds calls under way. */
const LATENCY_MS = [5, 40] as const

export interface ChaosVendors {
  url: string
  accepted: () => AcceptedMail[]
  /** Calls per fault so far. */
  faults: () => Partial<Record<Fault, number>>
  calls: () => number
  /** From now on every call is answered as it should be. */
  heal: () => void
  close: () => Promise<void>
}

const ANSWERS: Partial<Record<Fault, { status: number; body: string }>> = {
  error500: { status: 500, body: '{"statusCode":500,"name":"internal_server_error","message":"chaos"}' },
  throttle: { status: 429, body: '{"statusCode":429,"name":"rate_limit_exceeded","message":"chaos"}' },
  reject: { status: 400, body: '{"statusCode":400,"name":"validation_error","message":"chaos"}' },
}

/** Who a mail is for: person(n) is found again in the body of every vendor's request. */
export const person = (n: number): string => `chaos-${n}@example.com`
const PERSON = /chaos-(\d+)(?:@|%40)example\.com/

export async function startChaosVendors(chance: Chance): Promise<ChaosVendors> {
  const vendors = await startMailVendors()
  const tries = new Map<string, number>()
  const counts: Partial<Record<Fault, number>> = {}
  let calls = 0
  let healed = false

  function faultOf(vendor: Vendor, who: string, nth: number): Fault | null {
    let at = chance.of('fault', vendor, who, nth)
    for (const [fault, share] of Object.entries(FAULTS) as [Fault, number][]) {
      if (at < share) return fault
      at -= share
    }
    return null
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const vendor = path.split('/')[1] as Vendor
    const body = Buffer.concat(await request.toArray())
    const who = PERSON.exec(body.toString('latin1'))?.[1] ?? ''
    const nth = (tries.get(`${vendor} ${who}`) ?? 0) + 1
    tries.set(`${vendor} ${who}`, nth)
    calls++
    await sleep(chance.between(...LATENCY_MS, 'latency', vendor, who, nth))
    const fault = healed ? null : faultOf(vendor, who, nth)
    if (fault) counts[fault] = (counts[fault] ?? 0) + 1
    const canned = fault && ANSWERS[fault]
    if (canned) {
      response.writeHead(canned.status, { 'Content-Type': 'application/json' }).end(canned.body)
      return
    }
    if (fault === 'refuse') return void request.socket.destroy()
    if (fault === 'hang') return
    const headers = Object.entries(request.headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name))
    const answer = await fetch(vendors.url + path, {
      method: 'POST',
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      body,
    })
    const said = await answer.text()
    if (fault === 'lose_answer') return void request.socket.destroy()
    if (fault === 'hang_taken') return
    const id = answer.headers.get('X-Message-Id')
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...(id && { 'X-Message-Id': id }) })
    response.end(said)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: vendors.accepted,
    faults: () => counts,
    calls: () => calls,
    heal: () => {
      healed = true
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await vendors.close()
    },
  }
}
