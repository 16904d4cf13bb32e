// /v1/admin/move: what does not end by itself is copied out of the object, once other stores have its place.
import * as z from 'zod'
import { move } from '../../lib/accounts/move.ts'
import { answer, type Route, route } from '../http/route.ts'
import { typed } from '../http/schemas.ts'

const CURSOR_MAX = 128

const moveRoute = route({
  method: 'POST',
  path: '/v1/admin/move',
  who: ['admin'],
  tag: 'operators',
  summary: 'Copies the next page of what the object holds to its new home; `npm run move` calls it to the end',
  body: () => z.object({ cursor: typed().max(CURSOR_MAX).nullable().default(null) }),
  answers: {
    200: () =>
      z.object({
        copied: z.int(),
        /** Accounts whose name or address another account has in the new home; no field: what breaks a rule there. */
        conflicts: z.array(z.object({ id: z.string(), fields: z.array(z.enum(['username', 'email'])) })),
        /** What is to be copied and still in the object, as far as it is counted. */
        remaining: z.int(),
        /** For the next call; null = all was looked at. */
        cursor: z.string().nullable(),
        /** Where messages, codes and sessions are made now, and where accounts are. */
        store: z.string(),
        users: z.string(),
      }),
  },
  problems: [],
  handle: async function moveOn({ deps }, { body }) {
    const { moving, core, wiring } = deps
    const moved = await move(moving.copies, body.cursor, core.now())
    return moved.ok ? answer(200, { ...moved.value, store: wiring.store, users: wiring.users }) : moved
  },
})

export const moveRoutes: readonly Route[] = [moveRoute]
