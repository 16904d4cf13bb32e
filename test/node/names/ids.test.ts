// Ids: sorted by their time, known by their shape.
import { describe, expect, it } from 'vitest'
import { isId, newId } from '../../../lib/names/ids.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

describe('ids', () => {
  it('sort by the time they were made at', () => {
    const ids = [1, 2, 65_536, 1_800_000_000_000, 1_800_000_000_001].map((now) => newId('msg', now, random))
    expect([...ids].sort()).toEqual(ids)
  })

  it('are recognised by their shape alone', () => {
    expect(isId('ch', newId('ch', Date.now(), random))).toBe(true)
    for (const text of ['', 'ch_', 'msg_1', `ch_${'u'.repeat(36)}`, `ch_${'0'.repeat(37)}`])
      expect(isId('ch', text)).toBe(false)
  })
})
