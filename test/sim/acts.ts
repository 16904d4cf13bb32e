// What people do with accounts, one act at a time: they repeat what was not answered, and try what they remember.

import { login } from '../../lib/accounts/login.ts'
import { changeMe } from '../../lib/accounts/me.ts'
import { changePassword as change, reset } from '../../lib/accounts/new-password.ts'
import { recover as recoverCode, resendAnonymous } from '../../lib/accounts/recover.ts'
import { register } from '../../lib/accounts/register.ts'
import { resendOwn } from '../../lib/accounts/resend-own.ts'
import { listSessions, logout, logoutAll, refresh } from '../../lib/accounts/sessions.ts'
import { signUp } from '../../lib/accounts/sign-up.ts'
import { type Proof, verify } from '../../lib/accounts/verify.ts'
import { askAgain, askOnce, PATIENT, signedIn } from './account-client.ts'
import { type Device, holds, kept, mailsOf, newPassword, type Somebody, wrongCode } from './somebody.ts'

/** True when they are told that the account is theirs. */
export async function signsUp(one: Somebody, tries: number): Promise<boolean> {
  const { world, rng, username, password, addresses } = one
  const [email = ''] = addresses
  const fields = { username, email, password }
  const bySms = one.phone === null ? {} : { phone: one.phone, channels: ['sms' as const] }
  if (world.plan.accounts?.registration === 'verified') {
    const asked = await askAgain(one, tries, 'signUp', fields, (accounts, from) => signUp(accounts, fields, from))
    if (asked?.ok) one.known.push({ id: asked.value.challengeId, effect: 'verify' })
    return asked?.ok ?? false
  }
  const ask = () =>
    askAgain(one, tries, 'register', fields, (accounts, from) => register(accounts, { ...fields, ...bySms }, from))
  // A double click: one of them is told that the name is taken.
  const told = await Promise.all(rng.chance(0.2) ? [ask(), ask()] : [ask()])
  for (const made of told) {
    if (!made?.ok) continue
    const { tokens, challengeId } = made.value
    const device = holds(one, tokens)
    if (challengeId !== null) one.known.push({ id: challengeId, effect: 'verify' })
    // Tokens that were just handed out are good.
    if (rng.chance(0.4)) await turns(one, device)
  }
  return told.some((made) => made?.ok)
}

export async function signsIn(one: Somebody, password: string, tries = 3): Promise<boolean> {
  const { rng, username, addresses } = one
  const [email = ''] = addresses
  const byName = rng.chance(0.6)
  const typed = byName ? { username, password } : { email, password }
  const use = { login: byName ? username : email, password }
  const told = await askAgain(one, tries, 'login', typed, (accounts, from) => login(accounts, use, from))
  if (!told?.ok) return false
  one.password = password
  holds(one, told.value.tokens)
  return true
}

/** The next tokens; two tabs ask at once now and then, and some browsers come back with an old token. */
export async function turns(one: Somebody, device: Device): Promise<void> {
  const { rng } = one
  const old = rng.chance(0.2) ? device.past.at(rng.pick([-1, -1, 0])) : undefined
  const token = old ?? device.refresh
  if (token === null) return
  const ask = () => askAgain(one, 2, 'refresh', {}, (accounts, from) => refresh(accounts, token, from.origin))
  const told = await Promise.all(rng.chance(0.3) ? [ask(), ask()] : [ask()])
  for (const turned of told) {
    if (!turned?.ok || turned.value.refreshToken === device.refresh) continue
    if (device.refresh) device.past.push(device.refresh)
    const { accessToken, refreshToken } = kept(one, turned.value)
    Object.assign(device, { access: accessToken, refresh: refreshToken })
  }
  // The other holder of the family comes back.
  if (token !== device.refresh && rng.chance(0.5)) await turns(one, device)
}

