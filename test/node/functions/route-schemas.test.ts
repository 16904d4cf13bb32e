// Schemas are built when they are asked for, so what is wrong with one would only show in a request: here all are built.

import { expect, it } from 'vitest'
import * as z from 'zod'
import { routes } from '../../../functions/routes.ts'

it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s has whole schemas',
  (_, route) => {
    const { params, query, body, answers } = route
    for (const schema of [params, query, body, ...Object.values(answers)]) {
      // Walks into every part; what a transform gives back cannot be described, only what it takes.
      if (typeof schema === 'function') expect(z.toJSONSchema(schema(), { io: 'input' })).toBeTypeOf('object')
    }
  },
)

it('builds a schema of a request once', () => {
  for (const { params, query, body } of routes) for (const one of [params, query, body]) expect(one?.()).toBe(one?.())
})

it('gives every handler a name of its own, by which a stack can be read', () => {
  const names = routes.map((route) => route.handle.name)
  expect(names.filter((name) => name === '' || name === 'handle')).toEqual([])
})

it('names every path and method once', () => {
  const places = routes.map((route) => `${route.method} ${route.path}`)
  expect(new Set(places).size).toBe(places.length)
})
