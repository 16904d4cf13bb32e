// Changing an account: what takes effect at once, what waits for a proof, and what ends with what it was asked under.
import { describe, expect, it } from 'vitest'
import { login } from '../../../lib/accounts/login.ts'
import { changeMe } from '../../../lib/accounts/me.ts'
import { changePassword } from '../../../lib/accounts/new-password.ts'
import { logoutAll, refresh } from '../../../lib/accounts/sessions.ts'
import { verify } from '../../../lib/accounts/verify.ts'
import {
  good,
  type Kit,
  newcomer,
  no,
  OTHER_PASSWORD,
  openAccounts,
  PASSWORD,
  SECOND,
} from '../../fakes/accounts-kit.ts'

const stranger = (kit: Kit) => ({ ...kit.from(), bearer: null })
const fresh = () => newcomer().email

/** A change of address that waits for its proof. */
async function pending(kit: Kit) {
  const made = await kit.verified()
  const to = fresh()
  const from = await kit.signedIn(made.tokens)
  const changed = good(await changeMe(kit.accounts, { email: to, currentPassword: PASSWORD }, from))
  await kit.settled()
  const proof = { challengeId: changed.pending?.sends.challengeId ?? '', code: kit.codeTo(to) }
  return { ...made, from, to, proof }
}

describe('the profile', () => {
  it('takes another language and name at once', async () => {
    const kit = openAccounts()
    const { tokens, user } = await kit.registered()
    const name = newcomer().username
    const changed = good(await changeMe(kit.accounts, { locale: 'es', username: name }, await kit.signedIn(tokens)))
    expect(changed).toMatchObject({ pending: null, user: { locale: 'es', username: { typed: name } } })
    expect(await kit.accounts.users.byId(user.id)).toMatchObject({ locale: 'es' })
  })

  it('gives nobody a name that somebody has, nor a bad one, nor tries without end', async () => {
    const kit = openAccounts()
    const [one, other] = [await kit.registered(), await kit.registered()]
    const rename = async (username: string) => changeMe(kit.accounts, { username }, await kit.signedIn(one.tokens))
    expect(no(await rename(other.person.username.toUpperCase())).code).toBe('username_taken')
    for (const bad of ['admin', 'a b c', 'пау', 'x']) {
      expect(no(await rename(bad))).toMatchObject({ code: 'invalid_request', errors: [{ path: 'username' }] })
    }
    // One's own name in another spelling is free.
    good(await rename(one.person.username.toUpperCase()))
    for (let n = 0; n < 8; n++) good(await rename(newcomer().username))
    expect(no(await rename(newcomer().username)).code).toBe('too_many_requests')
  })

  it('is nobody’s any more once the session has ended', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.registered()
    const from = await kit.signedIn(tokens)
    good(await logoutAll(kit.accounts, from))
    expect(no(await changeMe(kit.accounts, { username: newcomer().username }, from)).code).toBe('unauthorized')
  })
})

describe('another address', () => {
  it('is asked for by itself, where its channel is configured', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.verified()
    const change = async (changes: Parameters<typeof changeMe>[1]) =>
      no(await changeMe(kit.accounts, { currentPassword: PASSWORD, ...changes }, await kit.signedIn(tokens)))
    const phone = '+573001112233'
    const wrong = (path: string) => ({ code: 'invalid_request', errors: [{ path }] })
    expect(await change({ phone })).toMatchObject(wrong('phone'))
    expect(await change({ phone, email: fresh() })).toMatchObject(wrong('phone'))
    expect(await change({ email: fresh(), locale: 'es' })).toMatchObject(wrong('email'))
    expect(await change({ email: 'nobody' })).toMatchObject(wrong('email'))
    expect(kit.mails).toHaveLength(1)
  })

  it('is the account’s only once it is proved, and the old one is told', async () => {
    const kit = openAccounts()
    const { person, user, to, proof } = await pending(kit)
    expect((await kit.accounts.users.byId(user.id))?.email.deliver).toBe(person.email)
    const mails = kit.mailsTo(person.email).length
    good(await verify(kit.accounts, proof, stranger(kit)))
    await kit.settled()
    expect((await kit.accounts.users.byId(user.id))?.email.deliver).toBe(to)
    expect(kit.mailsTo(person.email)).toHaveLength(mails + 1)
  })

  it('is asked for with the present password, before anything is written anywhere', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.verified()
    const to = fresh()
    const change = async (currentPassword?: string) =>
      changeMe(kit.accounts, { email: to, currentPassword }, await kit.signedIn(tokens))
    expect(no(await change())).toMatchObject({ code: 'invalid_request', errors: [{ path: 'current_password' }] })
    expect(no(await change('wrong wrong wrong')).code).toBe('invalid_credentials')
    await kit.settled()
    expect(kit.mailsTo(to)).toEqual([])
  })

  it('that is somebody’s is told only to whoever has proved it', async () => {
    const kit = openAccounts()
    const owner = await kit.verified()
    const other = await kit.verified()
    const from = await kit.signedIn(other.tokens)
    const changed = good(await changeMe(kit.accounts, { email: owner.person.email, currentPassword: PASSWORD }, from))
    await kit.settled()
    expect(changed.pending?.mail).toMatchObject({ sent: true })
    const proof = { challengeId: changed.pending?.sends.challengeId ?? '', code: kit.codeTo(owner.person.email) }
    expect(no(await verify(kit.accounts, proof, stranger(kit))).code).toBe('email_taken')
    expect(no(await verify(kit.accounts, proof, stranger(kit))).code).toBe('challenge_over')
    for (const { user, person } of [owner, other]) {
      expect((await kit.accounts.users.byId(user.id))?.email.deliver).toBe(person.email)
    }
    await kit.settled()
    expect(kit.mailsTo(other.person.email)).toHaveLength(1)
  })

  it.each<[string, (kit: Kit, from: Awaited<ReturnType<typeof pending>>['from']) => Promise<unknown>]>([
    ['all sessions', (kit, from) => logoutAll(kit.accounts, from)],
    [
      'the password',
      (kit, from) => changePassword(kit.accounts, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }, from),
    ],
  ])('ends with %s it was asked under', async (_, end) => {
    const kit = openAccounts()
    const { from, to, proof, user, person } = await pending(kit)
    const link = { token: kit.tokenTo(to) }
    await end(kit, from)
    for (const one of [proof, link]) {
      expect(no(await verify(kit.accounts, one, stranger(kit))).code).toBe('challenge_over')
    }
    expect((await kit.accounts.users.byId(user.id))?.email.deliver).toBe(person.email)
  })
})

