// Providers as machines at the other end of the network: each does what the seed says and remembers what it took.
import type { SendOutcome } from '../../lib/ports/message.ts'
import type { Outgoing, Provider } from '../../lib/ports/provider.ts'
import type { Isolate } from './net.ts'
import { type Behaviour, HOUR, type ProviderPlan, SECOND } from './plan.ts'
import { type Rng, rngOf } from './prng.ts'
import { scheduleReports } from './reports.ts'
import type { Call, Copy, World } from './world.ts'

/** How long a vendor remembers an idempotency key. */
export const KEYED_FOR_MS = 24 * HOUR

/** What a vendor's machine keeps, per world. */
interface Machine {
  rng: Rng
  /** By key: the bytes and the answer of the first call. */
  taken: Map<string, { at: number; bytes: string; providerId: string }>
}

const machines = new WeakMap<World, Map<string, Machine>>()

function machineOf(world: World, plan: ProviderPlan): Machine {
  const all = machines.get(world) ?? new Map<string, Machine>()
  machines.set(world, all)
  const machine = all.get(plan.name) ?? { rng: rngOf(world.plan.seed, `provider/${plan.name}`), taken: new Map() }
  all.set(plan.name, machine)
  return machine
}

export function providersFor(world: World, isolate: Isolate, now: () => number): Provider[] {
  return world.plan.providers.map((plan) => {
    const { name, channel, keyed, reports } = plan
    const provider: Provider = {
      name,
      channel,
      keyed,
      reports,
      send: (outgoing, timeoutMs) => send(world, isolate, plan, outgoing, timeoutMs, now),
    }
    return world.bug?.provider?.(provider, world) ?? provider
  })
}

function send(
  world: World,
  isolate: Isolate,
  plan: ProviderPlan,
  outgoing: Outgoing,
  timeoutMs: number,
  now: () => number,
): Promise<SendOutcome> {
  const { kernel, net } = world
  const machine = machineOf(world, plan)
  return new Promise((resolve) => {
    const after = (ms: number, run: () => void) => kernel.after(ms, () => isolate.alive && run())
    const what = `${plan.name}.send ${outgoing.messageId}`
    const fate = net.fateOf(`provider:${plan.name}`)
    if (fate === 'crash before') return after(0, () => net.crash(isolate, `before ${what}`))
    const life = world.db.row<{ replays: number }>('SELECT replays FROM messages WHERE id = ?', outgoing.messageId)
    const call: Call = { provider: plan, outgoing, timeoutMs, now: now(), life: life?.replays ?? 0 }
    for (const checker of world.checkers) checker.calling?.(call)
    const behaviour = behaviourOf(world, machine, plan, outgoing)
    const arrivesMs = Math.min(net.latency(plan.slowMs / 2), timeoutMs - 1)
    const answersMs = net.latency(plan.slowMs / 2)
    kernel.note(`${isolate.name} calls ${what}`)
    after(timeoutMs, () => resolve({ kind: 'unknown', code: 'timeout' }))
    if (behaviour === 'lost request' || fate === 'lost request') {
      return after(net.latency(20), () => resolve({ kind: 'unknown', code: 'connection_lost' }))
    }
    kernel.after(arrivesMs, () => {
      const outcome = answer(world, machine, call, behaviour)
      const lost = behaviour === 'lost answer' || behaviour === 'silent' || fate === 'lost answer' || fate === 'late'
      kernel.note(`${what} comes to ${outcome.kind}${lost ? ', unheard' : ''}`)
      if (fate === 'crash after') return net.crash(isolate, `after ${what}`)
      if (behaviour === 'silent') return
      after(answersMs, () => resolve(lost ? { kind: 'unknown', code: 'connection_lost' } : outcome))
    })
  })
}

function behaviourOf(world: World, machine: Machine, plan: ProviderPlan, outgoing: Outgoing): Behaviour {
  const drawn = machine.rng.weighed(plan.weights)
  if (outgoing.to.address.startsWith('bad')) return 'reject'
  const at = world.kernel.base()
  if (at >= world.plan.healAt) return 'ok'
  const window = world.plan.windows.find((w) => w.party === `provider:${plan.name}` && w.from <= at && at < w.to)
  return window?.how ?? drawn
}

/** The vendor's machine at work: it takes the message, or says why not. */
function answer(world: World, machine: Machine, call: Call, behaviour: Behaviour): SendOutcome {
  const { rng } = machine
  switch (behaviour) {
    case 'refuse':
      return { kind: 'unavailable', code: '503' }
    case 'throttle':
      return { kind: 'throttled', code: '429', retryAfterMs: rng.chance(0.5) ? rng.int(1, 120) * SECOND : null }
    case 'misconfigured':
      return { kind: 'misconfigured', code: '401' }
    case 'reject':
      return { kind: 'rejected', code: 'bad_address' }
    case 'silent':
      return rng.chance(0.5) ? take(world, machine, call) : { kind: 'unknown', code: 'lost' }
    default:
      return take(world, machine, call)
  }
}

function take(world: World, machine: Machine, { provider, outgoing, life }: Call): SendOutcome {
  const at = world.kernel.base()
  const { messageId, key } = outgoing
  const bytes = JSON.stringify([outgoing.from, outgoing.to, outgoing.subject, outgoing.html, outgoing.text])
  const known = provider.keyed ? machine.taken.get(key) : undefined
  if (known && at - known.at < KEYED_FOR_MS) {
    if (known.bytes !== bytes) world.fail('the same key carries the same bytes', messageId, key)
    return { kind: 'accepted', providerId: known.providerId }
  }
  const providerId = `${provider.name}-${machine.taken.size + world.copies.length}`
  machine.taken.set(key, { at, bytes, providerId })
  const said = JSON.parse(outgoing.text) as { code: string | null; link: string | null }
  const link = said.link?.slice(said.link.indexOf('#token=') + '#token='.length) ?? null
  const row = world.db.row<{ challenge_id: string | null; template: string }>(
    'SELECT challenge_id, template FROM messages WHERE id = ?',
    messageId,
  )
  const { code } = said
  const about = { messageId, life, challengeId: row?.challenge_id ?? null, template: row?.template ?? '' }
  const copy: Copy = { ...about, provider, key, address: outgoing.to.address, code, link, at }
  world.copies.push(copy)
  if (copy.code) world.secrets.add(copy.code)
  if (copy.link) world.secrets.add(copy.link)
  for (const checker of world.checkers) checker.copied?.(copy)
  if (provider.reports) scheduleReports(world, machine.rng, copy)
  return { kind: 'accepted', providerId }
}
