// Every route of the table with every credential that is not its own. A route that is missing here fails.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routes } from '../../functions/routes.ts'
import { type AccountClient, accountsOf, bearer, type Problem } from './accounts.ts'
import { type Client, clientOf } from './client.ts'
import { claimsOf, hmacSigned, SECRET, secretOf, signedToken, tampered, unsigned } from './forged-tokens.ts'
import { onEachWiring, type Running, type Wiring } from './wirings.ts'

const keyEntry = (name: string, scope: string, key: string) =>
  `${name}:${scope}:${createHash('sha256').update(key).digest('hex')}`
const SERVICE_KEY = 'posta_service_of_this_test'
const ADMIN_KEY = 'posta_admin_of_this_test'
const ID = '0'.repeat(36)

interface Row {
  /**
   * open: a token changes nothing · guest: a good user's token does; without one, what stands in for it is missing · user,
   * person: a user's token · service: a key that may send · writer: the same, or a user · sender: the same, or an admin · owned: the same, or the user whose
   * it is · admin: a key of that scope, or a listed user · signed: by QStash · development: open, and not there elsewhere.
   */
  who:
    | 'open'
    | 'guest'
    | 'user'
    | 'person'
    | 'service'
    | 'writer'
    | 'sender'
    | 'owned'
    | 'admin'
    | 'signed'
    | 'development'
  /** Without a credential. */
  alone: number
  /** With the right one, and this body: something that is understood and does no harm. */
  good?: number
  /** For a user, whose address is not verified, in the place of `good`. */
  unverified?: number
  body?: object
  path?: string
}

const open = (alone: number, body?: object): Row => ({ who: 'open', alone, ...(body && { body }) })
const user = (good: number, body?: object): Row => ({ who: 'user', alone: 401, good, ...(body && { body }) })
const development = (alone: number, more: Partial<Row> = {}): Row => ({ who: 'development', alone, ...more })

