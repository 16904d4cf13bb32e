// Passwords and tokens where they run: the static WASM module and Ed25519 in workerd.
import { argon2id as oracle } from '@noble/hashes/argon2.js'
import { describe, expect, it, vi } from 'vitest'
import { Fault } from '../../lib/outcome/fault.ts'
import { passwords } from '../../lib/passwords/passwords.ts'
import { readPhc } from '../../lib/passwords/phc.ts'
import { turns } from '../../lib/passwords/turns.ts'
import { argon2id } from '../../lib/passwords/wasm.ts'
import { accessTokens } from '../../lib/secrets/access-token.ts'
import { keysFrom } from '../../lib/secrets/keys.ts'
import { TOKEN_ALGS } from '../../lib/secrets/token-keys.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const keys = keysFrom([{ kid: 'a', bytes: random(32) }], random)
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const open = () => passwords({ keys, random, now: () => Date.now(), sleep, argon2id })

it('hashes by the module compiled at deployment as @noble/hashes does', async () => {
  const { hash, verify, verifyDecoy } = open()
  const stored = await hash('Tres tristes tigres')
  const { salt, tag } = readPhc(stored)!
  const peppered = await keys.mac('password', ['Tres tristes tigres'])
  expect(tag).toEqual(oracle(peppered, salt, { m: 19_456, t: 2, p: 1, dkLen: 32 }))
  expect(await verify('Tres tristes tigres', stored)).toEqual({ matches: true, needsRehash: false })
  expect(await verify('tres tristes tigres', stored)).toEqual({ matches: false })
  await verifyDecoy('Tres tristes tigres')
})

it('checks a bcrypt hash', async () => {
  const stored = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
  expect(await open().verify('U*U', stored)).toEqual({ matches: true, needsRehash: true })
  expect(await open().verify('U*V', stored)).toEqual({ matches: false })
})

it('hashes twenty at once, and turns the rest of fifty away', async () => {
  const { hash } = open()
  const stored = await Promise.all(Array.from({ length: 20 }, (_, n) => hash(`password of ${n}`)))
  expect(new Set(stored).size).toBe(20)
  const results = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => hash(`password of ${n}`)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(32)
}, 30_000)

it.each(TOKEN_ALGS)('signs and verifies access tokens by %s', async (alg) => {
  const deps = { keys, publicUrl: 'https://posta.example', environment: 'production', minutes: 60, alg, random }
  const tokens = accessTokens({ ...deps, now: () => Date.now() })
  const { token } = await tokens.issue({ userId: 'usr_1', sessionId: 'ses_1' })
  expect(await tokens.verify(token)).toMatchObject({ userId: 'usr_1', sessionId: 'ses_1' })
  expect(await tokens.verify(token.replace('.', '.A'))).toBeNull()
  expect((await tokens.jwks()).keys.map((one) => one.alg)).toEqual(['ES256', 'EdDSA'])
})

describe('taking turns', () => {
  const clock = () => {
    const world = { now: 0, wake: [] as (() => void)[] }
    const turn = turns({
      now: () => world.now,
      sleep: () => new Promise((resolve) => void world.wake.push(() => resolve())),
    })
    return { world, turn, wakeAll: () => world.wake.splice(0).forEach((wake) => void wake()) }
  }

  it('lets other work in between', async () => {
    const order: string[] = []
    const turn = turns({ now: () => Date.now(), sleep })
    const hashes = [1, 2, 3].map((n) => turn(() => void order.push(`hash ${n}`)))
    order.push('another request')
    await Promise.all(hashes)
    expect(order).toEqual(['another request', 'hash 1', 'hash 2', 'hash 3'])
  })

  it('refuses the 33rd with a fault, and is open again when one is done or failed', async () => {
    const { turn, wakeAll } = clock()
    const work = vi.fn(() => {
      throw new Error('broken')
    })
    const first = Array.from({ length: 32 }, () => turn(work))
    await expect(turn(() => 1)).rejects.toThrow(Fault)
    wakeAll()
    expect((await Promise.allSettled(first)).every(({ status }) => status === 'rejected')).toBe(true)
    expect(work).toHaveBeenCalledTimes(32)
    const after = turn(() => 7)
    wakeAll()
    expect(await after).toBe(7)
  })

  it('forgets requests that were cut off', async () => {
    const { world, turn, wakeAll } = clock()
    for (let n = 0; n < 32; n++) void turn(() => n)
    world.wake.length = 0
    await expect(turn(() => 1)).rejects.toThrow(Fault)
    world.now = 10_001
    const late = turn(() => 1)
    wakeAll()
    expect(await late).toBe(1)
  })
})
