// Whoever once knew a password, or once read a mailbox, keeps nothing of it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, OTHER_PASSWORD, PASSWORD } from './accounts.ts'
import { type Client, clientOf } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('what somebody else once knew', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', APP_URL: 'https://app.example.com' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  /** Somebody, and a change of their e-mail that a thief of the password has asked for. */
  async function robbed() {
    const victim = await people.signedUp()
    const thief = (await people.login(victim.email)).body
    const { email } = newcomer()
    const asked = await people.change(thief.access_token, { email, current_password: PASSWORD })
    expect(asked.status).toBe(200)
    const { code, token } = await people.newMail(email, 0)
    const finish = [{ challenge_id: asked.body.challenge_id, code }, { token }]
    return { ...victim, finish }
  }

  async function expectKept(
    victim: { username: string; email: string; finish: Record<string, unknown>[] },
    password = PASSWORD,
  ) {
    for (const proof of victim.finish) expect((await people.verify(proof)).status).toBe(410)
    expect((await people.login(victim.username, password)).body.user_data.email).toBe(victim.email)
  }

  it('ends a change of address with the password it was asked with', async () => {
    const victim = await robbed()
    await people.recover(victim.email)
    const { token } = await people.newMail(victim.email, 1)
    expect((await people.reset({ token })).status).toBe(204)
    await expectKept(victim, OTHER_PASSWORD)
  })

  it('ends it with all sessions', async () => {
    const victim = await robbed()
    const headers = { Authorization: `Bearer ${victim.access}` }
    expect((await client.post('/v1/auth/logout-all', {}, headers)).status).toBe(204)
    await expectKept(victim)
  })

  it('ends a recovery with the address it was mailed to', async () => {
    const who = await people.signedUp()
    await people.recover(who.email)
    const old = await people.newMail(who.email, 1)
    const { email } = newcomer()
    expect((await people.change(who.access, { email, current_password: PASSWORD })).status).toBe(200)
    const { token } = await people.newMail(email, 0)
    expect((await people.verify({ token })).status).toBe(200)
    expect((await people.reset({ token: old.token })).status).toBe(410)
    expect((await people.login(email)).status).toBe(200)
  })
})
