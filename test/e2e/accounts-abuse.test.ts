// What a stranger who knows an address can do to its person: nothing but use up the strangers' own budget. And what is in one's own.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountClient, accountsOf, newcomer, OTHER_PASSWORD, PASSWORD } from './accounts.ts'
import { type Client, clientOf, codeIn, until, wrongCode } from './client.ts'
import { using } from './mail-stage.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

onEachWiring('abuse', (open) => {
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

  /** Does it `times` times, twenty at once. */
  async function often<T>(times: number, what: (n: number) => Promise<T>): Promise<T[]> {
    const done: T[] = []
    for (let n = 0; n < times; n += 20) {
      done.push(...(await Promise.all(Array.from({ length: Math.min(20, times - n) }, (_, at) => what(n + at)))))
    }
    return done
  }

  it('leaves a victim their password, link and codes while a stranger asks 100 times and guesses', async () => {
    const victim = await people.signedUp()
    const own = await people.newMail(victim.email, 0)
    // The victim's own recovery, mailed before the stranger comes.
    const { body: first } = await people.recover(victim.email)
    const recovery = await people.newMail(victim.email, 1)

    const asked = await often(100, () => people.recover(victim.email))
    expect(asked.map((answer) => answer.status)).toEqual(asked.map(() => 202))
    const targets = [first.challenge_id, ...asked.map((answer) => answer.body.challenge_id)]
    const guesses = await often(100, (n) => {
      const code = String((Number(recovery.code) + 1 + n) % 1_000_000).padStart(6, '0')
      return people.reset({ challenge_id: targets[n % targets.length], code }, OTHER_PASSWORD)
    })
    expect(guesses.map((answer) => answer.status)).not.toContain(204)
    expect(guesses.filter((answer) => answer.status === 422).length).toBeLessThanOrEqual(10)
    for (const answer of guesses) expect([422, 410, 429]).toContain(answer.status)

    // At most three mails in all have come of it.
    expect((await client.inbox(victim.email)).length).toBeLessThanOrEqual(4)
    expect((await people.login(victim.username)).status).toBe(200)
    expect((await people.verify({ code: own.code }, victim.access)).status).toBe(200)
    expect((await people.refresh(victim.refresh)).status).toBe(200)
    expect((await people.reset({ token: recovery.token })).status).toBe(204)
    expect((await people.login(victim.username, OTHER_PASSWORD)).status).toBe(200)
  })

  it('leaves a person their own resend and code while a stranger uses up the anonymous ones', async () => {
    const victim = await people.signedUp()
    const { code } = await people.newMail(victim.email, 0)
    const asked = await often(20, () => people.resend({ email: victim.email }))
    const { body } = asked.find((answer) => answer.status === 202) ?? { body: { challenge_id: '' } }
    await often(20, () => people.verify({ challenge_id: body.challenge_id, code: '000000' }))
    const again = await people.resend({}, victim.access)
    // Only the 30 s since the sign-up's own mail are in the way.
    expect(Number(again.headers.get('Retry-After'))).toBeLessThanOrEqual(30)
    expect((await people.verify({ code }, victim.access)).status).toBe(200)
  })

  it('does not tell by its answers to a hundred strangers who has an account', async () => {
    const victim = await people.verified()
    const kinds = async (email: string) =>
      (await often(20, () => people.recover(email)))
        .map((answer) => `${answer.status} ${answer.body.code ?? ''}`)
        .sort()
    expect(await kinds(newcomer().email)).toEqual(await kinds(victim.email))
  })

  it('counts a signed-in thief’s guesses at the password as those of a log-in', async () => {
    const victim = await people.signedUp()
    const answers = await often(20, (n) => people.changePassword(victim.access, `guess number ${n}`, OTHER_PASSWORD))
    const judged = answers.filter((answer) => answer.status === 401)
    expect(judged.length).toBeGreaterThanOrEqual(5)
    expect(judged.length).toBeLessThanOrEqual(8)
    expect(judged[0]?.body).toMatchObject({ code: 'invalid_credentials' })
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(20 - judged.length)
    expect((await people.login(victim.username)).status).toBe(200)
  })

  it('writes to no address more often because accounts are used to ask, and takes nothing from who has it', async () => {
    const victim = await people.signedUp()
    const { code } = await people.newMail(victim.email, 0)
    const thieves = await Promise.all(Array.from({ length: 5 }, () => people.signedUp()))
    const asked = []
    for (const { access } of thieves)
      asked.push(await people.change(access, { email: victim.email, current_password: PASSWORD }))
    expect(asked.map((answer) => answer.status)).toEqual([200, 429, 429, 429, 429])
    expect(asked[0]?.headers.get('RateLimit')).not.toContain('recipient')
    for (const { body } of asked.slice(0, 1)) {
      for (let n = 0; n < 6; n++) await people.verify({ challenge_id: body.challenge_id, code: wrongCode(code) })
    }
    expect(await client.inbox(victim.email)).toHaveLength(2)
    expect(Number((await people.resend({}, victim.access)).headers.get('Retry-After'))).toBeLessThanOrEqual(30)
    expect((await people.verify({ code }, victim.access)).status).toBe(200)
    // One account cannot write to many addresses either.
    const [thief] = thieves
    const more = await people.change(thief?.access ?? '', { email: newcomer().email, current_password: PASSWORD })
    expect(more).toMatchObject({ status: 429, body: { code: 'too_many_sends' } })
  })

  it('takes nothing from a person whose phone a stranger signs up with', async () => {
    const phone = `+5730${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
    const thief = await people.signedUp({ phone })
    for (let n = 0; n < 5; n++) await people.verify({ challenge_id: thief.challengeId, code: '000000' })
    const victim = await people.signedUp({ phone })
    const { code } = await people.newMail(victim.email, 0)
    expect((await people.verify({ code }, victim.access)).status).toBe(200)
  })

  it('stops an IP that signs up, guesses or asks too often, where limits are on', async () => {
    const limited = await wiring.start()
    try {
      const at = clientOf(limited.url)
      const strict = accountsOf(at)
      const { email } = newcomer()
      const asked = await often(20, (n) => strict.recover(n === 0 ? email : newcomer().email))
      expect(asked.filter((answer) => answer.status === 202)).toHaveLength(10)
      const refused = asked.find((answer) => answer.status === 429)
      expect(refused?.body.code).toBe('too_many_requests')
      expect(refused?.headers.get('RateLimit-Policy')).toContain('"sends";q=10;w=3600')
      const tries = await often(40, () => strict.login(newcomer().username, 'whatever it is'))
      expect(tries.filter((answer) => answer.status === 401)).toHaveLength(30)
      const made = await often(30, () => strict.register())
      expect(made.filter((answer) => answer.status === 201)).toHaveLength(20)
      expect(made.filter((answer) => answer.status === 429)).toHaveLength(10)
      expect(made.find((answer) => answer.status === 201)?.headers.get('RateLimit')).toMatch(/"registrations";r=\d+/)
      // A service that names its people is not held by its own address.
      const named = { Authorization: 'Bearer posta_development', 'Posta-Client-IP': '203.0.113.7' }
      expect((await strict.register(newcomer(), named)).status).toBe(201)
    } finally {
      await limited.stop()
    }
  })

  it('judges no more than five guesses of a code that come at once', async () => {
    const who = await people.signedUp()
    const { code } = await people.newMail(who.email, 0)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => people.verify({ challenge_id: who.challengeId, code: wrongCode(code) })),
    )
    expect(answers.filter((answer) => answer.status === 422)).toHaveLength(5)
    await until(
      () => client.inbox(who.email),
      (mails) => codeIn(mails[0]?.text ?? '') === code,
    )
    expect((await people.verify({ challenge_id: who.challengeId, code })).status).toBe(410)
  })
})

onEachWiring('what sends cost', (open) => {
  let wiring: Wiring
  beforeAll(async () => {
    wiring = await open()
  })
  afterAll(() => wiring?.close())

  it('gives back what was refused: a real mail is possible at once, and the next one 30 s later', async () => {
    await using(wiring, { EMAIL_PROVIDERS: 'resend' }, async ({ vendors, people, taken }) => {
      // The first mail of a Worker loads what renders and sends it: on a busy machine that is longer than an answer waits.
      const first = newcomer()
      expect((await people.register(first)).status).toBe(201)
      await taken(first.email)
      vendors.mode('resend', 'reject', 4)
      const who = newcomer()
      const { status, body } = await people.register(who)
      expect(status).toBe(201)
      const sentence = 'The email could not be sent to this address. Please check it, or try again later.'
      expect(body.email_info).toMatchObject({ error: sentence, can_resend: true, status: 'failed' })
      for (let n = 0; n < 3; n++) {
        const refused = await people.resend({}, body.access_token)
        expect(refused.body.email_info).toMatchObject({ status: 'failed', can_resend: true })
      }
      const sent = await people.resend({}, body.access_token)
      expect(sent.body).toMatchObject({ email_confirmation_sent: true, challenge_id: body.challenge_id })
      const early = await people.resend({}, body.access_token)
      expect(early).toMatchObject({ status: 429, body: { code: 'too_many_sends' } })
      expect(Number(early.headers.get('Retry-After'))).toBeGreaterThan(25)
      const mails = vendors.accepted().filter((mail) => mail.to !== first.email)
      const codes = mails.map((mail) => codeIn(mail.text))
      expect(codes).toHaveLength(1)
      expect((await people.verify({ code: codes[0] ?? '' }, body.access_token)).status).toBe(200)
      const done = await people.resend({}, body.access_token)
      expect(done).toMatchObject({ status: 409, body: { code: 'already_verified' } })
      expect((await people.login(who.email, PASSWORD)).status).toBe(200)
    })
  })
})
