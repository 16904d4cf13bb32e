// POST /v1/admin/shadow: what would have left, read by an operator who has the older system's list beside it.
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Service, service } from '../../fakes/service.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

interface Page {
  messages: { id: string; person: number | null; subject: string | null; to_masked: string; at: string }[]
  cursor: string | null
}

let posta: Service
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
beforeEach(() => {
  posta = service({ SENDING: 'shadow', APP_NAME: 'Cine Sur' })
})

const iso = (ms: number) => new Date(ms).toISOString()
/** Each a while after the one before: ids of one instant have no order. */
const send = async (to: string, more: object = {}) => {
  posta.pass(1)
  const body = { template: 'note', to, data: { title: `To ${to}`, text: 'Hi' }, ...more }
  const told = await posta.post<{ messages: { id: string }[] }>('/v1/messages', body)
  expect(told.status).toBe(202)
  await posta.settled()
  return told.body.messages[0]!.id
}
const shadow = async (body: object = {}) => (await posta.post<Page>('/v1/admin/shadow', body)).body
const subjects = async (body: object = {}) => (await shadow(body)).messages.map((one) => one.subject)

describe('shadowed messages', () => {
  it('are told with their subjects, the caller’s own or the template’s, and with masked addresses', async () => {
    const first = await send('ana@example.com')
    const second = await send('bo@example.com', { subject: 'Your seat' })
    const { messages, cursor } = await shadow()
    expect(cursor).toBeNull()
    expect(messages).toEqual([
      {
        ...{ id: second, person: null, to_masked: 'b…@e….com', template: 'note', channel: 'email' },
        ...{ subject: 'Your seat', at: iso(posta.now()) },
      },
      {
        ...{ id: first, person: null, to_masked: 'a…@e….com', template: 'note', channel: 'email' },
        ...{ subject: 'To ana@example.com', at: iso(posta.now() - 1) },
      },
    ])
  })

  it('of some people are told by their place in the list, and of nobody else', async () => {
    const first = await send('ana@example.com')
    await send('bo@example.com')
    const third = await send('Cleo@example.com')
    const { messages } = await shadow({ to: ['cleo@example.com', 'nobody@example.com', 'ana@example.com'] })
    expect(messages.map(({ id, person }) => [id, person])).toEqual([
      [third, 0],
      [first, 2],
    ])
  })

  it('are found by when they would have left, not by when they were accepted', async () => {
    const start = posta.now()
    const later = await send('ana@example.com', { send_at: iso(start + 5 * DAY) })
    expect((await shadow()).messages).toEqual([])
    posta.pass(5 * DAY)
    await posta.work()
    const around = { since: iso(start + 4 * DAY), until: iso(start + 6 * DAY) }
    for (const body of [around, { ...around, to: ['ana@example.com'] }]) {
      expect((await shadow(body)).messages.map((one) => one.id)).toEqual([later])
    }
    expect((await shadow({ until: iso(start + DAY) })).messages).toEqual([])
    expect((await shadow({ to: ['ana@example.com'], since: iso(posta.now() + 1) })).messages).toEqual([])
  })

  it('go on over pages, each once', async () => {
    for (let n = 0; n < 5; n++) await send(`p${n}@example.com`, { subject: `S${n}` })
    const found: (string | null)[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Page = await shadow({ limit: 2, ...(cursor ? { cursor } : {}) })
      found.push(...page.messages.map((one) => one.subject))
      cursor = page.cursor
    }
    expect(found).toEqual(['S4', 'S3', 'S2', 'S1', 'S0'])
  })

  it('keep their words for 14 days', async () => {
    await send('ana@example.com')
    posta.pass(13 * DAY)
    await posta.work()
    expect(await subjects()).toEqual(['To ana@example.com'])
    posta.pass(2 * DAY)
    await posta.work()
    expect(await subjects()).toEqual([null])
  })

  it('never tell a code', async () => {
    await posta.post('/v1/challenges', { to: { email: 'ana@example.com' }, purpose: 'login', locale: 'en' })
    await posta.settled()
    const { messages } = await shadow()
    expect(messages).toMatchObject([{ template: 'verification-code', subject: expect.stringContaining('Cine Sur') }])
    expect(JSON.stringify(messages.map(({ subject }) => subject))).not.toMatch(/\d/)
  })

  it('leave out what was sent, and answer an operator alone', async () => {
    posta = service()
    await send('ana@example.com')
    expect((await shadow()).messages).toEqual([])
    expect((await posta.ask('POST', '/v1/admin/shadow', {})).status).toBe(401)
    const ana = await posta.person()
    expect((await ana.post('/v1/admin/shadow', {})).status).toBe(403)
    for (const body of [{ to: [] }, { to: ['x'] }, { to: Array(21).fill('a@b.co') }, { limit: 51 }, { since: 'now' }]) {
      expect({ body, status: (await posta.post('/v1/admin/shadow', body)).status }).toEqual({ body, status: 422 })
    }
  })
})
