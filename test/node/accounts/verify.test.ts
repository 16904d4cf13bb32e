// Proving an address: by code, by link, once, and by nobody who only guesses.
import { describe, expect, it } from 'vitest'
import { resend } from '../../../lib/accounts/resend.ts'
import { logoutHere, refresh } from '../../../lib/accounts/sessions.ts'
import { type Proof, verify } from '../../../lib/accounts/verify.ts'
import { good, HOUR, type Kit, MINUTE, no, openAccounts, SECOND, wrongCode } from '../../fakes/accounts-kit.ts'

const prove = (kit: Kit, proof: Proof) => verify(kit.accounts, proof, { ...kit.from(), bearer: null })

describe('a proof', () => {
  it.each(['code', 'link'])('by %s verifies the address, once', async (by) => {
    const kit = openAccounts()
    const { person, user, challengeId } = await kit.registered()
    const proof: Proof =
      by === 'code'
        ? { challengeId: challengeId ?? '', code: kit.codeTo(person.email) }
        : { token: kit.tokenTo(person.email) }
    expect(good(await prove(kit, proof)).channel).toBe('email')
    expect(await kit.accounts.users.byId(user.id)).toMatchObject({ emailVerified: true })
    expect(no(await prove(kit, proof)).code).toBe('challenge_over')
  })

  it('by the code alone is taken from whoever is signed in, for their own newest challenge', async () => {
    const kit = openAccounts()
    const { person, tokens } = await kit.registered()
    const other = await kit.registered()
    const code = kit.codeTo(person.email)
    const alone = async (who: typeof tokens) => verify(kit.accounts, { code }, await kit.signedIn(who))
    expect(no(await prove(kit, { code })).code).toBe('unauthorized')
    expect(no(await alone(other.tokens))).toEqual({ code: 'code_invalid', triesLeft: 4 })
    good(await alone(tokens))
    expect(no(await alone(tokens)).code).toBe('challenge_over')
    expect(await kit.accounts.users.byId(other.user.id)).toMatchObject({ emailVerified: false })
    // Right, but on a session that has ended.
    const proof = { code: kit.codeTo(other.person.email) }
    const ended = await kit.signedIn(other.tokens)
    await logoutHere(kit.accounts, ended.bearer)
    expect(no(await verify(kit.accounts, proof, ended)).code).toBe('unauthorized')
  })

  it('counts five wrong codes down and ends the challenge for codes, not for the link', async () => {
    const kit = openAccounts()
    const { person, user, challengeId } = await kit.registered()
    const wrong = { challengeId: challengeId ?? '', code: wrongCode(kit.codeTo(person.email)) }
    for (let left = 4; left >= 0; left--)
      expect(no(await prove(kit, wrong))).toEqual({ code: 'code_invalid', triesLeft: left })
    for (const code of [wrong.code, kit.codeTo(person.email)]) {
      expect(no(await prove(kit, { ...wrong, code })).code).toBe('challenge_over')
    }
    good(await prove(kit, { token: kit.tokenTo(person.email) }))
    expect(await kit.accounts.users.byId(user.id)).toMatchObject({ emailVerified: true })
  })

  it('dies with its code, ten minutes after it was sent', async () => {
    const kit = openAccounts()
    const { person, challengeId } = await kit.registered()
    const proof = { challengeId: challengeId ?? '', code: kit.codeTo(person.email) }
    kit.pass(10 * MINUTE)
    expect(no(await prove(kit, proof)).code).toBe('challenge_over')
  })

  it('has its effect once, however many right codes come at once', async () => {
    const kit = openAccounts()
    const { person, challengeId } = await kit.registered()
    const proof = { challengeId: challengeId ?? '', code: kit.codeTo(person.email) }
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(kit, proof)))
    expect(answers.filter((one) => one.ok).length).toBeGreaterThanOrEqual(1)
    for (const one of answers) if (!one.ok) expect(one.refusal.code).toBe('challenge_over')
    const entries = await kit.core.store.audit.list(100)
    expect(entries.filter((one) => one.kind === 'verified')).toHaveLength(1)
  })
})

