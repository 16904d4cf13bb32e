// A handler answers what its route declares, or it does not compile: each planted wrong one is refused by tsc.
import { expect, it } from 'vitest'
import * as z from 'zod'
import { answer, redirect, route } from '../../../functions/http/route.ts'

const about = { method: 'GET', path: '/planted', who: ['public'], tag: 'public', summary: '', problems: [] } as const
const answers = { 200: () => z.object({ status: z.literal('ok'), n: z.number() }), 204: null, 303: 'redirect' } as const

it('compiles with what its schema lets through', () => {
  const right = [
    route({ ...about, answers, handle: async () => answer(200, { status: 'ok', n: 1 }) }),
    route({ ...about, answers, handle: async () => answer(204) }),
    route({ ...about, answers, handle: async () => redirect('/elsewhere') }),
  ]
  expect(right.map((one) => Object.keys(one.answers))).toEqual(right.map(() => ['200', '204', '303']))
})

it('does not compile with anything else', async () => {
  const wrong = [
    // @ts-expect-error another word than the schema's
    route({ ...about, answers, handle: async () => answer(200, { status: 'fine', n: 1 }) }),
    // @ts-expect-error a field of another kind
    route({ ...about, answers, handle: async () => answer(200, { status: 'ok', n: '1' }) }),
    // @ts-expect-error a field left out
    route({ ...about, answers, handle: async () => answer(200, { status: 'ok' }) }),
    // @ts-expect-error a body where none is declared
    route({ ...about, answers, handle: async () => answer(204, { status: 'ok' }) }),
    // @ts-expect-error a status that is not declared
    route({ ...about, answers, handle: async () => answer(201, { status: 'ok', n: 1 }) }),
    // @ts-expect-error a refusal nobody knows
    route({ ...about, answers, problems: ['no_such_code'], handle: async () => answer(204) }),
    // @ts-expect-error a caller nobody knows
    route({ ...about, who: ['everybody'], answers, handle: async () => answer(204) }),
  ]
  expect(wrong).toHaveLength(7)
})
