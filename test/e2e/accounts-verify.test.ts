// Proving an address: by code, by link, once; looking at a link consumes nothing.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, type Problem } from './accounts.ts'
import { type Client, clientOf, codeIn, KEY } from './client.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const UNKNOWN = `ch_${'0'.repeat(36)}`

onEachWiring('verification', (open) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  beforeAll(async () => {
    wiring = await open()
    worker = await wiring.start({ LIMITS: 'off', APP_URL: 'https://app.example.com/es' })
    client = clientOf(worker.url)
    people = accountsOf(client)
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  /** Somebody new with the mail of their sign-up. */
  async function waiting() {
    const who = await people.signedUp()
    const { code, token, page } = await people.newMail(who.email, 0)
    return { ...who, code, token, page }
  }
  const isVerified = async (access: string) => (await people.me(access)).body.user_data.email_verified

  it('verifies by challenge and code, once', async () => {
    const who = await waiting()
    const proof = { challenge_id: who.challengeId, code: who.code }
    const { status, body } = await people.verify(proof)
    expect({ status, body }).toEqual({ status: 200, body: { verified: true, channel: 'email' } })
    expect(await isVerified(who.access)).toBe(true)
    for (const used of [proof, { token: who.token }]) {
      expect(await people.verify(used)).toMatchObject({ status: 410, body: { code: 'challenge_over' } })
    }
  })

  it('verifies by the token of the link, once', async () => {
    const who = await waiting()
    expect(who.page).toBe('https://app.example.com/es/verify')
    expect((await people.verify({ token: who.token })).body).toEqual({ verified: true, channel: 'email' })
    expect(await isVerified(who.access)).toBe(true)
    expect((await people.verify({ token: who.token })).status).toBe(410)
    expect((await people.verify({ challenge_id: who.challengeId, code: who.code })).status).toBe(410)
  })

  it('approves exactly one of twenty parallel right codes, and has its effect once', async () => {
    const who = await waiting()
    const proof = { challenge_id: who.challengeId, code: who.code }
    const answers = await Promise.all(Array.from({ length: 20 }, () => people.verify(proof)))
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status !== 200 && status !== 410)).toEqual([])
    expect(await isVerified(who.access)).toBe(true)
    expect((await people.verify(proof)).status).toBe(410)
  })

  it('is not hurt by scanners that open the link or ask its address', async () => {
    const who = await waiting()
    const path = `${new URL(who.page).pathname}`
    for (const [url, status] of [
      [path, 404],
      [`/v1/auth/verify?token=${who.token}`, 405],
      [`/v1/auth/reset?token=${who.token}`, 405],
    ] as const) {
      for (const method of ['GET', 'HEAD']) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => fetch(`${worker.url}${url}`, { method, redirect: 'manual' })),
        )
        expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]))
        if (status === 405) expect(answers[0]?.headers.get('Allow')).toBe('POST')
      }
    }
    expect((await people.verify({ token: who.token })).status).toBe(200)
  })

  it('hides account challenges from the routes of services', async () => {
    const who = await waiting()
    for (const id of [who.challengeId, UNKNOWN]) {
      for (const headers of [{}, KEY]) {
        expect((await client.check(id, who.code, headers)).status).toBe(404)
        expect((await client.resend(id, headers)).status).toBe(404)
        expect((await client.ask(`/v1/challenges/${id}`, { headers })).status).toBe(404)
      }
    }
    expect((await client.post(`/v1/challenges/${who.challengeId}/check`, { token: who.token }, KEY)).status).toBe(404)
    expect((await people.verify({ challenge_id: who.challengeId, code: who.code })).status).toBe(200)
  })

  it('answers 410 to a challenge of a service and to one that does not exist', async () => {
    const { body: service } = await client.open(newcomer().email)
    for (const id of [service.challenge_id, UNKNOWN, 'x']) {
      const { status, body } = await people.verify({ challenge_id: id, code: '123456' })
      expect({ status, code: body.code }).toEqual({ status: 410, code: 'challenge_over' })
    }
  })

  it('names what is missing or wrong in the body', async () => {
    const pathsOf = async (body: Record<string, unknown>) => {
      const answer = await client.post<Problem>('/v1/auth/verify', body)
      return [answer.status, ...(answer.body.errors?.map((error) => error.path) ?? [])]
    }
    expect(await pathsOf({})).toEqual([422, 'code'])
    expect(await pathsOf({ challenge_id: UNKNOWN })).toEqual([422, 'code'])
    expect(await pathsOf({ code: '123456' })).toEqual([422, 'challenge_id'])
    expect(await pathsOf({ challenge_id: UNKNOWN, code: '12 456' })).toEqual([422, 'code'])
    expect(await pathsOf({ token: 'x'.repeat(201) })).toEqual([422, 'token'])
    const { body } = await client.post<Problem>('/v1/auth/verify', { token: 'x'.repeat(59) })
    expect(body).toMatchObject({ code: 'code_invalid' })
    expect(body).not.toHaveProperty('tries_left')
    expect(await people.verify({ code: '123456' }, 'stale')).toMatchObject({ status: 401 })
  })

  it('says how long to wait for the code again, and takes only a channel that is there', async () => {
    const who = await waiting()
    const { status, body, headers } = await people.resend({}, who.access)
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'too_many_sends' })
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(15)
    expect((await people.resend({ channel: 'sms' }, who.access)).body.errors).toMatchObject([{ path: 'channel' }])
    expect((await people.resend({ channel: 'pigeon' }, who.access)).status).toBe(422)
  })

  it('gives a stranger the same answer whatever the address is', async () => {
    const [unverified, done] = [await waiting(), await people.verified()]
    const nobody = newcomer()
    for (const { email } of [unverified, done, nobody]) {
      const { status, body, headers } = await people.resend({ email })
      expect({ status, body }).toEqual({
        status: 202,
        body: {
          challenge_id: expect.stringMatching(/^ch_/),
          message: 'If this address has an account that waits for its confirmation, a code is on its way to it.',
          resend_after: expect.any(String),
        },
      })
      expect(headers.get('RateLimit')).toBeNull()
      // Who asks twice in a moment holds the challenge whose mail is on its way.
      expect((await people.resend({ email })).body.challenge_id).toBe(body.challenge_id)
      const wrong = await people.verify({ challenge_id: body.challenge_id, code: '000000' })
      expect(wrong.body).toMatchObject({ code: 'code_invalid', tries_left: 4 })
    }
    expect(await client.inbox(nobody.email)).toHaveLength(0)
    expect(await client.inbox(done.email)).toHaveLength(1)
    const { code } = await people.newMail(unverified.email, 1)
    // A stranger's challenge sends another code, and is not what the person's own code is judged against.
    expect((await client.inbox(unverified.email)).map((mail) => codeIn(mail.text))).toContain(unverified.code)
    expect((await people.verify({ code: unverified.code }, unverified.access)).status).toBe(200)
    expect(code).toMatch(/^\d{6}$/)
    expect(await people.resend({})).toMatchObject({ status: 422, body: { errors: [{ path: 'email' }] } })
    expect(await people.resend({}, 'stale')).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    expect((await people.resend({ email: nobody.email, channel: 'sms' })).status).toBe(422)
  })
})
