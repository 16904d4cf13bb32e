// Whose callbacks are believed: a table of signatures as QStash makes them, and as others would.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../../../lib/bytes.ts'
import type { Log } from '../../../lib/log.ts'
import { type Mistrust, mistrustOf, qstashCallbacks } from '../../../lib/scheduler/qstash-signature.ts'
import { type SignAs, signature } from '../../fakes/qstash-jwt.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const URL = 'https://posta.example/hooks/qstash/deliver'
const BODY = '{"id":"msg_1","generation":0}'
const KEYS = { current: 'sig_current', next: 'sig_next' }

const signed = (as: SignAs = 'current', now = NOW) =>
  signature({ url: URL, body: BODY, keys: KEYS, now, as }) ?? 'no signature'
const mistrust = (token: string, changes: Partial<Parameters<typeof mistrustOf>[0]> = {}) =>
  mistrustOf({
    ...{ signature: token, body: utf8(BODY), url: URL, keys: [KEYS.current, KEYS.next], now: NOW },
    ...changes,
  })
const isGood = async (...of: Parameters<typeof mistrust>) => (await mistrust(...of)) === null

describe('a QStash signature', () => {
  it.each<SignAs>(['current', 'next'])('by the %s key is good', async (as) => {
    expect(await isGood(signed(as))).toBe(true)
  })

  it.each<[SignAs, Mistrust]>([
    ['forged', 'key'],
    ['hs512', 'key'],
    ['alg_none', 'key'],
    ['expired', 'time'],
    ['other_path', 'url'],
    ['other_body', 'body'],
    ['no_exp', 'claims'],
    ['no_body', 'claims'],
    ['other_issuer', 'claims'],
  ])('that is %s is not, for its %s', async (as, why) => {
    expect(await mistrust(signed(as))).toBe(why)
  })

  it.each([
    ['empty', ''],
    ['no JWT', 'no signature'],
    ['cut', signed().slice(0, -4)],
    ['without its third part', signed().split('.').slice(0, 2).join('.')],
    ['with other claims', signed().replace(/\.[^.]+\./, `.${Buffer.from('{"iss":"Upstash"}').toString('base64url')}.`)],
    ['sent twice', `${signed()}, ${signed()}`],
    ['no text', '\u0000é🙂'],
  ])('that is %s is not', async (_, token) => {
    expect(await isGood(token)).toBe(false)
  })

  it('is for these very bytes', async () => {
    for (const body of ['', ' ', `${BODY}\n`, BODY.replace('0', '1')]) {
      expect(await isGood(signed(), { body: utf8(body) })).toBe(false)
    }
  })

  it('is for this very URL', async () => {
    for (const url of [`${URL}/`, URL.replace('https', 'http'), URL.replace('deliver', 'failed'), '']) {
      expect(await isGood(signed(), { url })).toBe(false)
    }
  })

  it.each([
    // Good for five minutes; 30 s for clocks that differ.
    [300 + 29, true],
    [300 + 31, false],
    [0, true],
    // `nbf` is 0 and `iat` says nothing about when it starts: QStash's clock may be ahead.
    [-300, true],
  ])('is checked against our clock: %s s after it was made → %s', async (seconds, good) => {
    expect(await isGood(signed('current', NOW - seconds * 1_000))).toBe(good)
  })

  it('is not good by the keys of the local development server, whatever the environment says', async () => {
    vi.stubEnv('QSTASH_DEV', 'true')
    const keys = { current: 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r', next: 'sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs' }
    const token = signature({ url: URL, body: BODY, keys, now: NOW }) ?? ''
    expect(await isGood(token)).toBe(false)
    vi.unstubAllEnvs()
  })

  it('without any key is never good', async () => {
    expect(await isGood(signed(), { keys: [] })).toBe(false)
    expect(await isGood(signed(), { keys: [''] })).toBe(false)
  })
})

describe('the SDK’s own Receiver agrees with the fake', () => {
  let verify: (token: string) => Promise<boolean>
  beforeAll(async () => {
    const { Receiver } = await import('@upstash/qstash')
    const keys = { currentSigningKey: KEYS.current, nextSigningKey: KEYS.next }
    const receiver = new Receiver({ ...keys, devMode: false })
    verify = (token) => receiver.verify({ signature: token, body: BODY, url: URL }).catch(() => false)
  })

  it.each<[SignAs, boolean]>([
    ['current', true],
    ['next', true],
    ['forged', false],
    ['expired', false],
    ['other_path', false],
    ['other_body', false],
    ['other_issuer', false],
    ['no_body', false],
    // Where it is more trusting than we are.
    ['no_exp', true],
    ['hs512', true],
  ])('%s → %s', async (as, good) => {
    expect(await verify(signed(as, Date.now()))).toBe(good)
  })
})

describe('callbacks', () => {
  const lines: Parameters<Log>[] = []
  const log: Log = (...line) => void lines.push(line)
  const callbacks = (now: number | (() => number) = NOW, publicUrl = 'https://posta.example') =>
    qstashCallbacks({
      ...{ currentKey: KEYS.current, nextKey: KEYS.next, publicUrl, log },
      now: typeof now === 'number' ? () => now : now,
    })
  beforeEach(() => void lines.splice(0))

  it('are signed for our public origin and the route’s path', async () => {
    expect(await callbacks().isSigned(signed(), utf8(BODY), '/hooks/qstash/deliver')).toBe(true)
    expect(await callbacks().isSigned(signed('next'), utf8(BODY), '/hooks/qstash/deliver')).toBe(true)
    expect(await callbacks().isSigned(signed(), utf8(BODY), '/hooks/qstash/failed')).toBe(false)
  })

  it('are not believed unsigned, or late', async () => {
    expect(await callbacks().isSigned(null, utf8(BODY), '/hooks/qstash/deliver')).toBe(false)
    expect(await callbacks(NOW + 331_000).isSigned(signed(), utf8(BODY), '/hooks/qstash/deliver')).toBe(false)
  })

  it('that come to another address than PUBLIC_URL leave a line with what was expected', async () => {
    for (const publicUrl of ['http://posta.example', 'https://posta.example.org']) {
      expect(await callbacks(NOW, publicUrl).isSigned(signed(), utf8(BODY), '/hooks/qstash/deliver')).toBe(false)
      const fields = { reason: 'url', expected: `${publicUrl}/hooks/qstash/deliver` }
      expect(lines.splice(0)).toEqual([['warn', 'signature_refused', fields]])
    }
  })

  it('that no key of ours signed are told once a minute, and good ones never', async () => {
    let now = NOW
    const { isSigned } = callbacks(() => now)
    const ask = (as: SignAs) => isSigned(signed(as), utf8(BODY), '/hooks/qstash/deliver')
    for (let at = 0; at < 5; at++) await ask('forged')
    expect(lines).toMatchObject([['warn', 'signature_refused', { reason: 'key' }]])
    now += 61_000
    await ask('forged')
    await ask('current')
    expect(lines).toHaveLength(2)
  })
})
