// Codes and link tokens: derived alike, told apart by person, purpose and channel, never stored.
import { describe, expect, it } from 'vitest'
import { newId } from '../../../lib/names/ids.ts'
import { codeMac, deriveCode, linkToken, readLinkToken } from '../../../lib/secrets/code.ts'
import { keysFrom, type Secret } from '../../../lib/secrets/keys.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const secret = (kid: string): Secret => ({ kid, bytes: random(32) })

describe('codes', () => {
  const keys = keysFrom([secret('a')], random)
  const source = {
    kid: 'a',
    challengeId: 'ch_1',
    purpose: 'login',
    channel: 'email',
    address: 'ana@example.com',
    digits: 6,
  } as const

  it('follow from their source alone, and differ by each part of it', async () => {
    const code = await deriveCode(keys, source)
    expect(await deriveCode(keys, source)).toBe(code)
    expect(code).toMatch(/^\d{6}$/)
    const others = [
      { ...source, challengeId: 'ch_2' },
      { ...source, purpose: 'register' },
      { ...source, channel: 'sms' as const },
      { ...source, address: 'eve@example.com' },
    ]
    for (const other of others) expect(await deriveCode(keys, other)).not.toBe(code)
  })

  it('are spread evenly over all digits', async () => {
    const counts = new Array<number>(10).fill(0)
    for (let n = 0; n < 2_000; n++) {
      for (const digit of await deriveCode(keys, { ...source, challengeId: `ch_${n}` }))
        counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
    }
    // 12,000 digits: 1,200 each, standard deviation 33; six of them are never seen by chance.
    for (const count of counts) expect(Math.abs(count - 1_200)).toBeLessThan(200)
  })

  it('have a MAC that binds them to their challenge', async () => {
    expect(await codeMac(keys, 'ch_1', '123456')).not.toBe(await codeMac(keys, 'ch_2', '123456'))
  })

  it('come with link tokens of base64url that name their challenge and cannot be bent', async () => {
    const id = newId('ch', Date.now(), random)
    const token = await linkToken(keys, id, 'email', 'a')
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(await readLinkToken(keys, token)).toEqual({ challengeId: id, channel: 'email' })
    for (let at = 0; at < token.length - 1; at++) {
      const bent = token.slice(0, at) + (token[at] === '0' ? '1' : '0') + token.slice(at + 1)
      expect(await readLinkToken(keys, bent)).toBeNull()
    }
  })
})
