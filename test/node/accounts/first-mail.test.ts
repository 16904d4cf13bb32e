// What an answer says of its mail is what asking for it again would come to, whatever became of the mail.
import { describe, expect, it } from 'vitest'
import { join } from '../../../lib/accounts/join.ts'
import { resend } from '../../../lib/accounts/resend.ts'
import type { SendOutcome } from '../../../lib/ports/message.ts'
import { good, type Kit, MINUTE, newcomer, no, openAccounts, SECOND } from '../../fakes/accounts-kit.ts'

const again = async (kit: Kit, tokens: Parameters<Kit['signedIn']>[0]) =>
  resend(kit.accounts, {}, { ...(await kit.signedIn(tokens)), tokenSent: true })

async function registered(kit: Kit) {
  const made = good(await join(kit.accounts, newcomer(), kit.from()))
  if (made.kind !== 'registered') throw new Error('not registered')
  return made
}

describe('a mail that', () => {
  it.each<[string, SendOutcome, string]>([
    ['every provider refused', { kind: 'unavailable', code: 'http_500' }, 'unavailable'],
    ['waits for a slow provider', { kind: 'throttled', code: 'rate', retryAfterMs: 60_000 }, 'unavailable'],
    ['was refused for its address', { kind: 'rejected', code: 'bad' }, 'rejected'],
  ])('%s may be asked for at once', async (_, outcome, trouble) => {
    const kit = openAccounts()
    kit.answer(outcome)
    const { mail, tokens } = await registered(kit)
    expect(mail).toMatchObject({ sent: false, trouble, mayResend: true })
    expect(mail.resendAt).toBeLessThanOrEqual(kit.core.now())
    kit.answer({ kind: 'accepted', providerId: null })
    expect(good(await again(kit, tokens))).toMatchObject({ kind: 'own', mail: { sent: true } })
  })

  it('is still with a provider may be asked for when it says, and not before', async () => {
    const kit = openAccounts()
    kit.hang()
    const { mail, tokens } = await registered(kit)
    expect(mail).toMatchObject({ sent: false, status: 'sending', trouble: 'timeout', mayResend: false })
    const early = no(await again(kit, tokens))
    expect(early).toMatchObject({ code: 'too_many_sends', limit: 'codes-gap' })
    expect('retryAfterMs' in early && kit.core.now() + early.retryAfterMs).toBe(mail.resendAt)
    kit.answer({ kind: 'accepted', providerId: null })
    kit.passTo(mail.resendAt)
    good(await again(kit, tokens))
  })

  it('was sent may be asked for when the window has room: after half a minute, and after the third in an hour', async () => {
    const kit = openAccounts()
    const startedAt = kit.core.now()
    const { mail, tokens } = await registered(kit)
    expect(mail).toEqual({ sent: true, status: 'sent', resendAt: startedAt + 30 * SECOND })
    for (const expected of [30 * SECOND, null]) {
      kit.pass(MINUTE)
      const askedAt = kit.core.now()
      const answer = good(await again(kit, tokens))
      if (answer.kind !== 'own') throw new Error('not told as the owner')
      expect(answer.mail.resendAt).toBe(expected === null ? startedAt + 60 * MINUTE : askedAt + expected)
    }
    kit.passTo(startedAt + 60 * MINUTE - 1)
    expect(no(await again(kit, tokens))).toMatchObject({ code: 'too_many_sends', limit: 'codes' })
    kit.passTo(startedAt + 60 * MINUTE)
    good(await again(kit, tokens))
  })
})

it('is held while sending is off, and asking again sends nothing', async () => {
  const kit = openAccounts()
  kit.core.policy.sending = false
  const { mail } = await registered(kit)
  expect(mail).toMatchObject({ sent: false, status: 'queued', trouble: 'held', mayResend: false })
})
