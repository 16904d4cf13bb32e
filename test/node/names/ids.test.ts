// Ids: sorted by their time, known by their shape.
import { describe, expect, it } from 'vitest'
import { homeOf } from '../../../lib/names/homes.ts'
import { firstId, isId, newId } from '../../../lib/names/ids.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

describe('ids', () => {
  it('sort by the time they were made at', () => {
    const ids = [1, 2, 65_536, 1_800_000_000_000, 1_800_000_000_001].map((now) => newId('msg', now, random))
    expect([...ids].sort()).toEqual(ids)
  })

  it('say which store they live in, and sort by their time all the same', () => {
    const at = 1_800_000_000_000
    const [object, redis] = (['object', 'redis'] as const).map((home) => newId('ses', at, random, home))
    expect([object, redis].map((one) => homeOf(one ?? ''))).toEqual(['object', 'redis'])
    for (const id of [object ?? '', redis ?? '']) {
      expect(isId('ses', id)).toBe(true)
      expect(id > firstId('ses', at) && id < firstId('ses', at + 1)).toBe(true)
    }
  })

  it('of an earlier release, or made for no store, name none', () => {
    for (let n = 0; n < 64; n++) expect(homeOf(newId('msg', 1_800_000_000_000 + n, random))).toBeNull()
  })

  it('are recognised by their shape alone', () => {
    expect(isId('ch', newId('ch', Date.now(), random))).toBe(true)
    for (const text of ['', 'ch_', 'msg_1', `ch_${'u'.repeat(36)}`, `ch_${'0'.repeat(37)}`])
      expect(isId('ch', text)).toBe(false)
  })
})
