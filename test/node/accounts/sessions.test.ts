// Sessions: tokens that turn, families that end, and whose they are.
import { describe, expect, it } from 'vitest'
import { adminOf } from '../../../lib/accounts/admin.ts'
import { login } from '../../../lib/accounts/login.ts'
import {
  endSession,
  listSessions,
  logout,
  logoutAll,
  logoutAllBy,
  logoutHere,
  refresh,
} from '../../../lib/accounts/sessions.ts'
import { good, HOUR, type Kit, MINUTE, newcomer, no, openAccounts, PASSWORD, SECOND } from '../../fakes/accounts-kit.ts'

const DAY = 24 * HOUR
const turn = (kit: Kit, token: string | null) => refresh(kit.accounts, token ?? '', kit.from().origin)

describe('a refresh token', () => {
  it('turns once, and gives both of two tabs that ask at once the same successor', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.registered()
    const [a, b] = await Promise.all([turn(kit, tokens.refreshToken), turn(kit, tokens.refreshToken)])
    expect(good(a).refreshToken).toBe(good(b).refreshToken)
    expect(good(a).refreshToken).not.toBe(tokens.refreshToken)
  })

  it('ends its family when one two turns old comes back', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.registered()
    const second = good(await turn(kit, tokens.refreshToken))
    const third = good(await turn(kit, second.refreshToken))
    expect(no(await turn(kit, tokens.refreshToken)).code).toBe('invalid_refresh_token')
    expect(no(await turn(kit, third.refreshToken)).code).toBe('invalid_refresh_token')
  })

  it('ends its family when the one before comes back after ten seconds', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.registered()
    const second = good(await turn(kit, tokens.refreshToken))
    kit.pass(11 * SECOND)
    expect(no(await turn(kit, tokens.refreshToken)).code).toBe('invalid_refresh_token')
    expect(no(await turn(kit, second.refreshToken)).code).toBe('invalid_refresh_token')
  })

  it('lives seven days without a turn, and thirty in all', async () => {
    const kit = openAccounts()
    const { tokens } = await kit.registered()
    let token = tokens.refreshToken
    for (let day = 0; day < 24; day += 6) {
      kit.pass(6 * DAY)
      token = good(await turn(kit, token)).refreshToken
    }
    kit.pass(6 * DAY + HOUR)
    expect(no(await turn(kit, token)).code).toBe('invalid_refresh_token')
  })

  it.each(['', 'x', 'ses_1.0.a.b', 'x'.repeat(4_000)])('is nothing but its own: %j', async (text) => {
    expect(no(await turn(openAccounts(), text)).code).toBe('invalid_refresh_token')
  })
})

describe('the list of sessions', () => {
  it('shows one’s own, newest first, and whence they came, and none that has ended', async () => {
    const kit = openAccounts()
    const [owner, stranger] = [await kit.registered(), await kit.registered()]
    kit.pass(MINUTE)
    const origin = { agent: 'Safari', ip: '203.0.113.0' }
    const typed = { login: owner.person.email, password: PASSWORD }
    const second = good(await login(kit.accounts, typed, { ...kit.from(), origin }))
    const list = async () => good(await listSessions(kit.accounts, await kit.signedIn(owner.tokens)))
    const idOf = async ({ tokens }: { tokens: typeof owner.tokens }) => (await kit.signedIn(tokens)).bearer.sessionId
    const before = await list()
    expect(before).toMatchObject([
      { id: await idOf(second), ...origin },
      { id: await idOf(owner), agent: 'Firefox' },
    ])
    kit.pass(MINUTE)
    good(await turn(kit, second.tokens.refreshToken))
    const [turned] = await list()
    expect((turned?.turnedAt ?? 0) - (turned?.createdAt ?? 0)).toBeGreaterThanOrEqual(MINUTE)
    good(await logout(kit.accounts, second.tokens.refreshToken ?? ''))
    expect(await list()).toMatchObject([{ id: await idOf(owner) }])
    expect(good(await listSessions(kit.accounts, await kit.signedIn(stranger.tokens)))).toHaveLength(1)
  })
})

