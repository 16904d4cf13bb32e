// Signing up: what is made, what is refused, and what the person is told of their mail.
import { describe, expect, it } from 'vitest'
import { join } from '../../../lib/accounts/join.ts'
import { login } from '../../../lib/accounts/login.ts'
import { resend } from '../../../lib/accounts/resend.ts'
import { verify } from '../../../lib/accounts/verify.ts'
import {
  good,
  HOUR,
  MINUTE,
  newcomer,
  no,
  openAccounts,
  PASSWORD,
  SECOND,
  wrongCode,
} from '../../fakes/accounts-kit.ts'

describe('an open sign-up', () => {
  it('makes the account, its tokens and one mail with a code', async () => {
    const kit = openAccounts()
    const { person, user, tokens, mail } = await kit.registered()
    expect(user).toMatchObject({ emailVerified: false, email: { deliver: person.email } })
    expect(mail).toMatchObject({ sent: true, status: 'sent' })
    expect(tokens.refreshToken).not.toBeNull()
    expect(kit.mailsTo(person.email)).toHaveLength(1)
  })

  it.each([
    [{ kind: 'unavailable', code: 'http_500' } as const, 'queued', 'unavailable'],
    [{ kind: 'rejected', code: 'bad' } as const, 'failed', 'rejected'],
  ])('is made whatever the mail does: %j', async (outcome, status, trouble) => {
    const kit = openAccounts()
    kit.answer(outcome)
    const { mail, user } = await kit.registered()
    expect(mail).toMatchObject({ sent: false, status, trouble })
    expect(await kit.accounts.users.byId(user.id)).not.toBeNull()
  })

  it('answers within 3.5 s while the provider hangs, and the mail leaves once it answers', async () => {
    const kit = openAccounts()
    kit.hang()
    const [person, startedAt] = [newcomer(), kit.core.now()]
    const made = good(await join(kit.accounts, person, kit.from()))
    expect(kit.core.now() - startedAt).toBeLessThanOrEqual(3_500)
    expect(made).toMatchObject({ kind: 'registered', mail: { sent: false, status: 'sending', trouble: 'timeout' } })
    kit.answer({ kind: 'accepted', providerId: null })
    await kit.settled()
    const challengeId = made.challengeId ?? ''
    good(await verify(kit.accounts, { challengeId, code: kit.codeTo(person.email) }, { ...kit.from(), bearer: null }))
  })

  it('gives a name and an address to one person only, however they are written', async () => {
    const kit = openAccounts()
    const { person } = await kit.registered()
    const again = (more: object) => join(kit.accounts, { ...newcomer(), ...more }, kit.from())
    expect(no(await again({ username: person.username.toUpperCase() })).code).toBe('username_taken')
    expect(no(await again({ email: person.email.toUpperCase() })).code).toBe('email_taken')
  })

  it('says everything wrong at once, and makes nothing', async () => {
    const kit = openAccounts()
    const fields = { username: 'a', email: 'nobody', password: '123456', passwordConfirmation: 'x' }
    const refusal = no(await join(kit.accounts, fields, kit.from()))
    const paths = refusal.code === 'invalid_request' ? refusal.errors.map((one) => one.path) : []
    expect(new Set(paths)).toEqual(new Set(['username', 'email', 'password', 'password_confirmation']))
    expect(kit.mails).toEqual([])
  })

  it('lets twenty of one IP in within an hour, and more after it', async () => {
    const kit = openAccounts()
    const from = kit.from('198.51.100.7')
    for (let n = 0; n < 20; n++) good(await join(kit.accounts, newcomer(), from))
    expect(no(await join(kit.accounts, newcomer(), from))).toMatchObject({ code: 'too_many_requests' })
    good(await join(kit.accounts, newcomer(), kit.from('198.51.100.8')))
    kit.pass(HOUR)
    good(await join(kit.accounts, newcomer(), from))
  })
})

