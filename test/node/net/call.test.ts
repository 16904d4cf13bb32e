// A call that never leaves is ours: no vendor is told to be ill because of it.
import { afterEach, expect, it, vi } from 'vitest'
import { call } from '../../../lib/net/call.ts'
import { outcomeOf } from '../../../lib/providers/answer.ts'

const bounds = { timeoutMs: 1_000, maxBytes: 1_024 }
const ask = (headers: Record<string, string> = {}) =>
  call({ url: 'http://127.0.0.1:9/', method: 'POST', headers }, bounds)
const reading = { taken: () => null }

afterEach(() => vi.unstubAllGlobals())

it('is unsent when its headers cannot be sent', async () => {
  const called = await ask({ 'X-Name': 'two\nlines' })
  expect(called).toEqual({ kind: 'unsent' })
  expect(outcomeOf(called, reading, 0)).toEqual({ kind: 'unavailable', code: 'not_sent' })
})

it('is unsent when the invocation may call nobody any more', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new Error('Too many subrequests.')))
  expect(await ask()).toEqual({ kind: 'unsent' })
})

it('is lost when nobody answers there', async () => {
  const called = await ask()
  expect(called).toEqual({ kind: 'lost' })
  expect(outcomeOf(called, reading, 0)).toEqual({ kind: 'unknown', code: 'connection_lost' })
})
