// Somebody proves an address: opens, waits for the code, asks for another, guesses, uses the link; strangers try too.
import { type CheckRequest, checkCode } from '../../lib/codes/check.ts'
import { type ChallengeSends, openChallenge } from '../../lib/codes/open.ts'
import { resendCode } from '../../lib/codes/resend.ts'
import type { Core } from '../../lib/core.ts'
import type { Target } from '../../lib/delivery/targets.ts'
import type { Result } from '../../lib/outcome/result.ts'
import { ask, type Person, type Promised } from './client.ts'
import { MINUTE, SECOND } from './plan.ts'
import type { Rng } from './prng.ts'
import type { World } from './world.ts'

type Opener = 'owner' | 'service' | 'anonymous'
type Checked = Awaited<ReturnType<typeof checkCode>>

interface Story {
  world: World
  rng: Rng
  person: Person
  opener: Opener
  audience: 'service' | 'account'
  caller: { keyName: string | null; ip: string }
  challengeId: string
  channels: Target['channel'][]
}

export async function codeStory(
  world: World,
  rng: Rng,
  promised: Promised,
  person: Person,
  opener: Opener,
): Promise<void> {
  const story = await open(world, rng, promised, person, opener)
  if (!story) return
  const strangers = rng.chance(0.3) ? guessing(story) : Promise.resolve()
  for (let turn = rng.int(1, 4); turn > 0; turn--) {
    await world.kernel.sleep(rng.chance(0.5) ? rng.int(2, 20) * SECOND : rng.int(20, 400) * SECOND)
    const done = await turnOf(story)
    if (done) break
  }
  await strangers
}

async function open(world: World, rng: Rng, promised: Promised, person: Person, opener: Opener): Promise<Story | null> {
  const { kernel } = world
  const hasSms = world.plan.providers.some((provider) => provider.channel === 'sms')
  const targets: Target[] = [{ channel: 'email', deliver: person.email, normal: person.email }]
  if (hasSms && rng.chance(0.6)) targets.push({ channel: 'sms', deliver: person.phone, normal: person.phone })
  const key = opener === 'service' && rng.chance(0.7) ? `open-${kernel.base()}-${rng.int(0, 1e9)}` : null
  const audience = opener === 'service' ? 'service' : 'account'
  const caller = { keyName: opener === 'service' ? 'main' : null, ip: person.ip }
  const mode = rng.pick(['each', 'first'] as const)
  const addresses = targets.map((target) => target.normal)
  const use = async (core: Core): Promise<Result<ChallengeSends>> => {
    const idempotency = key === null ? null : { key, fingerprint: 'same' }
    const purpose = 'login'
    const locale = 'es'
    const opened = await openChallenge(core, {
      targets,
      addresses,
      purpose,
      mode,
      locale,
      audience,
      opener,
      caller,
      idempotency,
    })
    if (opened.ok && rng.chance(0.3)) await opened.value.first
    return opened
  }
  const opened = await ask(world, rng, 3, `open by ${opener}`, use)
  if (key !== null && opened?.ok && rng.chance(0.3)) {
    const twice = await ask(world, rng, 2, `open again by ${opener}`, use)
    if (twice?.ok) promised.told(key, [twice.value.challengeId])
  }
  if (!opened?.ok) return null
  const { challengeId } = opened.value
  if (key !== null) promised.told(key, [challengeId])
  return {
    world,
    rng,
    person,
    opener,
    audience,
    caller,
    challengeId,
    channels: targets.map((target) => target.channel),
  }
}

/** True when there is nothing more to do. */
async function turnOf(story: Story): Promise<boolean> {
  const { world, rng, challengeId } = story
  const copy = mailOf(story)
  switch (rng.weighed({ right: copy ? 5 : 0, link: copy ? 1 : 0, wrong: 2, resend: copy ? 1 : 5, leave: 0.3 })) {
    case 'leave':
      return true
    case 'resend':
      await resend(story)
      return false
    case 'wrong':
      for (let n = rng.int(1, 3); n > 0; n--) await guess(story, { code: codeOf(rng) })
      return false
    case 'link':
      await guess(story, { token: copy?.link ?? '' })
      return rng.chance(0.7)
    case 'right': {
      // Impatient fingers and double submits: exactly one of these may be told yes.
      const times = rng.weighed({ 1: 3, 2: 1, 3: 1 })
      const all = Array.from({ length: Number(times) }, () => guess(story, { code: copy?.code ?? '' }))
      const told = await Promise.all(all)
      if (told.some((one) => one?.ok) && rng.chance(0.3)) await resend(story)
      if (rng.chance(0.2)) await guess(story, { code: copy?.code ?? '' })
      world.kernel.note(`${challengeId} told ${told.map((one) => one?.ok ?? 'nothing').join(' ')}`)
      return told.some((one) => one?.ok)
    }
  }
}

/** What lies in the person's mailbox for this challenge. */
function mailOf({ world, challengeId }: Story) {
  return world.copies.find((copy) => copy.code !== null && copy.challengeId === challengeId) ?? null
}

const codeOf = (rng: Rng): string => String(rng.int(0, 999_999)).padStart(6, '0')

function guess(story: Story, proof: CheckRequest['proof'], ip?: string): Promise<Checked | null> {
  const { world, rng, challengeId, audience } = story
  const caller = { ...story.caller, ip: ip ?? story.caller.ip }
  return ask(world, rng, 2, `check ${challengeId}`, (core) => checkCode(core, { challengeId, audience, proof, caller }))
}

function resend({ world, rng, challengeId, audience, caller, channels }: Story) {
  const channel = rng.chance(0.5) ? null : rng.pick(channels)
  return ask(world, rng, 2, `resend ${challengeId}`, (core) =>
    resendCode(core, { challengeId, audience, channel, caller }),
  )
}

/** A stranger who somehow knows the challenge's name: many guesses, some of them at once. */
async function guessing(story: Story): Promise<void> {
  const { world, rng } = story
  await world.kernel.sleep(rng.int(0, 3) * MINUTE)
  for (let burst = rng.int(1, 3); burst > 0; burst--) {
    const guesses = Array.from({ length: rng.int(1, 5) }, () => guess(story, { code: codeOf(rng) }, '198.51.100.9'))
    await Promise.all(guesses)
    await world.kernel.sleep(rng.int(1, 60) * SECOND)
    // A mail more is no guess more.
    if (rng.chance(0.5)) await resend(story)
  }
}
