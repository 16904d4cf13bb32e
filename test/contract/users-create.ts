// Contract: one account per username and e-mail, however they are written and however many ask at once.
import { describe, expect, it } from 'vitest'
import type { UserField } from '../../lib/ports/users.ts'
import {
  email,
  expectSameAfterLoss,
  id,
  newPhone,
  type OpenedUsers,
  ofKind,
  parallel,
  person,
  registered,
  username,
  word,
} from './users-kit.ts'

export function createContract(open: OpenedUsers): void {
  describe('an account', () => {
    it('is kept as it was given, and found by its id, username and e-mail', async () => {
      const { users } = open()
      const user = await registered(open(), {
        username: username(`Zoë_${word()}`),
        email: email(`Zoe+shop.${word()}@bücher.example`),
        phone: newPhone(),
        locale: 'en',
        referralCode: `amigo's "código" \\ ${word()}`,
        createdAt: 1_700_000_000_123,
      })
      expect(await users.byId(user.id)).toEqual(user)
      expect(await users.byLogin({ username: user.username.normal })).toEqual(user)
      expect(await users.byLogin({ email: user.email.normal })).toEqual(user)
    })

    it('made at verify starts out verified', async () => {
      const user = await registered(open(), { emailVerified: true, phone: newPhone(), phoneVerified: true })
      expect(await open().users.byId(user.id)).toMatchObject({ emailVerified: true, phoneVerified: true })
    })

    it.each([
      ['nobody', 'nobody'],
      ['nothing', ''],
      ['a quote', `' or 1=1 --`],
      ['a null byte', 'ana\0'],
      ['half a surrogate pair', 'ana\ud800'],
      ['10 kB', 'x'.repeat(10_240)],
    ])('is not found by %s', async (_, text) => {
      const { users } = open()
      expect(await users.byId(text)).toBeNull()
      expect(await users.byLogin({ username: text })).toBeNull()
      expect(await users.byLogin({ email: text })).toBeNull()
    })

    it('is not found by its e-mail as a username, nor the other way round', async () => {
      const user = await registered(open())
      expect(await open().users.byLogin({ username: user.email.normal })).toBeNull()
      expect(await open().users.byLogin({ email: user.username.normal })).toBeNull()
    })

    it('may do without a phone, as any number of others', async () => {
      await registered(open())
      await registered(open())
    })

    it('may have the phone of any number of others, made at once or one after the other', async () => {
      const phone = newPhone()
      const verified = { phone, phoneVerified: true }
      await registered(open(), verified)
      const people = await parallel(20, (n) => registered(open(), n % 2 ? verified : { phone }))
      for (const user of people) expect(await open().users.byId(user.id)).toEqual(user)
    })
  })

  describe('a create', () => {
    it('repeated is told the same, also after a lost answer', async () => {
      const user = person({ phone: newPhone() })
      const answer = await expectSameAfterLoss(open, (users) => users.create(user))
      expect(answer).toEqual({ kind: 'created', user })
    })

    it('repeated 20 times at once makes one account', async () => {
      const user = person()
      const answers = await parallel(20, () => open().users.create(user))
      expect(answers).toEqual(answers.map(() => ({ kind: 'created', user })))
    })

    it('repeated after the account has changed changes nothing back', async () => {
      const user = await registered(open())
      await open().users.update({ userId: user.id, locale: 'en' })
      expect(await open().users.create(user)).toEqual({ kind: 'created', user: { ...user, locale: 'en' } })
    })

    it('of one username by 20 at once makes one account', async () => {
      const name = username(`Ana-${word()}`)
      const answers = await parallel(20, () => open().users.create(person({ username: name })))
      expect(ofKind(answers, 'created')).toHaveLength(1)
      expect(ofKind(answers, 'taken')).toEqual(Array(19).fill({ kind: 'taken', fields: ['username'] }))
    })

    it('of one mailbox, written in 20 ways at once, makes one account', async () => {
      const box = word()
      const ways = (n: number) =>
        `${n % 2 ? box.toUpperCase() : box}+${n}@${n % 3 ? 'BÜCHER' : 'xn--bcher-kva'}.example`
      const answers = await parallel(20, (n) => open().users.create(person({ email: email(ways(n)) })))
      expect(ofKind(answers, 'created')).toHaveLength(1)
      expect(ofKind(answers, 'taken')).toEqual(Array(19).fill({ kind: 'taken', fields: ['email'] }))
    })

    it.each<[string, (key: string) => string, (key: string) => string]>([
      ['case', (key) => `ana.${key}@example.com`, (key) => `ANA.${key.toUpperCase()}@EXAMPLE.COM`],
      ['a tag', (key) => `ana.${key}@example.com`, (key) => `ana.${key}+news@example.com`],
      ['the form of its domain', (key) => `${key}@bücher.example`, (key) => `${key}@xn--bcher-kva.example`],
      ['dots, at Gmail', (key) => `ana.${key}@gmail.com`, (key) => `a.n.a${key}@googlemail.com`],
    ])('collides with an e-mail that differs in %s', async (_, first, second) => {
      const key = word()
      await registered(open(), { email: email(first(key)) })
      const answer = await open().users.create(person({ email: email(second(key)) }))
      expect(answer).toEqual({ kind: 'taken', fields: ['email'] })
    })

    it.each([
      ['case', (key: string) => `ANA-${key}`],
      ['width', (key: string) => `ａｎａ-${key}`],
    ])('collides with a username that differs in %s', async (_, second) => {
      const key = word()
      await registered(open(), { username: username(`ana-${key}`) })
      const answer = await open().users.create(person({ username: username(second(key)) }))
      expect(answer).toEqual({ kind: 'taken', fields: ['username'] })
    })

    it('is told every field that is taken, also by different accounts', async () => {
      const [a, b] = [await registered(open(), { phone: newPhone() }), await registered(open())]
      const fieldsOf = async (more: Parameters<typeof person>[0]): Promise<UserField[]> => {
        const answer = await open().users.create(person(more))
        return answer.kind === 'taken' ? answer.fields : []
      }
      expect(await fieldsOf({ username: a.username, email: b.email })).toEqual(['username', 'email'])
      expect(await fieldsOf({ username: a.username, phone: a.phone })).toEqual(['username'])
      expect(await fieldsOf({ email: a.email, phone: a.phone })).toEqual(['email'])
      expect(await fieldsOf({ ...a, id: id('usr') })).toEqual(['username', 'email'])
    })

    it('that was refused reserves nothing', async () => {
      const user = await registered(open())
      const refused = person({ username: user.username })
      expect(await open().users.create(refused)).toEqual({ kind: 'taken', fields: ['username'] })
      expect(await open().users.byId(refused.id)).toBeNull()
      await registered(open(), { email: refused.email })
    })
  })
}
