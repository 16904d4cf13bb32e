// What a code costs Redis: commands, and bytes at once and for as long as its record is kept.
import { expect, it } from 'vitest'
import { onRedis } from './on-redis.ts'
import { costOfCodes } from './redis-story.ts'

onRedis('a code on redis', (on) => {
  it('costs at most 45 commands, and half the room of before', { timeout: 60_000 }, async () => {
    const cost = await costOfCodes(on.store, on.upstash, 300)
    if (process.env.SHOW) console.log(JSON.stringify(cost, null, 1))
    expect(cost.commands).toBeLessThanOrEqual(45)
    expect(cost.bytes.atOnce).toBeLessThan(3_750)
    expect(cost.bytes.kept).toBeLessThan(1_250)
  })
})
