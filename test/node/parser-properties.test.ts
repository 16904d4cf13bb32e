// Properties of what reads other people's text: tokens, addresses, bodies. Each has one spelling, and says no without a throw.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from '../../functions/http/body.ts'
import { parseEmail } from '../../lib/names/address.ts'
import { newId } from '../../lib/names/ids.ts'
import { JSON_DEPTH_MAX } from '../../lib/rules/numbers.ts'
import { linkToken, readLinkToken } from '../../lib/secrets/code.ts'
import { isRefreshToken, makeRefreshToken, newNonce, parseRefreshToken } from '../../lib/secrets/refresh-token.ts'
import { syncKeys } from '../sim/keys.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const keys = syncKeys({ kid: 'a', bytes: random(32) }, random)
const NOW = 1_767_600_000_000
const CHARACTERS = [...'abcxyzABCXYZ0189_-.=+/ \n', 'é', '１', '\0']

/** A text with one character put in, taken out or changed. */
const bent = (text: string) =>
  fc
    .tuple(fc.nat({ max: text.length }), fc.constantFrom('', ...CHARACTERS), fc.boolean())
    .map(([at, character, instead]) => text.slice(0, at) + character + text.slice(instead ? at + 1 : at))
    .filter((other) => other !== text)

describe('a refresh token', () => {
  it('reads back as what it was made of, and bent in any place is nobody’s', async () => {
    const turns = fc.nat({ max: 999_999_999 })
    await fc.assert(
      fc.asyncProperty(turns, fc.nat(), async (n, pick) => {
        const family = { sessionId: newId('ses', NOW, random), n, nonce: newNonce(random) }
        const token = await makeRefreshToken(keys, family)
        const parsed = parseRefreshToken(token)
        expect(parsed).toMatchObject(family)
        expect(parsed && (await isRefreshToken(keys, parsed))).toBe(true)
        const [other = ''] = fc.sample(bent(token), { numRuns: 1, seed: pick })
        const read = parseRefreshToken(other)
        expect(read !== null && (await isRefreshToken(keys, read))).toBe(false)
      }),
      { numRuns: 400 },
    )
  })
})

describe('the token of a link', () => {
  it('names its challenge and channel, and bent in any place names none', async () => {
    const channels = fc.constantFrom('email', 'whatsapp', 'sms', 'push')
    await fc.assert(
      fc.asyncProperty(channels, fc.nat(), async (channel, pick) => {
        const challengeId = newId('ch', NOW, random)
        const token = await linkToken(keys, challengeId, channel, 'a')
        expect(await readLinkToken(keys, token)).toEqual({ challengeId, channel })
        const [other = ''] = fc.sample(bent(token), { numRuns: 1, seed: pick })
        expect(await readLinkToken(keys, other)).toBeNull()
      }),
      { numRuns: 400 },
    )
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => (await readLinkToken(keys, text)) === null),
    )
  })
})

describe('an e-mail address', () => {
  it('is read again as itself, and its normal form as its own', () => {
    const typed = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: fc.constantFrom(...'aZ0.+-_@', 'ü'), maxLength: 30 }).map((text) => `${text}@Gmail.com`),
      fc.string({ unit: fc.constantFrom(...'aZ0.+-_@ñ'), maxLength: 40 }),
    )
    fc.assert(
      fc.property(typed, (text) => {
        const email = parseEmail(text)
        if (!email) return
        expect(parseEmail(email.deliver)).toEqual(email)
        // `a.+x@…` is known as `a.@…`, which nobody can type.
        expect(parseEmail(email.normal)?.normal ?? email.normal).toBe(email.normal)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a body', () => {
  /** As it comes over the wire: in pieces of any size. */
  const request = (bytes: Uint8Array, sizes: number[], headers: Record<string, string> = {}) => {
    let at = 0
    const pieces = sizes.map((size) => {
      at += size
      return bytes.slice(at - size, at)
    })
    const body = new ReadableStream({
      start(controller) {
        for (const piece of [...pieces, bytes.slice(at)]) if (piece.length > 0) controller.enqueue(piece)
        controller.close()
      },
    })
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body, duplex: 'half' }
    return new Request('https://posta.example/', init as RequestInit)
  }
  const sizes = fc.array(fc.nat({ max: 40 }), { maxLength: 8 })
  const utf8 = (text: string) => new TextEncoder().encode(text)

  it('of JSON is what was written, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 8 }), sizes, async (value, cuts) => {
        const text = JSON.stringify(value)
        const read = await readJson(request(utf8(text), cuts), 100_000)
        expect(read.ok && JSON.stringify(read.value)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('of any bytes is answered, and nothing but JSON is read', async () => {
    const texts = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 01eatrufslnx'), maxLength: 60 }).map(utf8)
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, fc.uint8Array({ maxLength: 200 })), sizes, async (bytes, cuts) => {
        const read = await readJson(request(bytes, cuts), 100_000)
        if (!read.ok) expect(['malformed_json', 'invalid_request']).toContain(read.refusal.code)
        else if (bytes.length > 0) expect(read.value).toEqual(JSON.parse(new TextDecoder().decode(bytes)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('is as long and as deep as it may be, whatever its header says', async () => {
    const around = fc.integer({ min: -2, max: 2 })
    await fc.assert(
      fc.asyncProperty(around, around, sizes, fc.nat({ max: 20 }), async (longer, deeper, cuts, declared) => {
        const depth = JSON_DEPTH_MAX + deeper
        const text = `${'['.repeat(depth)}"]]}{[${'x'.repeat(20)}"${']'.repeat(depth)}`
        const bytes = utf8(text)
        const read = await readJson(request(bytes, cuts, { 'Content-Length': String(declared) }), bytes.length + longer)
        const expected = longer < 0 ? 'payload_too_large' : deeper > 0 ? 'invalid_request' : 'ok'
        expect(read.ok ? 'ok' : read.refusal.code).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })
})
