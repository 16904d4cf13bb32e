// Why a message is where it is: the record of every turn it can take, as sentences in both languages.
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { KEY, type Service, service } from '../../fakes/service.ts'

let posta: Service
beforeAll(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
beforeEach(() => {
  posta = service({ TIME_ZONE: 'America/Bogota', EMAIL_PROVIDERS: 'inbox' })
})

interface Explained {
  sentences: string[]
  next: { at: string; what: string } | null
}
const HOUR = 3_600_000

const send = async (more: object = {}): Promise<string> => {
  const body = { template: 'note', to: 'ana@example.com', data: { text: 'Hi' }, ...more }
  const told = await posta.post<{ messages: { id: string }[] }>('/v1/messages', body)
  await posta.settled()
  return told.body.messages[0]!.id
}
const explained = async (id: string, language = 'en') =>
  (await posta.ask<Explained>('GET', `/v1/messages/${id}/explain`, undefined, { ...KEY, 'Accept-Language': language }))
    .body
const fault = (mode: string) => posta.ask('POST', '/dev/faults', { provider: 'inbox', mode })

it('tells who took it, and that nothing comes', async () => {
  const { sentences, next } = await explained(await send())
  expect(sentences).toEqual([
    expect.stringMatching(/^It was accepted at \d\d:\d\d:\d\d\.$/),
    expect.stringMatching(/^inbox took it at/),
  ])
  expect(next).toBeNull()
})

it('tells when it is to leave', async () => {
  const sendAt = posta.now() + 48 * HOUR
  const { sentences, next } = await explained(await send({ send_at: new Date(sendAt).toISOString() }))
  expect(sentences).toHaveLength(2)
  expect(sentences[1]).toMatch(/^It was to leave at .*\d{4}, \d\d:\d\d:\d\d\.$/)
  expect(next).toEqual({ at: new Date(sendAt).toISOString(), what: expect.stringMatching(/^It leaves at /) })
})

it.each([
  ['error', /^inbox could not take it at .* \(\w+\)\.$/, /^It is tried again at /],
  ['throttle', /^inbox asked us to slow down at /, /^It is tried again at /],
  ['lose_answer', /^The connection to inbox was lost at .*, so it may have taken it\.$/, /^It is tried again at /],
])('tells what went wrong (%s), and when it is tried again', async (mode, said, then) => {
  await fault(mode)
  const { sentences, next } = await explained(await send())
  expect(sentences[1]).toMatch(said)
  expect(next?.what).toMatch(then)
  expect(Date.parse(next?.at ?? '')).toBeGreaterThan(posta.now())
})

it('tells the end of what nobody took, and who sent it again', async () => {
  await fault('reject')
  const id = await send()
  const failed = await explained(id)
  expect(failed.sentences.at(-2)).toMatch(/refused this recipient or content for good/)
  expect(failed.sentences.at(-1)).toMatch(/^It ended at .*: nobody took it/)
  await fault('ok')
  posta.pass(1_000)
  await posta.post(`/v1/admin/messages/${id}/replay`, {})
  posta.pass(1_000)
  await posta.work()
  const { sentences } = await explained(id)
  expect(sentences.slice(-2)).toEqual([
    expect.stringMatching(/^An operator sent it again at /),
    expect.stringMatching(/^inbox took it at /),
  ])
})

it('speaks Spanish, and tells strangers nothing', async () => {
  const id = await send()
  expect((await explained(id, 'es-CO')).sentences[0]).toMatch(/^Se aceptó a las /)
  await posta.post(`/v1/messages/${id}/cancel`, {})
  const eve = await posta.person({ username: 'eve' })
  expect((await eve.get(`/v1/messages/${id}/explain`)).status).toBe(404)
})
