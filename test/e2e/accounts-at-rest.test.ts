// What is kept: no password, code or token anywhere, and no address outside the accounts' own tables.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, OTHER_PASSWORD } from './accounts.ts'
import { type Client, clientOf, wrongCode } from './client.ts'
import { stateText } from './state.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('at rest', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    const vars = { LIMITS: 'off', APP_URL: 'https://app.example.com', ADMIN_EMAILS: 'ops.at.rest@example.com' }
    worker = await wiring.start(vars)
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  /** A life with every kind of request, and all the secrets it met. */
  async function life() {
    const passwords = Array.from({ length: 3 }, () => `${OTHER_PASSWORD} ${crypto.randomUUID()}`)
    const [first = '', second = '', third = ''] = passwords
    const phone = `+5730${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
    const who = await people.signedUp({ password: first, phone, referral_code: 'AMIGOS-7' })
    const sign = await people.newMail(who.email, 0)
    await people.verify({ challenge_id: who.challengeId, code: wrongCode(sign.code) })
    await people.verify({ challenge_id: who.challengeId, code: sign.code })
    await people.login(who.email, second)
    const { body: into } = await people.login(who.email, first)
    const { body: turned } = await people.refresh(into.refresh_token)
    await people.send('POST', '/v1/users/notify-registration', turned.access_token)
    const next = newcomer().email
    await people.change(turned.access_token, { email: next, current_password: first })
    const change = await people.newMail(next, 0)
    await people.verify({ token: change.token })
    await people.changePassword(turned.access_token, first, second)
    await people.recover(next)
    const recovery = await people.newMail(next, 1)
    const done = await people.reset({ token: recovery.token }, third)
    expect(done.status).toBe(204)
    const stranger = newcomer().email
    await people.recover(stranger)
    await people.resend({ email: stranger })
    await people.newMail('ops.at.rest@example.com', 0)
    const tokens = [
      who.access,
      who.refresh,
      into.access_token,
      into.refresh_token,
      turned.access_token,
      turned.refresh_token,
    ]
    const macs = tokens.map((token) => token.split('.').at(-1) ?? '')
    return {
      secrets: [...passwords, ...tokens, ...macs, sign.token, change.token, recovery.token],
      codes: [sign.code, change.code, recovery.code],
      addresses: [who.email, next, stranger, 'ops.at.rest@example.com', phone, phone.slice(1)],
      challengeId: who.challengeId,
      userId: who.user.id,
      username: who.username,
    }
  }

  it('holds no password, code or token at rest, and no address but in the accounts themselves', async () => {
    const { secrets, codes, addresses, challengeId, userId, username } = await life()
    await worker.stop()
    const state = stateText(worker.state)
    const accounts = worker.backends ? await worker.backends.supabase.dump() : state
    const everything = [state, await worker.dump(), worker.logs(), accounts].join('\n')
    // The right place was looked at.
    for (const known of [challengeId, userId, username]) expect(everything).toContain(known)
    for (const secret of secrets) expect(everything).not.toContain(secret)
    // As a number of its own: instants are full of digits.
    for (const code of codes) expect(everything).not.toMatch(new RegExp(`(?<![\\d.])${code}(?!\\d)`))
    // The accounts' own tables hold the address that mail goes to, and the hash of the password.
    expect(accounts).toMatch(/\$argon2id\$/)
    const elsewhere = [withoutAccounts(state), await worker.dump(), worker.logs()].join('\n')
    expect(elsewhere).toContain(challengeId)
    expect(elsewhere).not.toContain('$argon2id$')
    for (const text of [...addresses, username]) {
      expect(elsewhere).not.toContain(text)
      expect(elsewhere).not.toContain(encodeURIComponent(text))
    }
    expect(elsewhere).not.toContain('AMIGOS-7')
  })
})

const withoutAccounts = (state: string): string =>
  state
    .split('\n')
    .filter((line) => !line.startsWith('users '))
    .join('\n')
