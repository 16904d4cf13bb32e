// The histogram: where a time falls, and what a percentile of it says.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, edgeMs, percentileMs } from '../../../lib/rules/histogram.ts'

describe('the histogram', () => {
  it('puts every duration under an edge at least as large', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000_000 }), (ms) => edgeMs(bucketOf(ms)) >= ms))
  })

  it('answers the edge that holds the part asked for', () => {
    const counts = new Map([
      [0, 95],
      [10, 5],
    ])
    expect(percentileMs(counts, 0.95)).toBe(50)
    expect(percentileMs(counts, 0.96)).toBe(edgeMs(10))
    expect(percentileMs(new Map(), 0.95)).toBeNull()
  })
})
