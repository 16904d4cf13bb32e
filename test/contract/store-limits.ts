// Contract: rolling windows, several at once, all or none, exact under any concurrency.
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, type Opened, one, parallel, place, SECOND, times, told, unique } from './store-kit.ts'

export function limitsContract(open: Opened): void {
  describe('limits.take', () => {
    it('gives exactly `max` places to 100 parallel calls', async () => {
      const now = Date.now()
      const series = unique('series')
      const answers = await parallel(100, () => open().limits.take([place(series, [one('ten', 10, HOUR)])], now))
      expect(answers.filter((answer) => answer.kind === 'taken')).toHaveLength(10)
    })

    it('counts a hit from its instant up to, not including, the end of the window', async () => {
      const now = Date.now()
      const series = unique('series')
      const take = (at: number) => open().limits.take([place(series, [one('once', 1, MINUTE)])], at)
      told(await take(now), 'taken')
      expect(told(await take(now + MINUTE - 1), 'limited').retryAt).toBe(now + MINUTE)
      told(await take(now + MINUTE), 'taken')
    })

    it('rolls: a place comes free as each hit leaves', async () => {
      const now = Date.now()
      const series = unique('series')
      const take = (at: number) => open().limits.take([place(series, [one('two', 2, MINUTE)])], at)
      told(await take(now), 'taken')
      told(await take(now + 20 * SECOND), 'taken')
      expect(told(await take(now + 40 * SECOND), 'limited').retryAt).toBe(now + MINUTE)
      told(await take(now + MINUTE), 'taken')
      expect(told(await take(now + 61 * SECOND), 'limited').retryAt).toBe(now + 80 * SECOND)
    })

    it('charges nothing for a refused call', async () => {
      const now = Date.now()
      const series = unique('series')
      const take = (at: number) => open().limits.take([place(series, [one('once', 1, MINUTE)])], at)
      told(await take(now), 'taken')
      for (const n of times(20, (i) => i)) told(await take(now + n * SECOND), 'limited')
      told(await take(now + MINUTE), 'taken')
    })

    it('takes in all series or in none', async () => {
      const now = Date.now()
      const [a, b, c] = [unique('a'), unique('b'), unique('c')]
      const rules = [one('once', 1, HOUR)]
      told(await open().limits.take([place(b, rules)], now), 'taken')
      told(await open().limits.take([place(a, rules), place(b, rules), place(c, rules)], now), 'limited')
      told(await open().limits.take([place(a, rules), place(c, rules)], now), 'taken')
    })

    it('gives a place wanted by many sets to exactly one of them', async () => {
      const now = Date.now()
      const shared = unique('shared')
      const own = times(20, () => unique('own'))
      const rules = [one('once', 1, HOUR)]
      const answers = await parallel(20, (i) => open().limits.take([place(own[i]!, rules), place(shared, rules)], now))
      expect(answers.filter((answer) => answer.kind === 'taken')).toHaveLength(1)
      const after = await parallel(20, (i) => open().limits.take([place(own[i]!, rules)], now))
      expect(after.filter((answer) => answer.kind === 'taken')).toHaveLength(19)
    })

    it('asks every rule of a series and names the one that lasts longest', async () => {
      const now = Date.now()
      const series = unique('series')
      const rules = [one('gap', 1, MINUTE), one('few', 2, HOUR)]
      const take = (at: number) => open().limits.take([place(series, rules)], at)
      told(await take(now), 'taken')
      expect(told(await take(now + SECOND), 'limited')).toMatchObject({ name: 'gap', retryAt: now + MINUTE })
      told(await take(now + MINUTE), 'taken')
      expect(told(await take(now + MINUTE + SECOND), 'limited')).toMatchObject({ name: 'few', retryAt: now + HOUR })
    })

    it('tells where each rule stands', async () => {
      const now = Date.now()
      const series = unique('series')
      const rules = [one('two', 2, HOUR), one('five', 5, 2 * HOUR)]
      const first = await open().limits.take([place(series, rules)], now)
      expect(first).toEqual({
        kind: 'taken',
        usage: [
          { name: 'two', max: 2, perMs: HOUR, remaining: 1, resetMs: HOUR },
          { name: 'five', max: 5, perMs: 2 * HOUR, remaining: 4, resetMs: 2 * HOUR },
        ],
      })
      await open().limits.take([place(series, rules)], now + MINUTE)
      expect((await open().limits.take([place(series, rules)], now + 2 * MINUTE)).usage).toEqual([
        { name: 'two', max: 2, perMs: HOUR, remaining: 0, resetMs: 58 * MINUTE },
        { name: 'five', max: 5, perMs: 2 * HOUR, remaining: 3, resetMs: 118 * MINUTE },
      ])
    })

    it('takes nothing more for a slot that has its place, even when the rule is full', async () => {
      const now = Date.now()
      const series = unique('series')
      const rules = [one('two', 2, HOUR)]
      const mine = place(series, rules)
      const first = await open().limits.take([mine], now)
      const repeats = await parallel(20, () => open().limits.take([mine], now))
      for (const repeat of repeats) expect(repeat).toEqual(first)
      told(await open().limits.take([place(series, rules)], now), 'taken')
      told(await open().limits.take([place(series, rules)], now), 'limited')
      told(await open().limits.take([mine], now), 'taken')
    })

    it('counts the places one call asks of the same series together', async () => {
      const now = Date.now()
      const series = unique('series')
      const rules = [one('two', 2, HOUR)]
      const pair = () => [place(series, rules), place(series, rules)]
      told(await open().limits.take([...pair(), place(series, rules)], now), 'limited')
      told(await open().limits.take(pair(), now), 'taken')
      told(await open().limits.take([place(series, rules)], now), 'limited')
    })

    it('takes nothing when asked for nothing', async () => {
      expect(await open().limits.take([], Date.now())).toEqual({ kind: 'taken', usage: [] })
    })
  })
}
