// Contract: an address is verified, or replaced, by the challenge that proved it; once, and only if it is still wanted.
import { describe, expect, it } from 'vitest'
import type { AddressChange, User, Verification } from '../../lib/ports/users.ts'
import {
  email,
  expectSameAfterLoss,
  id,
  newHash,
  newPhone,
  type OpenedUsers,
  ofKind,
  parallel,
  person,
  registered,
  word,
} from './users-kit.ts'

const now = Date.now()
const newEmail = () => email(`new.${word()}@example.com`)

export function addressContract(open: OpenedUsers): void {
  const proof = (userId: string, address: string, more: Partial<Verification> = {}): Verification => ({
    userId,
    contact: 'email',
    address,
    challengeId: id('ch'),
    now,
    ...more,
  })
  const change = (user: User, from: string | null, to: AddressChange['to']): AddressChange => ({
    userId: user.id,
    from,
    hash: user.passwordHash,
    to,
    challengeId: id('ch'),
    now,
  })

  describe('markVerified', () => {
    it('verifies the address it names and no other, and a repeat is told the same', async () => {
      const user = await registered(open(), { phone: newPhone() })
      const byMail = proof(user.id, user.email.deliver)
      expect(await expectSameAfterLoss(open, (users) => users.markVerified(byMail))).toEqual({
        kind: 'verified',
        user: { ...user, emailVerified: true },
      })
      const byPhone = proof(user.id, user.phone ?? '', { contact: 'phone' })
      expect(await expectSameAfterLoss(open, (users) => users.markVerified(byPhone))).toEqual({
        kind: 'verified',
        user: { ...user, emailVerified: true, phoneVerified: true },
      })
    })

    it('is harmless 20 times at once, and by a second challenge', async () => {
      const user = await registered(open())
      const same = proof(user.id, user.email.deliver)
      const told = { kind: 'verified', user: { ...user, emailVerified: true } }
      const answers = await parallel(20, () => open().users.markVerified(same))
      expect(answers).toEqual(Array(20).fill(told))
      expect(await open().users.markVerified(proof(user.id, user.email.deliver))).toEqual(told)
    })

    it('refuses an address the account does not have, were it only by its tag', async () => {
      const key = word()
      const user = await registered(open(), { email: email(`ana.${key}+one@example.com`) })
      for (const other of [`ana.${key}+two@example.com`, `other.${key}@example.com`]) {
        expect(await open().users.markVerified(proof(user.id, other))).toEqual({ kind: 'stale' })
      }
      expect(await open().users.markVerified(proof(user.id, newPhone(), { contact: 'phone' }))).toEqual({
        kind: 'stale',
      })
      expect(await open().users.byId(user.id)).toEqual(user)
    })

    it('of nobody is told so', async () => {
      expect(await open().users.markVerified(proof(id('usr'), 'ana@example.com'))).toEqual({ kind: 'missing' })
    })
  })

  describe('changeAddress', () => {
    it('does nothing once the password it was asked with is another one', async () => {
      const user = await registered(open())
      const step = change(user, user.email.deliver, { email: newEmail() })
      await open().users.setPassword({
        userId: user.id,
        hash: newHash(),
        by: { challengeId: id('ch'), email: user.email.deliver },
        now,
      })
      expect(await open().users.changeAddress(step)).toEqual({ kind: 'stale' })
      expect((await open().users.byId(user.id))?.email).toEqual(user.email)
    })

    it('replaces the e-mail, verified, frees the old one, and a repeat is told the same', async () => {
      const user = await registered(open())
      const to = newEmail()
      const step = change(user, user.email.deliver, { email: to })
      const changed = { ...user, email: to, emailVerified: true }
      expect(await expectSameAfterLoss(open, (users) => users.changeAddress(step))).toEqual({
        kind: 'changed',
        user: changed,
      })
      expect(await open().users.byLogin({ email: user.email.normal })).toBeNull()
      expect(await open().users.byLogin({ email: to.normal })).toEqual(changed)
      await registered(open(), { email: user.email })
    })

    it('adds a first phone and replaces it', async () => {
      const user = await registered(open())
      const [first, second] = [newPhone(), newPhone()]
      expect(await open().users.changeAddress(change(user, null, { phone: first }))).toEqual({
        kind: 'changed',
        user: { ...user, phone: first, phoneVerified: true },
      })
      expect(await open().users.changeAddress(change(user, first, { phone: second }))).toMatchObject({
        user: { phone: second, phoneVerified: true },
      })
      expect(await open().users.changeAddress(change(user, null, { phone: first }))).toEqual({ kind: 'stale' })
    })

    it('to a phone that others have is theirs as well, each verified by itself', async () => {
      const phone = newPhone()
      const owner = await registered(open(), { phone })
      const people = await parallel(20, () => registered(open()))
      const answers = await parallel(20, (n) => open().users.changeAddress(change(people[n]!, null, { phone })))
      expect(answers).toEqual(
        people.map((user) => ({ kind: 'changed', user: { ...user, phone, phoneVerified: true } })),
      )
      expect(await open().users.byId(owner.id)).toEqual(owner)
      const proved = proof(owner.id, phone, { contact: 'phone' })
      expect(await open().users.markVerified(proved)).toMatchObject({ user: { phone, phoneVerified: true } })
    })

    it('lets a person write their own mailbox in another way', async () => {
      const key = word()
      const user = await registered(open(), { email: email(`ana.${key}@example.com`) })
      const to = email(`Ana.${key}+shop@example.com`)
      expect(to.normal).toBe(user.email.normal)
      expect(await open().users.changeAddress(change(user, user.email.deliver, { email: to }))).toMatchObject({
        kind: 'changed',
        user: { email: to },
      })
    })

    it('is refused when another account has the e-mail, and may be asked again once it is free', async () => {
      const [owner, user] = [await registered(open()), await registered(open())]
      const step = change(user, user.email.deliver, { email: owner.email })
      expect(await open().users.changeAddress(step)).toEqual({ kind: 'taken', fields: ['email'] })
      expect(await open().users.byId(user.id)).toEqual(user)
      await open().users.changeAddress(change(owner, owner.email.deliver, { email: newEmail() }))
      expect(await open().users.changeAddress(step)).toMatchObject({ kind: 'changed', user: { email: owner.email } })
    })

    it('to one address by 20 accounts at once succeeds once', async () => {
      const people = await parallel(20, () => registered(open()))
      const to = newEmail()
      const answers = await parallel(20, (n) => {
        const user = people[n]!
        return open().users.changeAddress(change(user, user.email.deliver, { email: to }))
      })
      expect(ofKind(answers, 'changed')).toHaveLength(1)
      expect(ofKind(answers, 'taken')).toHaveLength(19)
    })

    it('of one account to 20 addresses at once succeeds once', async () => {
      const user = await registered(open())
      const answers = await parallel(20, () =>
        open().users.changeAddress(change(user, user.email.deliver, { email: newEmail() })),
      )
      expect(ofKind(answers, 'changed')).toHaveLength(1)
      expect(ofKind(answers, 'stale')).toHaveLength(19)
    })

    it('repeated late undoes no later change, and verifies nothing that came since', async () => {
      const user = await registered(open())
      const [first, second] = [newEmail(), newEmail()]
      const verified = proof(user.id, user.email.deliver)
      await open().users.markVerified(verified)
      const early = change(user, user.email.deliver, { email: first })
      await open().users.changeAddress(early)
      await open().users.changeAddress(change(user, first.deliver, { email: second }))
      const present = { ...user, email: second, emailVerified: true }
      expect(await open().users.changeAddress(early)).toEqual({ kind: 'changed', user: present })
      expect(await open().users.markVerified(verified)).toEqual({ kind: 'verified', user: present })
      expect(await open().users.byId(user.id)).toEqual(present)
    })

    it('of nobody is told so', async () => {
      const step = change(person(), null, { phone: newPhone() })
      expect(await open().users.changeAddress(step)).toEqual({ kind: 'missing' })
    })

    it('refuses a challenge that has verified another address', async () => {
      const user = await registered(open())
      const verified = proof(user.id, user.email.deliver)
      await open().users.markVerified(verified)
      const step = { ...change(user, user.email.deliver, { email: newEmail() }), challengeId: verified.challengeId }
      await expect(open().users.changeAddress(step)).rejects.toMatchObject({ name: 'Fault', port: 'users' })
      expect(await open().users.byId(user.id)).toEqual({ ...user, emailVerified: true })
    })
  })
}