const TABLE: Record<string, Row> = {
  'POST /v1/auth/register': open(422, {}),
  'POST /v1/auth/login': open(422, {}),
  'POST /v1/auth/refresh': open(401, { refresh_token: 'x' }),
  'POST /v1/auth/logout': { who: 'guest', alone: 422, good: 204, body: {} },
  'POST /v1/auth/logout-all': { who: 'guest', alone: 422, good: 204, body: {} },
  'GET /v1/auth/me': user(200),
  'PATCH /v1/auth/me': user(422, { phone: 'x' }),
  'POST /v1/auth/verify': { who: 'guest', alone: 422, good: 422, body: { code: '000000' } },
  'POST /v1/auth/resend': { who: 'guest', alone: 422, good: 429, body: {} },
  'POST /v1/auth/recover': open(422, {}),
  'POST /v1/auth/reset': open(422, {}),
  'POST /v1/auth/password': user(422, {}),
  'GET /v1/auth/sessions': user(200),
  'DELETE /v1/auth/sessions/:id': { ...user(404), path: `/v1/auth/sessions/ses_${ID}` },
  'GET /.well-known/jwks.json': open(200),
  'POST /v1/users/notify-registration': { who: 'person', alone: 401, good: 202, body: {} },
  'POST /registro': open(422, {}),
  'POST /login': open(422, {}),
  'GET /perfil': user(200),
  'POST /users/notify-registration': { who: 'person', alone: 401, good: 202, body: {} },
  'POST /api/v1/usr/register': open(422, {}),
  'POST /api/v1/usr/email/resend': { who: 'guest', alone: 422, good: 429, body: {} },
  'POST /v1/challenges': { who: 'service', alone: 401, good: 422, body: {} },
  'POST /v1/challenges/check': open(422, {}),
  'POST /v1/challenges/:id/check': { ...open(404, { code: '000000' }), path: `/v1/challenges/ch_${ID}/check` },
  'POST /v1/challenges/:id/resend': { ...open(404, {}), path: `/v1/challenges/ch_${ID}/resend` },
  'GET /v1/challenges/:id': { ...open(404), path: `/v1/challenges/ch_${ID}` },
  'POST /v1/admin/queue/process': { who: 'admin', alone: 401, good: 200, body: { batch_size: 1 } },
  'POST /v1/admin/move': { who: 'admin', alone: 401, good: 200, body: {} },
  'GET /v1/admin/dead-letters': { who: 'admin', alone: 401, good: 200 },
  'POST /v1/admin/dead-letters/replay': { who: 'admin', alone: 401, good: 200, body: { dry_run: true } },
  'POST /v1/admin/messages/:id/replay': {
    ...{ who: 'admin', alone: 401, good: 404, body: {} },
    path: `/v1/admin/messages/msg_${ID}/replay`,
  },
  'POST /v1/admin/messages/:id/resend': {
    ...{ who: 'admin', alone: 401, good: 404, body: {} },
    path: `/v1/admin/messages/msg_${ID}/resend`,
  },
  'POST /v1/admin/providers/:name/close': {
    ...{ who: 'admin', alone: 401, good: 404, body: {} },
    path: '/v1/admin/providers/nobody/close',
  },
  'POST /v1/admin/doctor': { who: 'admin', alone: 401, good: 422, body: {} },
  'POST /v1/admin/shadow': { who: 'admin', alone: 401, good: 200, body: {} },
  'GET /metrics': { who: 'admin', alone: 401, good: 200 },
  'POST /api/v1/transacciones/procesar-correos': { who: 'admin', alone: 401, good: 200, body: {} },
  'GET /api/v1/transacciones/estadisticas/correos': { who: 'admin', alone: 401, good: 200 },
  'GET /v1/admin/stats': { who: 'admin', alone: 401, good: 200 },
  'GET /v1/messages/:id/explain': {
    ...{ who: 'owned', alone: 401, good: 404 },
    path: `/v1/messages/msg_${ID}/explain`,
  },
  'POST /v1/messages': { who: 'sender', alone: 401, good: 422, body: {} },
  'POST /v1/messages/batch': { who: 'sender', alone: 401, good: 422, body: {} },
  'POST /v1/messages/cancel': { who: 'sender', alone: 401, good: 200, body: { reference: 'nothing' } },
  'GET /v1/messages': { who: 'sender', alone: 401, good: 200 },
  'POST /v1/messages/search': { who: 'sender', alone: 401, good: 200, body: {} },
  'POST /v1/messages/:id/cancel': {
    ...{ who: 'sender', alone: 401, good: 404, body: {} },
    path: `/v1/messages/msg_${ID}/cancel`,
  },
  'PATCH /v1/messages/:id': {
    ...{ who: 'sender', alone: 401, good: 404, body: { send_at: '2030-01-01T00:00:00Z' } },
    path: `/v1/messages/msg_${ID}`,
  },
  'GET /v1/messages/:id': { who: 'owned', alone: 401, good: 404, path: `/v1/messages/msg_${ID}` },
  'POST /v1/emails': { who: 'writer', alone: 401, good: 422, body: {} },
  'GET /v1/emails/providers': { who: 'writer', alone: 401, good: 200, unverified: 403 },
  'POST /enviar-email': { who: 'writer', alone: 401, good: 422, body: {} },
  'GET /v1/templates': { who: 'sender', alone: 401, good: 200 },
  'POST /v1/messages/preview': { who: 'sender', alone: 401, good: 422, body: {} },
  'GET /': open(200),
  'GET /health': open(200),
  'GET /ready': open(200),
  'POST /hooks/qstash/deliver': { who: 'signed', alone: 401, body: { id: `msg_${ID}`, generation: 0 } },
  'POST /hooks/qstash/failed': { who: 'signed', alone: 401, body: {} },
  'GET /dev': development(200),
  'GET /dev/inbox': development(200),
  'GET /dev/inbox.json': development(200),
  'DELETE /dev/inbox.json': development(204),
  'GET /dev/faults': development(200),
  'POST /dev/faults': development(422, { body: {} }),
  'GET /dev/templates': development(200),
  'GET /dev/templates/:template': development(404, { path: '/dev/templates/nothing' }),
}

