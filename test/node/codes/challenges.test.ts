// Challenges of services: opened, judged, sent again, and told of, over the real store.
import { describe, expect, it } from 'vitest'
import { checkCode } from '../../../lib/codes/check.ts'
import { openChallenge } from '../../../lib/codes/open.ts'
import { resendCode } from '../../../lib/codes/resend.ts'
import { viewChallenge } from '../../../lib/codes/view.ts'
import { targetsOf } from '../../../lib/delivery/targets.ts'
import { good, HOUR, type Kit, MINUTE, no, openAccounts, SECOND, wrongCode } from '../../fakes/accounts-kit.ts'
import { codeFor } from '../../fakes/core.ts'

const TO = 'ana@example.com'
const caller = { keyName: 'app', ip: null }

async function opened(kit: Kit, to = TO) {
  const sends = good(await openChallenge(kit.core, codeFor(to)))
  await sends.first
  return sends.challengeId
}
const check = (kit: Kit, challengeId: string, code: string) =>
  checkCode(kit.core, { challengeId, audience: 'service', proof: { code }, caller })
const again = (kit: Kit, challengeId: string) =>
  resendCode(kit.core, { challengeId, audience: 'service', channel: null, caller })

describe('a challenge', () => {
  it('is approved once by its code', async () => {
    const kit = openAccounts()
    const id = await opened(kit)
    expect(good(await check(kit, id, kit.codeTo(TO)))).toMatchObject({ kind: 'approved', channel: 'email' })
    expect(no(await check(kit, id, kit.codeTo(TO))).code).toBe('challenge_over')
    expect(good(await viewChallenge(kit.core, id, 'service')).status).toBe('approved')
  })

  it('judges five wrong guesses and no sixth, and locks the person’s codes for a while', async () => {
    const kit = openAccounts()
    const id = await opened(kit)
    const wrong = wrongCode(kit.codeTo(TO))
    for (let left = 4; left >= 0; left--) {
      expect(no(await check(kit, id, wrong))).toEqual({ code: 'code_invalid', triesLeft: left })
    }
    expect(no(await check(kit, id, kit.codeTo(TO))).code).toBe('challenge_over')
    kit.pass(MINUTE)
    const next = await opened(kit)
    const locked = no(await check(kit, next, kit.codeTo(TO)))
    const waitMs = 'retryAfterMs' in locked ? locked.retryAfterMs : 0
    expect(locked.code).toBe('code_locked')
    expect(waitMs).toBe(14 * MINUTE)
    kit.pass(waitMs)
    const third = await opened(kit)
    good(await check(kit, third, kit.codeTo(TO)))
  })

  it('is told of to who opened it: what became of it, and of its mail', async () => {
    const kit = openAccounts()
    const view = async (id: string) => good(await viewChallenge(kit.core, id, 'service'))
    const [typed, forgotten] = [await opened(kit), await opened(kit, 'berta@example.com')]
    expect(await view(typed)).toMatchObject({ status: 'pending', deliveries: [{ channel: 'email', status: 'sent' }] })
    const code = kit.codeTo(TO)
    for (let n = 0; n < 2; n++) no(await check(kit, typed, wrongCode(code)))
    good(await check(kit, typed, code))
    expect(await view(typed)).toMatchObject({ status: 'approved' })
    kit.pass(HOUR)
    expect(await view(forgotten)).toMatchObject({ status: 'expired' })
    for (const none of ['ch_x', 'x', `ch_${'0'.repeat(36)}`]) {
      expect(no(await viewChallenge(kit.core, none, 'service')).code).toBe('not_found')
    }
  })

  it('is opened once for any number of calls under one key, and refused to another request under it', async () => {
    const kit = openAccounts()
    const asked = { ...codeFor(TO), idempotency: { key: 'k1', fingerprint: 'f1' } }
    const answers = await Promise.all(Array.from({ length: 5 }, () => openChallenge(kit.core, asked)))
    const sends = answers.map(good)
    await Promise.all(sends.map((one) => one.first))
    expect(new Set(sends.map((one) => one.challengeId)).size).toBe(1)
    expect(sends.filter((one) => !one.repeated)).toHaveLength(1)
    expect(kit.mailsTo(TO)).toHaveLength(1)
    const other = { ...asked, idempotency: { key: 'k1', fingerprint: 'f2' } }
    expect(no(await openChallenge(kit.core, other)).code).toBe('idempotency_mismatch')
  })

  it('is approved by its link too, once, whatever was guessed', async () => {
    const kit = openAccounts()
    const id = await opened(kit)
    const token = kit.tokenTo(TO)
    for (let n = 0; n < 5; n++) no(await check(kit, id, wrongCode(kit.codeTo(TO))))
    const byLink = (challengeId: string | null, text: string) =>
      checkCode(kit.core, { challengeId, audience: 'service', proof: { token: text }, caller })
    expect(no(await byLink(null, 'x'.repeat(token.length)))).toEqual({ code: 'code_invalid', triesLeft: null })
    const other = await opened(kit, 'berta@example.com')
    expect(no(await byLink(other, token))).toEqual({ code: 'code_invalid', triesLeft: null })
    good(await byLink(id, token))
    expect(no(await byLink(id, token)).code).toBe('challenge_over')
  })

  it('does not exist for the routes of accounts, nor theirs for it', async () => {
    const kit = openAccounts()
    const id = await opened(kit)
    expect(no(await viewChallenge(kit.core, id, 'account')).code).toBe('not_found')
    const { challengeId } = await kit.registered()
    expect(no(await viewChallenge(kit.core, challengeId ?? '', 'service')).code).toBe('not_found')
    expect(no(await check(kit, challengeId ?? '', '123456')).code).toBe('not_found')
  })

  it('is sent again with the same code, 30 s later, and lives an hour in all', async () => {
    const kit = openAccounts()
    const id = await opened(kit)
    const code = kit.codeTo(TO)
    expect(no(await again(kit, id)).code).toBe('too_many_sends')
    kit.pass(30 * SECOND)
    const sends = good(await again(kit, id))
    await sends.first
    expect(kit.codeTo(TO)).toBe(code)
    kit.pass(9 * MINUTE)
    good(await check(kit, id, code))
    kit.pass(HOUR)
    expect(no(await again(kit, id)).code).toBe('challenge_over')
  })

  it('is sent three times an hour to one person, whichever challenge asks', async () => {
    const kit = openAccounts()
    for (let n = 0; n < 3; n++) {
      await opened(kit)
      kit.pass(31 * SECOND)
    }
    expect(no(await openChallenge(kit.core, codeFor(TO))).code).toBe('too_many_sends')
    await opened(kit, 'berta@example.com')
  })

  it('names the channels that are not configured here', () => {
    const kit = openAccounts()
    const refusal = no(targetsOf(kit.core, { phone: '+34600000000' }, null))
    expect(refusal).toMatchObject({
      errors: [{ path: 'to', code: 'not_configured', params: { channels: ['whatsapp', 'sms'] } }],
    })
  })
})