describe('a sign-up that is verified first', () => {
  const open = () => openAccounts({ registration: 'verified' })
  const ask = async (kit: ReturnType<typeof open>, person: ReturnType<typeof newcomer>) => {
    const joined = good(await join(kit.accounts, person, kit.from()))
    await kit.settled()
    return joined.kind === 'asked' ? joined.challengeId : expect.fail('made at once')
  }
  const prove = (kit: ReturnType<typeof open>, proof: Parameters<typeof verify>[1]) =>
    verify(kit.accounts, proof, { ...kit.from(), bearer: null })

  it.each(['code', 'link'])('makes the account when the address is proved by %s, and not before', async (by) => {
    const kit = open()
    const person = newcomer()
    const challengeId = await ask(kit, person)
    const enter = () => login(kit.accounts, { login: person.email, password: PASSWORD }, kit.from())
    expect(no(await enter()).code).toBe('invalid_credentials')
    const proof = by === 'code' ? { challengeId, code: kit.codeTo(person.email) } : { token: kit.tokenTo(person.email) }
    good(await prove(kit, proof))
    expect(good(await enter()).user).toMatchObject({ emailVerified: true })
  })

  it('tells the owner of a taken address by mail, and who asks nothing', async () => {
    const kit = open()
    const person = newcomer()
    good(await prove(kit, { challengeId: await ask(kit, person), code: kit.codeTo(person.email) }))
    const before = kit.mailsTo(person.email).length
    kit.pass(MINUTE)
    const challengeId = await ask(kit, newcomer({ email: person.email }))
    expect(challengeId).toMatch(/^ch_/)
    const [told] = kit.mailsTo(person.email).slice(before)
    expect(told?.text).not.toMatch(/\b\d{6}\b/)
    expect(told?.subject).toBe('You already have a Cine Sur account')
    // Who holds it may ask again as often as the holder of a real one, and nothing comes of it.
    const again = () => resend(kit.accounts, { challengeId }, { ...kit.from(), bearer: null, tokenSent: false })
    expect(no(await again()).code).toBe('too_many_sends')
    kit.pass(MINUTE)
    expect(good(await again())).toMatchObject({ kind: 'anybody', challengeId })
    await kit.settled()
    expect(kit.mailsTo(person.email)).toHaveLength(before + 1)
    expect(no(await prove(kit, { challengeId, code: '123456' }))).toEqual({ code: 'code_invalid', triesLeft: 4 })
  })

  it('keeps the name for its address while it waits, and for nobody else', async () => {
    const kit = open()
    const person = newcomer()
    await ask(kit, person)
    const other = newcomer({ username: person.username })
    expect(no(await join(kit.accounts, other, kit.from())).code).toBe('username_taken')
    kit.pass(HOUR)
    await ask(kit, other)
  })

  it('ends for codes when they are guessed, but not for its link', async () => {
    const kit = open()
    const person = newcomer()
    const challengeId = await ask(kit, person)
    const wrong = { challengeId, code: wrongCode(kit.codeTo(person.email)) }
    for (let left = 4; left >= 0; left--) {
      expect(no(await prove(kit, wrong))).toEqual({ code: 'code_invalid', triesLeft: left })
    }
    expect(no(await prove(kit, wrong)).code).toBe('challenge_over')
    good(await prove(kit, { token: kit.tokenTo(person.email) }))
  })

  it('sends the same code again to whoever holds the challenge, 30 s later at the earliest', async () => {
    const kit = open()
    const person = newcomer()
    const challengeId = await ask(kit, person)
    const code = kit.codeTo(person.email)
    const again = () => resend(kit.accounts, { challengeId }, { ...kit.from(), bearer: null, tokenSent: false })
    expect(no(await again()).code).toBe('too_many_sends')
    kit.pass(30 * SECOND)
    expect(good(await again())).toMatchObject({ kind: 'anybody', challengeId })
    await kit.settled()
    expect(kit.mailsTo(person.email)).toHaveLength(2)
    expect(kit.codeTo(person.email)).toBe(code)
    kit.pass(61 * MINUTE)
    expect(no(await again()).code).toBe('challenge_over')
  })
})
