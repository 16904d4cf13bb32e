// Contract: what a person may change of their account at once.
import { describe, expect, it } from 'vitest'
import { expectSameAfterLoss, id, type OpenedUsers, ofKind, parallel, registered, username, word } from './users-kit.ts'

export function updateContract(open: OpenedUsers): void {
  describe('update', () => {
    it('changes what is given and nothing else, and a repeat is told the same', async () => {
      const user = await registered(open())
      const inEnglish = { ...user, locale: 'en' as const }
      expect(await expectSameAfterLoss(open, (users) => users.update({ userId: user.id, locale: 'en' }))).toEqual({
        kind: 'updated',
        user: inEnglish,
      })
      const name = username(`Eva-${word()}`)
      expect(await expectSameAfterLoss(open, (users) => users.update({ userId: user.id, username: name }))).toEqual({
        kind: 'updated',
        user: { ...inEnglish, username: name },
      })
      expect(await open().users.update({ userId: user.id })).toEqual({
        kind: 'updated',
        user: { ...inEnglish, username: name },
      })
    })

    it('frees the old username, and lets a person write their own in another way', async () => {
      const user = await registered(open())
      const shouted = username(user.username.typed.toUpperCase())
      expect(await open().users.update({ userId: user.id, username: shouted })).toMatchObject({
        kind: 'updated',
        user: { username: shouted },
      })
      await open().users.update({ userId: user.id, username: username(`Eva-${word()}`) })
      await registered(open(), { username: user.username })
    })

    it('of a username that is taken changes nothing at all', async () => {
      const [other, user] = [await registered(open()), await registered(open())]
      const step = { userId: user.id, username: username(other.username.typed.toUpperCase()), locale: 'en' as const }
      expect(await open().users.update(step)).toEqual({ kind: 'taken', fields: ['username'] })
      expect(await open().users.byId(user.id)).toEqual(user)
    })

    it('to one username by 20 accounts at once succeeds once', async () => {
      const people = await parallel(20, () => registered(open()))
      const name = username(`Eva-${word()}`)
      const answers = await parallel(20, (n) => open().users.update({ userId: people[n]!.id, username: name }))
      expect(ofKind(answers, 'updated')).toHaveLength(1)
      expect(ofKind(answers, 'taken')).toHaveLength(19)
    })

    it('of nobody is told so', async () => {
      expect(await open().users.update({ userId: id('usr'), locale: 'en' })).toEqual({ kind: 'missing' })
    })
  })
}
