// Refresh tokens: what is ours, and everything that only looks like it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../lib/names/ids.ts'
import { keysFrom, type Secret } from '../../../lib/secrets/keys.ts'
import { isRefreshToken, makeRefreshToken, newNonce, parseRefreshToken } from '../../../lib/secrets/refresh-token.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const secret = (kid: string): Secret => ({ kid, bytes: random(32) })
const [old, young] = [secret('a'), secret('b')]
const person = { sessionId: newId('ses', NOW, random) }

describe('a refresh token', () => {
  const keys = keysFrom([old], random)
  const family = { sessionId: person.sessionId, nonce: newNonce(random) }

  it('is of its session, turn and family, and the same each time', async () => {
    const token = await makeRefreshToken(keys, { ...family, n: 3 })
    expect(await makeRefreshToken(keys, { ...family, n: 3 })).toBe(token)
    const parsed = parseRefreshToken(token)!
    expect(parsed).toMatchObject({ ...family, n: 3 })
    expect(await isRefreshToken(keys, parsed)).toBe(true)
    expect(await isRefreshToken(keys, { ...parsed, nonce: newNonce(random) })).toBe(false)
    expect(await isRefreshToken(keys, { ...parsed, n: 4 })).toBe(false)
    const sessionId = newId('ses', NOW, random)
    expect(await isRefreshToken(keys, { ...parsed, sessionId })).toBe(false)
  })

  it('outlives a rotation, not the removal of its secret', async () => {
    const parsed = parseRefreshToken(await makeRefreshToken(keys, { ...family, n: 0 }))!
    expect(await isRefreshToken(keysFrom([young, old], random), parsed)).toBe(true)
    expect(await isRefreshToken(keysFrom([young], random), parsed)).toBe(false)
  })

  it('has one spelling: any character changed makes it another, or none', async () => {
    const token = await makeRefreshToken(keys, { ...family, n: 12 })
    for (let at = 0; at < token.length; at++) {
      for (const other of 'A1z.') {
        const bent = token.slice(0, at) + other + token.slice(at + 1)
        const parsed = bent === token ? null : parseRefreshToken(bent)
        if (parsed) expect(await isRefreshToken(keys, parsed), `at ${at}`).toBe(false)
      }
    }
  })

  it('is nothing else', async () => {
    const token = await makeRefreshToken(keys, { ...family, n: 1 })
    const [session, , nonce, mac] = token.split('.')
    const rest = `${nonce}.${mac}`
    const not = [
      ...['', '.', '../..', session!, `${token}\n`, ` ${token}`, `${token}=`, token.toUpperCase(), `${token}.${mac}`],
      ...['', '01', '-1', '+1', '1e3', '1.0', '0x1', ' 1', '１', '9999999999'].map((n) => `${session}.${n}.${rest}`),
      ...[`usr_${session?.slice(4)}.1.${rest}`, `${session}0.1.${rest}`, `${session}.1.${rest}A`],
      ...[`${session}.1.${rest.slice(1)}`, `${session}.1.${rest.slice(0, -1)}B`, `${session}.1.${rest.slice(0, -1)}=`],
      ...[`${session}.1.${mac}`, `${session}.1.${nonce?.slice(0, -1)}B.${mac}`, `${session}.1.${mac}.${nonce}`],
    ]
    for (const text of not) expect(parseRefreshToken(text), text).toBeNull()
    fc.assert(fc.property(fc.string(), (text) => parseRefreshToken(text) === null))
  })

  it.each([-1, 0.5, Number.NaN, 1_000_000_000])('is not made for turn %s', async (n) => {
    await expect(makeRefreshToken(keys, { ...family, n })).rejects.toThrow()
  })
})
