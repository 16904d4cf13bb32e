// Recovery: a new password for whoever reads the address, and nothing for whoever only knows it.
import { describe, expect, it } from 'vitest'
import { login } from '../../../lib/accounts/login.ts'
import { reset } from '../../../lib/accounts/new-password.ts'
import { recover } from '../../../lib/accounts/recover.ts'
import { refresh } from '../../../lib/accounts/sessions.ts'
import { verify } from '../../../lib/accounts/verify.ts'
import { parseEmail } from '../../../lib/names/address.ts'
import {
  good,
  type Kit,
  MINUTE,
  no,
  OTHER_PASSWORD,
  openAccounts,
  PASSWORD,
  SECOND,
  wrongCode,
} from '../../fakes/accounts-kit.ts'

async function asked(kit: Kit, email: string): Promise<string> {
  const address = parseEmail(email) ?? expect.fail(`not an address: ${email}`)
  const { challengeId } = good(await recover(kit.accounts, address, kit.from()))
  await kit.settled()
  return challengeId
}

type Proof = Parameters<typeof reset>[1]['proof']
const choose = (kit: Kit, challengeId: string | null, proof: Proof, newPassword = OTHER_PASSWORD) =>
  reset(kit.accounts, { challengeId, proof, newPassword }, kit.from())
const enter = (kit: Kit, login_: string, password: string) =>
  login(kit.accounts, { login: login_, password }, kit.from())