describe('logging out', () => {
  it('ends one session by its refresh token or its access token, and no other', async () => {
    const kit = openAccounts()
    const [first, second, third] = [await kit.registered(), await kit.registered(), await kit.registered()]
    good(await logout(kit.accounts, first.tokens.refreshToken ?? ''))
    await logoutHere(kit.accounts, (await kit.signedIn(second.tokens)).bearer)
    for (const { tokens } of [first, second]) {
      expect(no(await turn(kit, tokens.refreshToken)).code).toBe('invalid_refresh_token')
      expect(no(await listSessions(kit.accounts, await kit.signedIn(tokens))).code).toBe('unauthorized')
    }
    good(await turn(kit, third.tokens.refreshToken))
  })

  it.each(['access', 'refresh'])('ends all of them at once, asked with the %s token', async (by) => {
    const kit = openAccounts()
    const { tokens } = await kit.registered()
    const person = await kit.signedIn(tokens)
    good(
      await (by === 'access' ? logoutAll(kit.accounts, person) : logoutAllBy(kit.accounts, tokens.refreshToken ?? '')),
    )
    expect(no(await turn(kit, tokens.refreshToken)).code).toBe('invalid_refresh_token')
    expect(no(await listSessions(kit.accounts, person)).code).toBe('unauthorized')
  })

  it('ends one of one’s own by its id, and nobody else’s', async () => {
    const kit = openAccounts()
    const [owner, stranger] = [await kit.registered(), await kit.registered()]
    const [mine] = good(await listSessions(kit.accounts, await kit.signedIn(owner.tokens)))
    const id = mine?.id ?? ''
    expect(no(await endSession(kit.accounts, id, await kit.signedIn(stranger.tokens))).code).toBe('not_found')
    expect(no(await endSession(kit.accounts, 'ses_no', await kit.signedIn(owner.tokens))).code).toBe('not_found')
    good(await endSession(kit.accounts, id, await kit.signedIn(owner.tokens)))
    expect(no(await turn(kit, owner.tokens.refreshToken)).code).toBe('invalid_refresh_token')
  })
})

describe('an admin by account', () => {
  const boss = newcomer()

  it('is whoever has proved a listed address, on a live session', async () => {
    const kit = openAccounts({ operators: [{ deliver: boss.email.toUpperCase(), normal: boss.email }] })
    const unproved = await kit.registered(boss)
    const bearer = async (who: typeof unproved) => (await kit.signedIn(who.tokens)).bearer
    expect(no(await adminOf(kit.accounts, await bearer(unproved))).code).toBe('forbidden')
    const other = await kit.verified()
    expect(no(await adminOf(kit.accounts, await bearer(other))).code).toBe('forbidden')
    const { users } = kit.accounts
    const now = kit.core.now()
    const proof = { userId: unproved.user.id, contact: 'email', address: boss.email, challengeId: 'ch_x', now } as const
    expect((await users.markVerified(proof)).kind).toBe('verified')
    expect(good(await adminOf(kit.accounts, await bearer(unproved))).id).toBe(unproved.user.id)
    const held = await bearer(unproved)
    await logoutHere(kit.accounts, held)
    expect(no(await adminOf(kit.accounts, held)).code).toBe('unauthorized')
  })

  it('is nobody whose address only folds to a listed one, or who is listed no more', async () => {
    const kit = openAccounts({ operators: [{ deliver: 'boss@example.com', normal: 'boss@example.com' }] })
    const tagged = await kit.verified({ email: 'boss+evil@example.com' })
    const { bearer } = await kit.signedIn(tagged.tokens)
    expect(no(await adminOf(kit.accounts, bearer)).code).toBe('forbidden')
    const listed = { ...kit.accounts, policy: { ...kit.accounts.policy, operators: [tagged.user.email] } }
    good(await adminOf(listed, bearer))
    expect(no(await adminOf(kit.accounts, bearer)).code).toBe('forbidden')
  })
})
