// Every kind of body a route can take, and every kind of answer it can give.
import { Hono } from 'hono/quick'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readForm } from '../../../functions/http/body.ts'
import type { AppEnv } from '../../../functions/http/env.ts'
import { respond } from '../../../functions/http/respond.ts'
import { type Answer, answer, redirect, route } from '../../../functions/http/route.ts'

const about = { method: 'GET', path: '/', who: ['public'], tag: 'public', summary: '', problems: [] } as const

describe('a form', () => {
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    new Request('http://posta.test', { method: 'POST', body, headers })

  it('is its text fields, urlencoded or multipart', async () => {
    const fields = { 'List-Unsubscribe': 'One-Click', note: 'sí & no' }
    expect(await readForm(post(new URLSearchParams(fields)), 1_000)).toEqual({ ok: true, value: fields })
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    form.set('file', new Blob(['x']))
    expect(await readForm(post(form), 1_000)).toEqual({ ok: true, value: fields })
  })

  it.each<[string, Request, string]>([
    ['of another type', post('{"a":1}', { 'Content-Type': 'application/json' }), 'unsupported_media_type'],
    ['larger than it may be', post(new URLSearchParams({ a: 'x'.repeat(2_000) })), 'payload_too_large'],
    ['broken', post('--x\r\nno', { 'Content-Type': 'multipart/form-data; boundary=x' }), 'malformed_form'],
  ])('%s is refused', async (_, request, code) => {
    expect(await readForm(request, 1_000)).toMatchObject({ ok: false, refusal: { code } })
  })

  it('that is empty needs no type', async () => {
    expect(await readForm(new Request('http://posta.test', { method: 'POST' }), 1_000)).toEqual({ ok: true, value: {} })
  })
})

describe('an answer', () => {
  const answers = {
    200: () => z.object({ a: z.number() }),
    201: 'html',
    202: 'text',
    204: null,
    303: 'redirect',
    304: null,
    502: 'file',
  } as const
  const declared = route({ ...about, answers, handle: async () => answer(204) })
  const told = async (value: object) => {
    const app = new Hono<AppEnv>()
    app.get('/', (c) => respond(c, declared, value as Answer))
    const response = await app.request('/')
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  it.each([
    [answer(200, { a: 1 }), 200, 'application/json', '{"a":1}'],
    [answer(201, '<p>x</p>'), 201, 'text/html; charset=utf-8', '<p>x</p>'],
    [answer(202, 'x'), 202, 'text/plain; charset=utf-8', 'x'],
    [answer(204), 204, null, ''],
    [answer(304, undefined, { headers: { ETag: '"a"' } }), 304, null, ''],
    [redirect('/elsewhere'), 303, null, ''],
    [answer(502, { bytes: 'a,b', contentType: 'text/csv' }), 502, 'text/csv', 'a,b'],
  ])('is sent as what it is: %j', async (given, status, type, text) => {
    if (!given.ok) throw new Error('refused')
    const response = await told(given.value)
    expect([response.status, response.headers.get('Content-Type'), response.text]).toEqual([status, type, text])
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Location')).toBe(status === 303 ? '/elsewhere' : null)
  })

  it('is saved under a name that can end no header', async () => {
    const file = { bytes: 'x', contentType: 'text/csv', filename: 'año "1"\r\nX: y.csv' }
    const { headers } = await told({ status: 502, body: file })
    expect(headers.get('Content-Disposition')).toBe("attachment; filename*=UTF-8''a%C3%B1o%20%221%22%0D%0AX%3A%20y.csv")
  })
})
