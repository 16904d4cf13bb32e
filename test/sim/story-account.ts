// Lives of people with accounts, and of those who are after them.

import { reset } from '../../lib/accounts/new-password.ts'
import { recover as recoverCode } from '../../lib/accounts/recover.ts'
import { verify } from '../../lib/accounts/verify.ts'
import { askAgain } from './account-client.ts'
import { applyUsersStep, oldHash } from './account-ports.ts'
import * as acts from './acts.ts'
import type { Asked } from './asked.ts'
import { MINUTE, SECOND } from './plan.ts'
import { newPassword, type Somebody, wrongCode } from './somebody.ts'

/** From the first visit until after everything is healed. */
export async function accountStory(one: Somebody, neighbour: Somebody, turns: number): Promise<void> {
  const { world, rng } = one
  const { kernel, plan } = world
  const isIn = one.others.length > 0 || (await acts.signsUp(one, rng.chance(0.8) ? 6 : 2))
  if (!isIn && plan.accounts?.registration === 'open') await acts.signsIn(one, one.password)
  for (let turn = 0; turn < turns; turn++) {
    await kernel.sleep(rng.chance(0.6) ? rng.int(1, 20) * SECOND : rng.int(20, 900) * SECOND)
    await act(one, neighbour)
  }
  await kernel.sleep(Math.max(0, plan.healAt + MINUTE - kernel.base()))
  for (const password of [one.password, ...one.others.slice(-2)]) if (await acts.signsIn(one, password)) break
}

async function act(one: Somebody, neighbour: Somebody): Promise<void> {
  const { rng, devices } = one
  const isIn = devices.length > 0
  const device = isIn ? rng.pick(devices) : null
  const weights = {
    prove: 5,
    ask: 2,
    signIn: isIn ? 1 : 3,
    turn: isIn ? 4 : 0,
    recover: 3,
    change: isIn ? 1 : 0,
    move: isIn ? 1.2 : 0,
    leave: isIn ? 0.7 : 0,
    look: isIn ? 1 : 0,
    signUp: 0.4,
  }
  switch (rng.weighed(weights)) {
    case 'prove':
      return acts.proves(one)
    case 'ask':
      return acts.asksForCode(one)
    case 'signIn':
      await acts.signsIn(one, rng.chance(0.8) ? one.password : rng.pick([...one.others, 'nunca lo fue']))
      return
    case 'turn':
      return acts.turns(one, device!)
    case 'recover':
      await Promise.all([acts.recovers(one), rng.chance(0.5) ? thief(one) : null])
      return
    case 'change':
      await Promise.all([acts.changesPassword(one), rng.chance(0.3) ? thief(one) : null])
      return
    case 'move':
      return acts.moves(one, rng.chance(0.85) ? `otro-${rng.int(0, 1e6)}@buzon.example` : neighbour.addresses[0]!)
    case 'leave':
      return acts.leaves(one)
    case 'look':
      return acts.looks(one)
    case 'signUp':
      await acts.signsUp({ ...one, password: newPassword(one.world, rng), known: [], devices: [] }, 1)
  }
}

/** Knows the password of today and goes on trying it, with the sessions it opens, while it is replaced. */
async function thief(victim: Somebody): Promise<void> {
  const { world, rng, password } = victim
  const own: Somebody = { ...victim, ip: '198.51.100.66', devices: [], others: [] }
  await world.kernel.sleep(rng.int(0, 50) * SECOND)
  for (let n = rng.int(3, 12); n > 0; n--) {
    await Promise.all([acts.signsIn(own, password, 1), rng.chance(0.3) ? acts.signsIn(own, password, 1) : null])
    const device = own.devices.at(-1)
    if (device && rng.chance(0.4)) await acts.turns(own, device)
    if (device && rng.chance(0.2)) await acts.looks(own)
    await world.kernel.sleep(rng.chance(0.7) ? rng.int(10, 400) : rng.int(1, 10) * SECOND)
  }
}

/** Knows a name and an address, and nothing that proves them. */
export async function strangerStory(own: Somebody, victim: Somebody): Promise<void> {
  const { world, rng } = own
  for (let turn = rng.int(2, 5); turn > 0; turn--) {
    await world.kernel.sleep(rng.int(1, 200) * SECOND)
    const what = rng.weighed({ recover: 4, name: 2, address: 1, ask: 1 })
    if (what === 'name') {
      // The same name in another spelling.
      const username = rng.chance(0.5) ? victim.username.toUpperCase() : victim.username
      await acts.signsUp({ ...own, username, known: own.known }, 2)
    } else if (what === 'address') await acts.signsUp({ ...own, addresses: [...victim.addresses], devices: [] }, 2)
    else if (what === 'ask') await acts.asksForCode({ ...own, addresses: victim.addresses, devices: [] })
    else await guesses(own, victim)
  }
}

async function guesses(own: Somebody, victim: Somebody): Promise<void> {
  const { world, rng } = own
  const address = victim.addresses[0] ?? ''
  const email = { deliver: address, normal: address }
  const told = await askAgain(own, 1, 'recover', {}, (accounts, from) => recoverCode(accounts, email, from))
  const id = told?.ok ? told.value.challengeId : (victim.known.at(-1)?.id ?? '')
  const guess = () => {
    const wanted = newPassword(world, rng)
    const request = { challengeId: id, proof: { code: wrongCode(rng) }, newPassword: wanted }
    return rng.chance(0.8)
      ? askAgain(own, 1, 'reset', { newPassword: wanted }, (accounts, from) => reset(accounts, request, from))
      : askAgain(own, 1, 'verify', {}, (accounts, from) =>
          verify(accounts, { challengeId: id, code: wrongCode(rng) }, { ...from, bearer: null }),
        )
  }
  for (let burst = rng.int(1, 3); burst > 0; burst--) {
    await Promise.all(Array.from({ length: rng.int(1, 4) }, guess))
    await world.kernel.sleep(rng.int(1, 20) * SECOND)
  }
}

/** An account of an older system, as scripts/import.ts brings it. */
export function imported(one: Somebody): void {
  const { world, username, addresses, password } = one
  const [email = ''] = addresses
  const asked: Asked = {
    ...{ route: 'register', username, email, password, newPassword: '', since: 0 },
    ...{ created: null, checked: null, refused: null, effect: false, set: null },
  }
  const user = {
    id: `usr_older_${username.length}`,
    username: { typed: username, normal: username.toLowerCase() },
    email: { deliver: email, normal: email },
    emailVerified: false,
    phone: null,
    phoneVerified: false,
    locale: 'es' as const,
    referralCode: null,
    passwordHash: oldHash(world, password),
    createdAt: world.kernel.wall(),
  }
  applyUsersStep(world, asked, 'create', [user])
  one.others.push('la de antes')
}