export async function asksForCode(one: Somebody): Promise<void> {
  const { rng, devices, addresses } = one
  const device = devices.at(-1)
  if (device && rng.chance(0.7)) {
    const again = signedIn(device.access, (accounts, from) => resendOwn(accounts, null, from))
    const told = await askAgain(one, 2, 'resend', {}, again)
    if (told?.ok) one.known.push({ id: told.value.sends.challengeId, effect: 'verify' })
    return
  }
  const email = { deliver: addresses[0] ?? '', normal: addresses[0] ?? '' }
  const told = await askAgain(one, 2, 'resendAnonymous', {}, (accounts, from) => resendAnonymous(accounts, email, from))
  if (told?.ok) one.known.push({ id: told.value.challengeId, effect: 'verify' })
}

/** Types the code of a mail, some also before they find the right one; or opens its link. */
export async function proves(one: Somebody): Promise<void> {
  const { rng, devices } = one
  const [newest, ...older] = mailsOf(one, 'verify')
  if (rng.chance(0.3)) await tries(one, { challengeId: one.known.at(-1)?.id ?? '', code: wrongCode(rng) }, 1)
  if (!newest) return
  const mail = older.length > 0 && rng.chance(0.2) ? rng.pick(older) : newest
  const code = mail.code ?? ''
  const device = devices.at(-1)
  // The code of one challenge under the name of another.
  const strayId = rng.chance(0.1) ? one.known[0]?.id : undefined
  const way = rng.weighed({ code: 5, link: mail.link ? 2 : 0, own: device ? 3 : 0 })
  const proof: Proof =
    way === 'link'
      ? { token: mail.link ?? '' }
      : way === 'own'
        ? { code }
        : { challengeId: strayId ?? mail.challengeId ?? '', code }
  const patience = rng.chance(0.7) ? PATIENT : 1
  const access = way === 'own' ? (device?.access ?? null) : null
  await Promise.all(Array.from({ length: rng.chance(0.25) ? 2 : 1 }, () => tries(one, proof, patience, access)))
  if (rng.chance(0.2)) await tries(one, proof, 1, access)
}

async function tries(one: Somebody, proof: Proof, patience: number, access: string | null = null): Promise<void> {
  if (access === null) {
    const asked = { email: one.addresses[0] ?? '' }
    await askAgain(one, patience, 'verify', asked, (accounts, from) =>
      verify(accounts, proof, { ...from, bearer: null }),
    )
    return
  }
  await askAgain(
    one,
    patience,
    'verify',
    {},
    signedIn(access, (accounts, from) => verify(accounts, proof, from)),
  )
}

/** The password is forgotten: a code is asked for, and typed with a new one; in two windows with two, now and then. */
export async function recovers(one: Somebody): Promise<void> {
  const { world, rng, addresses } = one
  const email = { deliver: addresses[0] ?? '', normal: addresses[0] ?? '' }
  const told = await askAgain(one, 3, 'recover', {}, (accounts, from) => recoverCode(accounts, email, from))
  if (told?.ok) one.known.push({ id: told.value.challengeId, effect: 'reset' })
  await world.kernel.sleep(rng.int(1, 60) * 1_000)
  const [newest, ...older] = mailsOf(one, 'reset')
  const mail = older.length > 0 && rng.chance(0.2) ? rng.pick(older) : newest
  if (!mail) return
  const challengeId = mail.challengeId ?? ''
  if (rng.chance(0.3)) await sets(one, { challengeId, code: wrongCode(rng) }, newPassword(world, rng), 1)
  const proof = mail.link && rng.chance(0.3) ? { token: mail.link } : { challengeId, code: mail.code ?? '' }
  const wanted = newPassword(world, rng)
  const patience = rng.chance(0.75) ? PATIENT : 1
  const all = [sets(one, proof, wanted, patience)]
  // Whoever knows the old one hurries.
  if (rng.chance(0.5)) all.push(rushes(one, one.password))
  // A second window, or the same one clicked twice.
  if (rng.chance(0.35)) all.push(sets(one, proof, rng.chance(0.5) ? wanted : newPassword(world, rng), 2))
  const before = one.password
  await Promise.all(all)
  if (rng.chance(0.3)) await sets(one, proof, newPassword(world, rng), 1)
  if (rng.chance(0.5)) await signsIn({ ...one, devices: [] }, before, 1)
}