describe('asking again', () => {
  const again = async (kit: Kit, tokens: Parameters<Kit['signedIn']>[0]) =>
    resend(kit.accounts, {}, { ...(await kit.signedIn(tokens)), tokenSent: true })

  it('sends the same code to its owner, and only once in 30 s', async () => {
    const kit = openAccounts()
    const sentAt = kit.core.now()
    const { person, tokens, mail } = await kit.registered()
    const { resendAt } = mail
    const code = kit.codeTo(person.email)
    expect(resendAt - sentAt).toBe(30 * SECOND)
    kit.passTo(resendAt - 1)
    expect(no(await again(kit, tokens))).toEqual({ code: 'too_many_sends', limit: 'codes-gap', retryAfterMs: 1 })
    kit.passTo(resendAt)
    expect(good(await again(kit, tokens))).toMatchObject({ kind: 'own', mail: { sent: true } })
    expect(kit.codeTo(person.email)).toBe(code)
    expect(kit.mailsTo(person.email)).toHaveLength(2)
  })

  it('sends three mails an hour, and no fourth', async () => {
    const kit = openAccounts()
    const { person, tokens } = await kit.registered()
    for (let n = 0; n < 2; n++) {
      kit.pass(MINUTE)
      good(await again(kit, tokens))
    }
    kit.pass(MINUTE)
    expect(no(await again(kit, tokens)).code).toBe('too_many_sends')
    expect(kit.mailsTo(person.email)).toHaveLength(3)
    kit.pass(HOUR)
    good(await again(kit, good(await refresh(kit.accounts, tokens.refreshToken ?? '', kit.from().origin))))
  })

  it('gives back what was refused: three real mails are still possible, and no fourth', async () => {
    const kit = openAccounts()
    kit.answer({ kind: 'rejected', code: 'bad' })
    const { person, tokens } = await kit.registered()
    for (let n = 0; n < 3; n++) {
      expect(good(await again(kit, tokens))).toMatchObject({ mail: { sent: false, status: 'failed' } })
    }
    expect(kit.mailsTo(person.email)).toEqual([])
    kit.answer({ kind: 'accepted', providerId: null })
    for (let n = 1; n <= 3; n++) {
      good(await again(kit, tokens))
      const refusal = no(await again(kit, tokens))
      const waitMs = 'retryAfterMs' in refusal ? refusal.retryAfterMs : 0
      expect(refusal.code).toBe('too_many_sends')
      expect(waitMs).toBeGreaterThan(n < 3 ? 25 * SECOND : 59 * MINUTE - 10 * SECOND)
      if (n < 3) kit.pass(waitMs)
    }
    expect(new Set(kit.mailsTo(person.email).map((mail) => /\b\d{6}\b/.exec(mail.text)?.[0])).size).toBe(1)
    expect(no(await again(kit, tokens)).code).toBe('too_many_sends')
    expect(kit.mailsTo(person.email)).toHaveLength(3)
  })

  it('goes by a channel that this deployment has', async () => {
    const kit = openAccounts()
    const { person, tokens, mail } = await kit.registered()
    const { resendAt } = mail
    kit.passTo(resendAt)
    const asker = { ...(await kit.signedIn(tokens)), tokenSent: true }
    const nowhere = { code: 'invalid_request', errors: [{ path: 'channel' }] }
    expect(no(await resend(kit.accounts, { channel: 'sms' }, asker))).toMatchObject(nowhere)
    expect(kit.mailsTo(person.email)).toHaveLength(1)
  })

  it('is refused where nothing waits for a proof', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.verified()
    kit.pass(MINUTE)
    expect(no(await again(kit, tokens)).code).toBe('already_verified')
  })

  it('answers a stranger the same whatever the address is, on a beat', async () => {
    const kit = openAccounts()
    const { person } = await kit.registered()
    const proved = await kit.verified()
    kit.pass(MINUTE)
    for (const typed of [person.email, proved.person.email, 'nobody@example.com']) {
      const startedAt = kit.core.now()
      const email = { deliver: typed, normal: typed }
      const told = good(await resend(kit.accounts, { email }, { ...kit.from(), bearer: null, tokenSent: false }))
      expect(Object.keys(told).sort()).toEqual(['challengeId', 'expiresAt', 'kind', 'resendAt', 'usage'])
      expect((kit.core.now() - startedAt) % 500).toBe(0)
    }
    await kit.settled()
    expect(kit.mailsTo('nobody@example.com')).toEqual([])
    expect(kit.mailsTo(person.email)).toHaveLength(2)
    expect(kit.mailsTo(proved.person.email)).toHaveLength(1)
  })
})