describe('another password', () => {
  const change = (kit: Kit, from: Awaited<ReturnType<Kit['signedIn']>>, currentPassword: string, newPassword: string) =>
    changePassword(kit.accounts, { currentPassword, newPassword }, from)

  it('leaves this session, ends the others, and is told by mail', async () => {
    const kit = openAccounts()
    const { person, tokens } = await kit.verified()
    const elsewhere = good(await login(kit.accounts, { login: person.email, password: PASSWORD }, kit.from()))
    const mails = kit.mailsTo(person.email).length
    good(await change(kit, await kit.signedIn(tokens), PASSWORD, OTHER_PASSWORD))
    await kit.settled()
    const turn = (token: string | null) => refresh(kit.accounts, token ?? '', kit.from().origin)
    good(await turn(tokens.refreshToken))
    expect(no(await turn(elsewhere.tokens.refreshToken)).code).toBe('invalid_refresh_token')
    expect(kit.mailsTo(person.email)).toHaveLength(mails + 1)
  })

  it('is refused with a wrong present one, counted as guesses of a log-in are', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.verified()
    const from = await kit.signedIn(tokens, '198.51.100.7')
    for (let n = 0; n < 5; n++) {
      expect(no(await change(kit, from, `wrong ${n} wrong`, OTHER_PASSWORD)).code).toBe('invalid_credentials')
    }
    expect(no(await change(kit, from, PASSWORD, OTHER_PASSWORD)).code).toBe('too_many_requests')
  })

  it('that is weak is refused before the present one is looked at', async () => {
    const kit = openAccounts()
    const { person, tokens } = await kit.verified()
    for (const weak of ['123456', 'password', person.username, person.email]) {
      expect(no(await change(kit, await kit.signedIn(tokens), 'wrong', weak)).code).toBe('invalid_request')
    }
  })

  it('asked for again is done, not wrong, and no guess', async () => {
    const kit = openAccounts()
    const { person, tokens } = await kit.verified()
    const from = await kit.signedIn(tokens)
    for (let n = 0; n < 8; n++) good(await change(kit, from, PASSWORD, OTHER_PASSWORD))
    kit.pass(SECOND)
    good(await login(kit.accounts, { login: person.username, password: OTHER_PASSWORD }, kit.from()))
  })

  it('is won by one of two at once', async () => {
    const kit = openAccounts()
    const { person, tokens } = await kit.verified()
    const from = await kit.signedIn(tokens)
    const third = 'seven copper lamps tonight'
    const answers = await Promise.all([change(kit, from, PASSWORD, OTHER_PASSWORD), change(kit, from, PASSWORD, third)])
    expect(answers.map((one) => (one.ok ? 'done' : one.refusal.code)).sort()).toEqual(['done', 'invalid_credentials'])
    kit.pass(SECOND)
    const password = answers[0]?.ok ? OTHER_PASSWORD : third
    good(await login(kit.accounts, { login: person.username, password }, kit.from()))
  })
})