describe('a recovery', () => {
  it.each(['code', 'link'])('chooses a new password by %s, ends every session, and says so by mail', async (by) => {
    const kit = openAccounts()
    const { person, tokens } = await kit.verified()
    kit.pass(MINUTE)
    const challengeId = await asked(kit, person.email)
    const proof = by === 'code' ? { code: kit.codeTo(person.email) } : { token: kit.tokenTo(person.email) }
    const mails = kit.mailsTo(person.email).length
    good(await choose(kit, by === 'code' ? challengeId : null, proof))
    await kit.settled()
    expect(no(await enter(kit, person.email, PASSWORD)).code).toBe('invalid_credentials')
    good(await enter(kit, person.email, OTHER_PASSWORD))
    expect(no(await refresh(kit.accounts, tokens.refreshToken ?? '', kit.from().origin)).code).toBe(
      'invalid_refresh_token',
    )
    expect(kit.mailsTo(person.email)).toHaveLength(mails + 1)
    expect(no(await choose(kit, by === 'code' ? challengeId : null, proof, PASSWORD)).code).toBe('challenge_over')
  })

  it('works also before the address was ever proved, and proves it', async () => {
    const kit = openAccounts()
    const { person, user } = await kit.registered()
    kit.pass(MINUTE)
    await asked(kit, person.email)
    good(await choose(kit, null, { token: kit.tokenTo(person.email) }))
    await kit.settled()
    expect(await kit.accounts.users.byId(user.id)).toMatchObject({ emailVerified: true })
    expect(kit.mailsTo(person.email)).toHaveLength(3)
    kit.pass(SECOND)
    expect(good(await enter(kit, person.email, OTHER_PASSWORD)).user.emailVerified).toBe(true)
  })

  it('writes in the language of the person, to the address of the account', async () => {
    const kit = openAccounts()
    const { person } = await kit.verified({ locale: 'es' })
    kit.pass(MINUTE)
    await asked(kit, person.email.replace('@', '+other@').toUpperCase())
    const [mail] = kit.mailsTo(person.email).slice(-1)
    expect(mail?.subject).toMatch(/recuperar|recuperación/)
    good(await choose(kit, null, { token: kit.tokenTo(person.email) }))
    await kit.settled()
    expect(kit.mailsTo(person.email).at(-1)?.subject).toMatch(/contraseña/)
  })

  it('looks at the password first: a bad one costs neither the code nor a try', async () => {
    const kit = openAccounts()
    const { person } = await kit.verified()
    kit.pass(MINUTE)
    const challengeId = await asked(kit, person.email)
    const code = kit.codeTo(person.email)
    expect(no(await choose(kit, challengeId, { code }, person.email)).code).toBe('invalid_request')
    for (const bad of ['short', 'password123']) {
      expect(no(await choose(kit, challengeId, { code }, bad)).code).toBe('invalid_request')
      expect(no(await choose(kit, challengeId, { code: wrongCode(code) }, bad)).code).toBe('invalid_request')
    }
    good(await choose(kit, challengeId, { code }))
  })

  it('counts five wrong codes down, and the link still works', async () => {
    const kit = openAccounts()
    const { person } = await kit.verified()
    kit.pass(MINUTE)
    const challengeId = await asked(kit, person.email)
    const code = wrongCode(kit.codeTo(person.email))
    for (let left = 4; left >= 0; left--) {
      expect(no(await choose(kit, challengeId, { code }))).toEqual({ code: 'code_invalid', triesLeft: left })
    }
    expect(no(await choose(kit, challengeId, { code: kit.codeTo(person.email) })).code).toBe('challenge_over')
    good(await choose(kit, null, { token: kit.tokenTo(person.email) }))
  })

  it('keeps codes and links of one purpose from working for another', async () => {
    const kit = openAccounts()
    const { person, tokens, challengeId } = await kit.registered()
    const sign = { code: kit.codeTo(person.email), token: kit.tokenTo(person.email) }
    kit.pass(MINUTE)
    const recovery = await asked(kit, person.email)
    const mail = { code: kit.codeTo(person.email), token: kit.tokenTo(person.email) }
    expect(mail.code).not.toBe(sign.code)
    expect(no(await choose(kit, challengeId, { code: sign.code })).code).toBe('challenge_over')
    expect(no(await choose(kit, null, { token: sign.token })).code).toBe('challenge_over')
    const stranger = { ...kit.from(), bearer: null }
    for (const proof of [{ challengeId: recovery, code: mail.code }, { token: mail.token }]) {
      expect(no(await verify(kit.accounts, proof, stranger)).code).toBe('challenge_over')
    }
    // The code of one is a wrong guess at the other, and what it was sent for goes on.
    const wrong = { code: 'code_invalid', triesLeft: 4 }
    expect(no(await verify(kit.accounts, { code: mail.code }, await kit.signedIn(tokens)))).toEqual(wrong)
    expect(no(await choose(kit, recovery, { code: sign.code }))).toEqual(wrong)
    good(await verify(kit.accounts, { token: sign.token }, stranger))
    good(await choose(kit, null, { token: mail.token }))
  })

  it('answers the same about an address nobody has, whatever is then tried on it, on a beat', async () => {
    const kit = openAccounts()
    const { person } = await kit.verified()
    kit.pass(MINUTE)
    const told: string[][] = []
    for (const email of [person.email, 'nobody@example.com']) {
      const startedAt = kit.core.now()
      const answer = good(await recover(kit.accounts, { deliver: email, normal: email }, kit.from()))
      expect(answer.challengeId).toMatch(/^ch_/)
      expect((kit.core.now() - startedAt) % 500).toBe(0)
      const tries: string[] = [Object.keys(answer).sort().join()]
      for (let n = 0; n < 6; n++) tries.push(no(await choose(kit, answer.challengeId, { code: '000000' })).code)
      told.push(tries)
    }
    await kit.settled()
    expect(told[0]).toEqual(told[1])
    expect(kit.mailsTo('nobody@example.com')).toEqual([])
  })

  it('mails three an hour, however often and by whom it is asked, and never says so', async () => {
    const kit = openAccounts()
    const { person } = await kit.verified()
    kit.pass(MINUTE)
    const before = kit.mailsTo(person.email).length
    for (let n = 0; n < 10; n++) {
      await asked(kit, person.email)
      kit.pass(31 * SECOND)
    }
    expect(kit.mailsTo(person.email).length - before).toBe(3)
  })

  it('lets one of two resets at once win', async () => {
    const kit = openAccounts()
    const { person } = await kit.verified()
    kit.pass(MINUTE)
    const challengeId = await asked(kit, person.email)
    const code = kit.codeTo(person.email)
    const third = 'seven copper lamps tonight'
    const answers = await Promise.all([choose(kit, challengeId, { code }), choose(kit, challengeId, { code }, third)])
    expect(answers.filter((one) => one.ok)).toHaveLength(1)
    // Nobody enters in the very millisecond in which all sessions end.
    kit.pass(SECOND)
    const entered = [await enter(kit, person.email, OTHER_PASSWORD), await enter(kit, person.email, third)]
    expect(entered.filter((one) => one.ok)).toHaveLength(1)
  })
})
