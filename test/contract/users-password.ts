// Contract: a password is set by a challenge, once, or by whoever knew the old hash; no repeat brings an older one back.
import { describe, expect, it } from 'vitest'
import type { NewPassword, User } from '../../lib/ports/users.ts'
import {
  expectSameAfterLoss,
  id,
  newHash,
  type OpenedUsers,
  ofKind,
  parallel,
  person,
  registered,
} from './users-kit.ts'

const now = Date.now()

export function passwordContract(open: OpenedUsers): void {
  const reset = (
    user: Pick<User, 'id' | 'email'>,
    hash = newHash(),
    challengeId = id('ch'),
    email = user.email.deliver,
  ): NewPassword => ({ userId: user.id, hash, by: { challengeId, email }, now })
  const change = (userId: string, oldHash: string, hash = newHash()): NewPassword => ({
    userId,
    hash,
    by: { oldHash },
    now,
  })

  describe('setPassword by a challenge', () => {
    it('sets the hash whatever the old one was, verifies the address its code was read at, and a repeat is told the same', async () => {
      const user = await registered(open())
      const step = reset(user)
      expect(await expectSameAfterLoss(open, (users) => users.setPassword(step))).toEqual({
        kind: 'set',
        user: { ...user, passwordHash: step.hash, emailVerified: true },
      })
    })

    it('sets nothing once the address its code was read at is no longer the account’s', async () => {
      const user = await registered(open())
      const elsewhere = reset(user, newHash(), id('ch'), 'old@example.com')
      expect(await open().users.setPassword(elsewhere)).toEqual({ kind: 'stale' })
      expect(await open().users.byId(user.id)).toEqual(user)
    })

    it('sets one hash only: a second request is told which stands', async () => {
      const user = await registered(open())
      const challengeId = id('ch')
      const first = reset(user, newHash(), challengeId)
      await open().users.setPassword(first)
      expect(await open().users.setPassword(reset(user, newHash(), challengeId))).toEqual({
        kind: 'spent',
        user: { ...user, passwordHash: first.hash, emailVerified: true },
      })
    })

    it('by 20 requests at once sets one of their hashes', async () => {
      const user = await registered(open())
      const challengeId = id('ch')
      const answers = await parallel(20, () => open().users.setPassword(reset(user, newHash(), challengeId)))
      expect(ofKind(answers, 'set')).toHaveLength(1)
      expect(ofKind(answers, 'spent')).toHaveLength(19)
      const [set] = ofKind(answers, 'set')
      expect(await open().users.byId(user.id)).toEqual(set && 'user' in set ? set.user : null)
    })

    it('repeated late does not bring its hash back', async () => {
      const user = await registered(open())
      const step = reset(user)
      await open().users.setPassword(step)
      const later = change(user.id, step.hash)
      await open().users.setPassword(later)
      expect(await open().users.setPassword(step)).toMatchObject({ kind: 'spent', user: { passwordHash: later.hash } })
      expect((await open().users.byId(user.id))?.passwordHash).toBe(later.hash)
    })

    it('refuses a challenge that has verified an address', async () => {
      const user = await registered(open())
      const challengeId = id('ch')
      const address = user.email.deliver
      await open().users.markVerified({ userId: user.id, contact: 'email', address, challengeId, now })
      const step = open().users.setPassword(reset(user, newHash(), challengeId))
      await expect(step).rejects.toMatchObject({ name: 'Fault', port: 'users' })
      expect((await open().users.byId(user.id))?.passwordHash).toBe(user.passwordHash)
    })
  })

  describe('setPassword by the old hash', () => {
    it('sets the hash, and a repeat is told the same', async () => {
      const user = await registered(open())
      const step = change(user.id, user.passwordHash)
      expect(await expectSameAfterLoss(open, (users) => users.setPassword(step))).toEqual({
        kind: 'set',
        user: { ...user, passwordHash: step.hash },
      })
    })

    it('is stale when the hash has changed: a late re-hash does not undo a reset', async () => {
      const user = await registered(open())
      const step = reset(user)
      await open().users.setPassword(step)
      expect(await open().users.setPassword(change(user.id, user.passwordHash))).toEqual({ kind: 'stale' })
      expect((await open().users.byId(user.id))?.passwordHash).toBe(step.hash)
    })

    it('by 20 at once sets one of their hashes', async () => {
      const user = await registered(open())
      const answers = await parallel(20, () => open().users.setPassword(change(user.id, user.passwordHash)))
      expect(ofKind(answers, 'set')).toHaveLength(1)
      expect(ofKind(answers, 'stale')).toHaveLength(19)
    })
  })

  it('setPassword of nobody is told so', async () => {
    expect(await open().users.setPassword(reset(person()))).toEqual({ kind: 'missing' })
    expect(await open().users.setPassword(change(id('usr'), newHash()))).toEqual({ kind: 'missing' })
  })
}
