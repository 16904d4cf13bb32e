// Windows of more than 100 places on Redis: counted by the second, so that their size follows the window and not its use.
import { expect, it } from 'vitest'
import { COUNTED_FROM, KEY_RULE } from '../../../lib/rules/numbers.ts'
import { MINUTE, one, place, SECOND, times, told, unique } from '../../contract/store-kit.ts'
import { onRedis } from './on-redis.ts'

onRedis('a counted window', (on) => {
  /** The start of a second. */
  const second = () => Math.floor(Date.now() / SECOND) * SECOND
  const rules = [one('many', COUNTED_FROM + 1, MINUTE)]
  const take = (series: string, at: number, n = 1) =>
    on.store.limits.take(
      times(n, () => place(series, rules)),
      at,
    )

  it('gives exactly `max` places, then says when the first second leaves', async () => {
    const [now, series] = [second(), unique('series')]
    told(await take(series, now + 300, 100), 'taken')
    expect(told(await take(series, now + 400), 'taken').usage).toEqual([
      { ...rules[0], remaining: 0, resetMs: 61_000 - 400 },
    ])
    expect(await take(series, now + 500)).toMatchObject({ kind: 'limited', name: 'many', retryAt: now + 61_000 })
  })

  it('lets places go with their whole second', async () => {
    const [now, series] = [second(), unique('series')]
    told(await take(series, now + 300, 50), 'taken')
    told(await take(series, now + 5_999, 51), 'taken')
    expect(told(await take(series, now + 60_999), 'limited').retryAt).toBe(now + 61_000)
    expect(told(await take(series, now + 61_000, 50), 'taken').usage[0]?.remaining).toBe(0)
    expect(told(await take(series, now + 61_001), 'limited').retryAt).toBe(now + 66_000)
  })

  it('remembers no slot: a repeat is counted again, and so are places that one call asks together', async () => {
    const [now, series] = [second(), unique('series')]
    const mine = place(series, rules)
    expect(told(await on.store.limits.take([mine, mine], now), 'taken').usage[0]?.remaining).toBe(99)
    expect(told(await on.store.limits.take([mine], now), 'taken').usage[0]?.remaining).toBe(98)
    told(await take(series, now, 99), 'limited')
    told(await take(series, now, 98), 'taken')
  })

  it('is as small after 6,000 places as after 60', async () => {
    const [now, series] = [second(), unique('series')]
    for (const i of times(60, (n) => n)) {
      await on.store.limits.take(
        times(100, () => place(series, [KEY_RULE])),
        now + i * SECOND,
      )
    }
    const usage = await on.store.limits.take([place(series, [KEY_RULE])], now + 59_999)
    expect(usage).toMatchObject({ kind: 'limited', retryAt: now + 61_000 })
    expect(await on.upstash.redis('HLEN', `posta:ticks:${series}`)).toBe(62)
  })
})