/** Log-ins with one password, some at every moment of what happens meanwhile. */
export async function rushes(one: Somebody, password: string): Promise<void> {
  const { world, rng } = one
  const own: Somebody = { ...one, ip: '198.51.100.67', devices: [], others: [] }
  const rush = async () => {
    await world.kernel.sleep(rng.int(0, 350))
    await signsIn(own, password, 1)
    const [device] = own.devices
    if (device) await turns(own, device)
  }
  await Promise.all(Array.from({ length: rng.int(1, 3) }, rush))
}

type Typed = { challengeId: string; code: string } | { token: string }

async function sets(one: Somebody, typed: Typed, wanted: string, patience: number): Promise<void> {
  const request =
    'token' in typed
      ? { challengeId: null, proof: typed, newPassword: wanted }
      : { challengeId: typed.challengeId, proof: { code: typed.code }, newPassword: wanted }
  const asked = { newPassword: wanted }
  const told = await askAgain(one, patience, 'reset', asked, (accounts, from) => reset(accounts, request, from))
  remembers(one, wanted, told)
}

/** What was refused is nobody's password; what was not answered may be. */
function remembers(one: Somebody, wanted: string, told: { ok: boolean } | null): void {
  if (told?.ok) {
    one.others.push(one.password)
    one.password = wanted
  } else one.others.push(wanted)
}

export async function changesPassword(one: Somebody): Promise<void> {
  const { world, rng } = one
  const device = one.devices.at(-1)
  if (!device) return
  const wanted = newPassword(world, rng)
  const current = rng.chance(0.85) ? one.password : (one.others[0] ?? one.password)
  const use = signedIn(device.access, (accounts, from) =>
    change(accounts, { currentPassword: current, newPassword: wanted }, from),
  )
  remembers(one, wanted, await askOnce(one, 'changePassword', { password: current, newPassword: wanted }, use))
}

/** Another mailbox of theirs; sometimes one that somebody else has an account with. */
export async function moves(one: Somebody, email: string): Promise<void> {
  const { world, rng } = one
  const device = one.devices.at(-1)
  if (!device) return
  world.secrets.add(email)
  const changes = { email, currentPassword: one.password }
  const use = signedIn(device.access, (accounts, from) => changeMe(accounts, changes, from))
  const told = await askAgain(one, 2, 'changeMe', { password: one.password }, use)
  if (!told?.ok || !told.value.pending) return
  one.addresses.push(email)
  one.known.push({ id: told.value.pending.sends.challengeId, effect: 'verify' })
  await world.kernel.sleep(rng.int(2, 90) * 1_000)
  await proves(one)
  const has = world.db.row('SELECT 1 FROM users WHERE email = ?', email) !== undefined
  if (!has) return
  // What was mailed to the address that was proves nothing any more.
  const stale = mailsOf(one, 'verify').find((mail) => mail.address === one.addresses[0])
  if (stale?.link && rng.chance(0.6)) await tries(one, { token: stale.link }, 1)
  one.addresses = [email, ...one.addresses.filter((address) => address !== email)]
}

export async function leaves(one: Somebody): Promise<void> {
  const { rng } = one
  const device = one.devices.at(-1)
  if (!device) return
  const { access, refresh: token } = device
  if (rng.chance(0.5)) {
    await askAgain(
      one,
      2,
      'logoutAll',
      {},
      signedIn(access, (accounts, from) => logoutAll(accounts, from)),
    )
  } else if (token) {
    await askAgain(one, 2, 'logout', {}, (accounts) => logout(accounts, token))
  }
  // What has ended stays ended, for whoever still holds it.
  await turns(one, device)
}

export async function looks(one: Somebody): Promise<void> {
  const device = one.devices.length > 0 ? one.rng.pick(one.devices) : null
  if (!device) return
  await askOnce(
    one,
    'sessions',
    {},
    signedIn(device.access, (accounts, from) => listSessions(accounts, from)),
  )
}
