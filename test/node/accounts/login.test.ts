// Logging in: by what name, how often, and what a wrong try costs.
import { hashSync } from 'bcrypt-ts'
import { describe, expect, it } from 'vitest'
import { login } from '../../../lib/accounts/login.ts'
import { recover } from '../../../lib/accounts/recover.ts'
import { good, MINUTE, no, openAccounts, PASSWORD, SECOND } from '../../fakes/accounts-kit.ts'

const IP = '198.51.100.7'

describe('a log-in', () => {
  it('takes the user name or the address, however either is written', async () => {
    const kit = openAccounts()
    const { person, user } = await kit.registered({ username: 'Señora.Ana' })
    for (const typed of ['Señora.Ana', 'señora.ana', person.email, ` ${person.email.toUpperCase()} `]) {
      const entered = good(await login(kit.accounts, { login: typed, password: PASSWORD }, kit.from()))
      expect(entered.user.id).toBe(user.id)
    }
  })

  it('says the same to a wrong password and to a name nobody has, on a beat', async () => {
    const kit = openAccounts()
    const { person } = await kit.registered()
    for (const typed of [person.username, 'nobody.at.all']) {
      const startedAt = kit.core.now()
      const refusal = no(await login(kit.accounts, { login: typed, password: 'wrong wrong wrong' }, kit.from()))
      expect(refusal).toEqual({ code: 'invalid_credentials' })
      expect((kit.core.now() - startedAt) % 500).toBe(0)
    }
  })

  it('makes the sixth try wait after five wrong ones, for a known and an unknown name alike', async () => {
    const kit = openAccounts()
    const { person } = await kit.registered()
    for (const name of [person.username, 'nobody.at.all']) {
      const attempt = (password: string) => login(kit.accounts, { login: name, password }, kit.from(IP))
      for (let n = 0; n < 5; n++) expect(no(await attempt('wrong')).code).toBe('invalid_credentials')
      const refusal = no(await attempt(PASSWORD))
      expect(refusal).toMatchObject({ code: 'too_many_requests' })
      kit.pass(2 * SECOND)
      expect(no(await attempt('wrong')).code).toBe('invalid_credentials')
      expect(no(await attempt(PASSWORD))).toMatchObject({ code: 'too_many_requests' })
      kit.pass(20 * MINUTE)
    }
  })

  it('forgets the wrong tries with the right one', async () => {
    const kit = openAccounts()
    const { person } = await kit.registered()
    const attempt = (password: string) => login(kit.accounts, { login: person.email, password }, kit.from(IP))
    for (let n = 0; n < 4; n++) expect(no(await attempt('wrong')).code).toBe('invalid_credentials')
    good(await attempt(PASSWORD))
    for (let n = 0; n < 5; n++) expect(no(await attempt('wrong')).code).toBe('invalid_credentials')
    expect(no(await attempt('wrong')).code).toBe('too_many_requests')
  })

  it('judges a handful of a hundred guesses, ten at once, and holds up nothing else', async () => {
    const kit = openAccounts()
    // The guesses at one login by themselves: an address has fewer in all.
    kit.core.policy.limits = false
    const { person } = await kit.verified()
    const guess = (n: number) => login(kit.accounts, { login: person.username, password: `guess ${n}` }, kit.from(IP))
    const codes: string[] = []
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => guess(10 * round + n)))
      codes.push(...answers.map((one) => no(one).code))
    }
    const judged = codes.filter((code) => code === 'invalid_credentials').length
    expect(judged).toBeGreaterThanOrEqual(5)
    expect(judged).toBeLessThanOrEqual(8)
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(100 - judged)
    // The same address of the network by another name of the account is not held up; the recovery isn't either.
    good(await login(kit.accounts, { login: person.email, password: PASSWORD }, kit.from(IP)))
    const email = { deliver: person.email, normal: person.email }
    const before = kit.mailsTo(person.email).length
    good(await recover(kit.accounts, email, kit.from(IP)))
    await kit.settled()
    expect(kit.mailsTo(person.email)).toHaveLength(before + 1)
  })

  it('lets the person in from elsewhere while a stranger guesses', async () => {
    const kit = openAccounts()
    const { person } = await kit.registered()
    const told = new Set<string>()
    for (let n = 0; n < 40; n++) {
      told.add(no(await login(kit.accounts, { login: person.email, password: `wrong ${n}` }, kit.from(IP))).code)
      kit.pass(SECOND)
    }
    expect(told).toEqual(new Set(['invalid_credentials', 'too_many_requests']))
    good(await login(kit.accounts, { login: person.email, password: PASSWORD }, kit.from('192.0.2.9')))
  })

  it('with a slip behind the 72 bytes that an older system read shuts nobody out', async () => {
    const kit = openAccounts()
    const { user } = await kit.registered()
    const phrase = `${'una frase larga que nadie adivina y que '.repeat(2)}termina bien`
    const { passwordHash: oldHash } = user
    const hash = hashSync(phrase, 4)
    await kit.accounts.users.setPassword({ userId: user.id, hash, by: { oldHash }, now: kit.core.now() })
    for (const password of [`${phrase}x`, phrase, phrase]) {
      good(await login(kit.accounts, { login: user.email.deliver, password }, kit.from()))
      await kit.settled()
    }
    expect((await kit.accounts.users.byId(user.id))?.passwordHash).toBe(hash)
  })

  it.each(['', '@', 'a@b', 'x'.repeat(10_000), '\u0000', '../../etc', 'ana@example.com\u0000', '💌'])(
    'takes nonsense for a wrong login, not for an error: %j',
    async (typed) => {
      const kit = openAccounts()
      expect(no(await login(kit.accounts, { login: typed, password: PASSWORD }, kit.from())).code).toBe(
        'invalid_credentials',
      )
    },
  )
})
