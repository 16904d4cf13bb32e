// Keys of POSTA_SECRET: what they seal, open, hash and sign, before and after a rotation.
import { describe, expect, it } from 'vitest'
import { keysFrom, parseSecrets, type Secret } from '../../../lib/secrets/keys.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const secret = (kid: string): Secret => ({ kid, bytes: random(32) })

describe('keys', () => {
  const [old, young] = [secret('a'), secret('b')]
  const before = keysFrom([old], random)
  const after = keysFrom([young, old], random)

  it('open what they sealed, for that id only, also after a rotation', async () => {
    const sealed = await before.seal('msg_1', 'ana@example.com')
    expect(sealed).not.toContain('ana')
    expect(await before.open('msg_1', sealed)).toBe('ana@example.com')
    expect(await after.open('msg_1', sealed)).toBe('ana@example.com')
    expect(await before.open('msg_2', sealed)).toBeNull()
    expect(await keysFrom([young], random).open('msg_1', sealed)).toBeNull()
  })

  it('refuse a seal with any bit changed', async () => {
    const sealed = await before.seal('msg_1', 'text')
    for (let at = 2; at < sealed.length - 1; at++) {
      const bent = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      expect(await before.open('msg_1', bent)).toBeNull()
    }
  })

  it('hash addresses by the last secret, so that a rotation forgets nobody', async () => {
    expect(await after.hash('address', 'x')).toBe(await before.hash('address', 'x'))
    expect(await after.hash('address', 'x')).not.toBe(await keysFrom([young], random).hash('address', 'x'))
  })

  it('seal payloads of two mebibytes', async () => {
    const text = 'é'.repeat(1024 * 1024)
    expect(await before.open('msg_1', await before.seal('msg_1', text))).toBe(text)
  })

  it.each([
    '',
    'a',
    'a:',
    'a:AAAA',
    `a:${btoa('x'.repeat(31))}`,
    `a:${btoa('x'.repeat(33))}`,
    `a:${btoa('x'.repeat(32))},a:${btoa('y'.repeat(32))}`,
  ])('refuse the secret %j', (text) => expect(parseSecrets(text)).toBeNull())

  it('are the same keys for ever: what is stored today is found and opened tomorrow', async () => {
    const keys = keysFrom([{ kid: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, n) => n) }], (n) =>
      new Uint8Array(n).fill(7),
    )
    const hex = async (use: 'code' | 'link' | 'session') => Buffer.from(await keys.mac(use, ['a', 'b'])).toString('hex')
    expect(await hex('code')).toBe('19c61a9843bc7e4893763c406114afc4102fa2a2d89f7347627115fa22a1d867')
    expect(await hex('link')).toBe('7be7ddd7f7f431e5004c95b438ac995c1abb64dcd47b13c072f3bc432cb9efd8')
    expect(await hex('session')).toBe('67b41325613c684a487f28d4ec26d02c0d86090c4eb305da7c29844921e17ab4')
    expect(await keys.hash('address', 'ana@example.com')).toBe('BK1AuVkT8aUXO-QHlrEvZa0o')
    const sealed = 'k1.BwcHBwcHBwcHBwcHxjQDvb6ily21_fxL-vNmSYUrBLI'
    expect(await keys.seal('msg_1', 'hola')).toBe(sealed)
    expect(await keys.open('msg_1', sealed)).toBe('hola')
  })
})