onEachWiring('who may call', (wiringOf) => {
  let wiring: Wiring
  let worker: Running
  let client: Client
  let people: AccountClient
  let bad: Record<string, string> = {}
  beforeAll(async () => {
    wiring = await wiringOf()
    worker = await wiring.start({
      LIMITS: 'off',
      POSTA_SECRET: SECRET,
      POSTA_API_KEYS: [keyEntry('service', 'send', SERVICE_KEY), keyEntry('admin', 'admin', ADMIN_KEY)].join(','),
    })
    client = clientOf(worker.url)
    people = accountsOf(client)
    const who = await people.signedUp()
    const claims = claimsOf(who.access)
    const about = { publicUrl: claims.iss, userId: claims.sub, sessionId: claims.sid }
    const { keys } = (await client.ask<{ keys: { x: string }[] }>('/.well-known/jwks.json')).body
    bad = {
      'an expired token': await signedToken({ ...about, ageMs: 3_700_000 }),
      'a token with alg none': unsigned(who.access),
      'a token signed with the public key': await hmacSigned(
        who.access,
        new Uint8Array(Buffer.from(keys[0]?.x ?? '', 'base64url')),
      ),
      'a token of another secret': await signedToken({ ...about, secret: secretOf('e2e', 9) }),
      'a token of production': await signedToken({ ...about, environment: 'production' }),
      'a changed token': tampered(who.access, { sub: `usr_${ID}` }),
      'a refresh token': who.refresh,
      'no token at all': 'x',
    }
  })
  afterAll(async () => {
    await worker?.stop()
    await wiring?.close()
  })

  async function statusOf(name: string, token: string | null, row = TABLE[name]) {
    const [method = '', pattern = ''] = name.split(' ')
    const response = await fetch(`${worker.url}${row?.path ?? pattern}`, {
      method,
      headers: { ...(token && bearer(token)), ...(row?.body && { 'Content-Type': 'application/json' }) },
      ...(row?.body && { body: JSON.stringify(row.body) }),
    })
    const problem = response.status >= 400 ? ((await response.json()) as Problem) : null
    if (response.status === 401) {
      expect(['unauthorized', 'invalid_refresh_token', 'signature_invalid']).toContain(problem?.code)
      if (row?.who !== 'signed') expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
    }
    return response.status
  }
  /** What each credential gets, to be compared as a whole. */
  async function told(name: string, credentials: Record<string, string | null>) {
    const statuses: Record<string, number> = {}
    for (const [kind, token] of Object.entries(credentials)) statuses[kind] = await statusOf(name, token)
    return statuses
  }
  const all = (credentials: Record<string, string>, status: number) =>
    Object.fromEntries(Object.keys(credentials).map((kind) => [kind, status]))

  it('names every route there is, and none that is not', () => {
    expect(Object.keys(TABLE).sort()).toEqual(routes.map((route) => `${route.method} ${route.path}`).sort())
  })

  it.each(Object.entries(TABLE))('%s takes no credential but its own', async (name, row) => {
    const person = await people.signedUp()
    const keys = { 'a service key': SERVICE_KEY, 'an admin key': ADMIN_KEY }
    const wrongKey = { 'an unknown key': 'posta_unknown' }
    const good = { 'a user': person.access }
    // Where QStash is not the clock, its callbacks do not exist.
    const alone = row.who === 'signed' && !worker.backends ? 404 : row.alone
    expect(await statusOf(name, null)).toBe(alone)
    const got = await told(name, { ...bad, ...wrongKey, ...keys, ...good })
    const refused = row.who === 'guest' ? 401 : alone
    const byKey =
      { service: row.good, writer: row.good, sender: row.good, owned: row.good, admin: 403 }[row.who as 'service'] ??
      refused
    const byAdminKey =
      { service: row.good, writer: row.good, sender: row.good, owned: row.good, admin: row.good }[
        row.who as 'service'
      ] ?? refused
    // A user who is no admin is somebody, and may not.
    const byUser =
      { service: alone, sender: 403, admin: 403, writer: row.unverified }[row.who as 'service'] ?? row.good ?? alone
    const expected = {
      ...all(bad, refused),
      // What looks like a key and is none is refused wherever it is shown.
      ...all(wrongKey, 401),
      'a service key': byKey,
      'an admin key': byAdminKey,
      ...all(good, byUser),
    }
    expect(got).toEqual(expected)
  })

  it('refuses the token of a session that is over wherever something is done or told of sessions', async () => {
    const person = await people.signedUp()
    await people.send('POST', '/v1/auth/logout-all', person.access)
    for (const [name, row] of Object.entries(TABLE)) {
      if (row.who !== 'user' && row.who !== 'person') continue
      const [method = '', pattern = ''] = name.split(' ')
      const valid = { locale: 'es', current_password: person.password, new_password: 'another good one 12' }
      const answer = await people.send(method, row.path ?? pattern, person.access, method === 'GET' ? undefined : valid)
      expect({ name, status: answer.status }).toEqual({ name, status: 401 })
    }
    expect((await people.login(person.username)).status).toBe(200)
  })

  it('gives nobody what is another person’s', async () => {
    const [owner, stranger] = [await people.signedUp(), await people.signedUp()]
    const { code } = await people.newMail(owner.email, 0)
    const { sid } = claimsOf(owner.access)
    expect((await people.endSession(stranger.access, sid)).status).toBe(404)
    expect((await people.refresh(owner.refresh)).status).toBe(200)
    for (const path of [`/v1/challenges/${owner.challengeId}`, `/v1/messages/msg_${owner.challengeId.slice(3)}`]) {
      for (const token of [stranger.access, SERVICE_KEY]) {
        expect([401, 403, 404]).toContain((await client.ask(path, { headers: bearer(token) })).status)
      }
    }
    const mixed = await signedToken({
      publicUrl: claimsOf(owner.access).iss,
      userId: stranger.user.id,
      sessionId: sid,
    })
    // Somebody else's session in a token of one's own is no session.
    expect((await people.change(mixed, { locale: 'es' })).status).toBe(401)
    const alone = await people.verify({ code }, stranger.access)
    expect([422, 200]).toContain(alone.status)
    expect((await people.me(owner.access)).body.user_data.email_verified).toBe(false)
    expect((await people.verify({ code }, owner.access)).status).toBe(200)
  })
})
