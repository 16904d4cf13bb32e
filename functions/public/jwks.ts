// GET /.well-known/jwks.json: what others verify our access tokens with.
import * as z from 'zod'
import { ok } from '../../lib/outcome/result.ts'
import { route } from '../http/route.ts'

export const jwksRoute = route({
  method: 'GET',
  path: '/.well-known/jwks.json',
  who: 'public',
  summary: 'The public keys of access tokens (RFC 7517)',
  answers: {
    200: () =>
      z.object({
        keys: z.array(
          z.object({
            kty: z.literal('OKP'),
            crv: z.literal('Ed25519'),
            x: z.string(),
            kid: z.string(),
            use: z.literal('sig'),
            alg: z.literal('EdDSA'),
          }),
        ),
      }),
  },
  // A new secret is listed first and its key used at once: a verifier that finds an unknown kid asks again.
  handle: async ({ accounts }) =>
    ok({ status: 200, body: await accounts.tokens.jwks(), headers: { 'Cache-Control': 'public, max-age=300' } }),
})
