// GET /.well-known/jwks.json: what others verify our access tokens with.
import * as z from 'zod'
import { answer, type Route, route } from '../http/route.ts'

const named = () => ({ kid: z.string(), use: z.literal('sig') })

const jwksRoute = route({
  method: 'GET',
  path: '/.well-known/jwks.json',
  who: ['public'],
  tag: 'public',
  summary: 'The public keys of access tokens (RFC 7517)',
  answers: {
    200: () =>
      z.object({
        keys: z.array(
          z.union([
            z.object({
              kty: z.literal('EC'),
              crv: z.literal('P-256'),
              x: z.string(),
              y: z.string(),
              ...named(),
              alg: z.literal('ES256'),
            }),
            z.object({
              kty: z.literal('OKP'),
              crv: z.literal('Ed25519'),
              x: z.string(),
              ...named(),
              alg: z.literal('EdDSA'),
            }),
          ]),
        ),
      }),
  },
  // A new secret is listed first and its key used at once: a verifier that finds an unknown kid asks again.
  problems: [],
  handle: async function tellKeys({ accounts }) {
    return answer(200, await accounts.tokens.jwks(), { headers: { 'Cache-Control': 'public, max-age=300' } })
  },
})

export const keyRoutes: readonly Route[] = [jwksRoute]
