// Contract: five free tries, then a wait that doubles, whatever runs in parallel; a success forgets it all.
import { describe, expect, it } from 'vitest'
import type { Throttle } from '../../lib/ports/limits.ts'
import { LOGIN_RULE } from '../../lib/rules/numbers.ts'
import { HOUR, id, MINUTE, type Opened, one, parallel, place, SECOND, session, told, unique } from './store-kit.ts'

export function throttleContract(open: Opened): void {
  const asking = (series: string, now: number, more: Partial<Throttle> = {}): Throttle => ({
    series,
    rule: LOGIN_RULE,
    token: id('req', now),
    takes: [],
    now,
    ...more,
  })
  const attempt = (...args: Parameters<typeof asking>) => open().limits.throttle(asking(...args))

  describe('limits.throttle', () => {
    it('lets five through and makes the sixth wait 1 s, then 2, 4 … up to 15 min', async () => {
      const series = unique('login')
      let at = Date.now()
      for (let n = 0; n < 5; n++) told(await attempt(series, at), 'taken')
      for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
        const retryAt = at + seconds * SECOND
        expect(await attempt(series, at)).toMatchObject({ kind: 'limited', name: 'login', retryAt })
        expect(await attempt(series, retryAt - 1)).toMatchObject({ kind: 'limited', retryAt })
        told(await attempt(series, retryAt), 'taken')
        at = retryAt
      }
    })

    it('lets exactly five of 100 parallel tries through', async () => {
      const now = Date.now()
      const series = unique('login')
      const answers = await parallel(100, () => attempt(series, now))
      expect(answers.filter((answer) => answer.kind === 'taken')).toHaveLength(5)
    })

    it('forgets 15 min after the last try, or after the end of its wait', async () => {
      const now = Date.now()
      const [few, many] = [unique('login'), unique('login')]
      for (let n = 0; n < 4; n++) await attempt(few, now)
      for (let n = 0; n < 5; n++) await attempt(many, now)
      for (let n = 0; n < 4; n++) told(await attempt(few, now + 15 * MINUTE), 'taken')
      const until = now + SECOND
      expect(await attempt(many, until + 15 * MINUTE - 1)).toMatchObject({ kind: 'taken' })
      expect((await attempt(many, until + 15 * MINUTE)).kind).toBe('limited')
      for (let n = 0; n < 5; n++) told(await attempt(many, until + HOUR), 'taken')
    })

    it('is forgotten by the login it let through, and by no other', async () => {
      const now = Date.now()
      const [mine, other] = [unique('login'), unique('login')]
      for (const series of [mine, other]) for (let n = 0; n < 5; n++) await attempt(series, now)
      const s = session(now)
      for (const _ of ['first', 'repeated']) {
        expect(await open().sessions.open(s, [mine], now)).toEqual({ kind: 'opened' })
      }
      for (let n = 0; n < 5; n++) told(await attempt(mine, now), 'taken')
      expect((await attempt(other, now)).kind).toBe('limited')
    })

    it('stays when the session was refused', async () => {
      const now = Date.now()
      const series = unique('login')
      for (let n = 0; n < 5; n++) await attempt(series, now)
      const s = session(now)
      await open().sessions.revokeAll(s.userId, now)
      expect((await open().sessions.open(s, [series], now)).kind).toBe('over')
      expect((await attempt(series, now)).kind).toBe('limited')
    })

    it('tells a repeated call the same, and counts it once', async () => {
      const now = Date.now()
      const series = unique('login')
      for (let n = 0; n < 4; n++) await attempt(series, now)
      const fifth = asking(series, now)
      const answers = await parallel(20, () => open().limits.throttle(fifth))
      for (const answer of answers) told(answer, 'taken')
      expect(await attempt(series, now)).toMatchObject({ kind: 'limited', retryAt: now + SECOND })
    })

    it('takes the windows of the call first, and also from those who wait', async () => {
      const now = Date.now()
      const [series, ip] = [unique('login'), unique('ip')]
      const tries = [0, 1, 2, 3, 4, 5, 6, 7, 8]
      const kinds = []
      for (const _ of tries) {
        const answer = await attempt(series, now, { takes: [place(ip, [one('logins', 7, HOUR)])] })
        kinds.push(answer.kind === 'limited' ? answer.name : answer.usage[0]?.remaining)
      }
      expect(kinds).toEqual([6, 5, 4, 3, 2, 'login', 'login', 'logins', 'logins'])
    })
  })
}
