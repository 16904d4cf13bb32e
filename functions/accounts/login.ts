// /v1/auth: log in, keep logged in, log out.
import * as z from 'zod'
import { login } from '../../lib/accounts/login.ts'
import {
  endSession,
  listSessions,
  logout,
  logoutAll,
  logoutAllBy,
  logoutHere,
  refresh,
} from '../../lib/accounts/sessions.ts'
import { ok, type Result } from '../../lib/outcome/result.ts'
import { type Answer, type Call, route } from '../http/route.ts'
import { at, instant, isObject, text } from '../http/schemas.ts'
import { missing, signedIn, tokenFields, tokensOf, userData, userOf } from './shapes.ts'

const tokens = () => z.object(tokenFields())
export const loggedIn = () => z.object({ ...tokenFields(), user_data: userData() })
/** Longer than anything that can be right; what is longer is not worth a look. */
const TYPED_MAX = 1_024
const typed = () => text().min(1, 'is required').max(TYPED_MAX, `must have at most ${TYPED_MAX} characters`)

export const loginRoute = route({
  method: 'POST',
  path: '/v1/auth/login',
  who: 'public',
  summary: 'Logs in by user name or e-mail address',
  body: () =>
    z
      .object({ login: typed().optional(), username: typed().optional(), email: typed().optional(), password: text() })
      .refine((body) => [body.login, body.username, body.email].some((one) => one !== undefined), {
        path: ['login'],
        message: 'is required',
        when: isObject,
      }),
  answers: { 200: loggedIn },
  handle: (call, { body }) => answerLogin(call, nameOf(body), body.password),
})

const nameOf = (body: { login?: string | undefined; username?: string | undefined; email?: string | undefined }) =>
  (body.login ?? body.username ?? body.email ?? '').trim()

export async function answerLogin(
  call: Call,
  name: string,
  password: string,
): Promise<Result<Answer & { body: z.output<ReturnType<typeof loggedIn>> }>> {
  const done = await login(call.accounts, { login: name, password }, call)
  if (!done.ok) return done
  const body = { ...tokensOf(done.value.tokens), user_data: userOf(done.value.user) }
  return ok({ status: 200, body, usage: done.value.usage })
}

const refreshToken = () => text().max(TYPED_MAX, `must have at most ${TYPED_MAX} characters`)

export const refreshRoute = route({
  method: 'POST',
  path: '/v1/auth/refresh',
  who: 'public',
  summary: 'Turns a refresh token: the next tokens of the session',
  body: () => z.object({ refresh_token: refreshToken() }),
  answers: { 200: tokens },
  async handle(call, { body }) {
    const turned = await refresh(call.accounts, body.refresh_token, call.origin)
    return turned.ok ? ok({ status: 200, body: tokensOf(turned.value) }) : turned
  },
})

const maybeRefreshToken = () => z.object({ refresh_token: refreshToken().optional() })

export const logoutRoute = route({
  method: 'POST',
  path: '/v1/auth/logout',
  who: 'guest',
  summary: 'Ends the session of a refresh token, or of the access token it is asked with',
  body: maybeRefreshToken,
  answers: { 204: null },
  async handle(call, { body }) {
    const { accounts, bearer } = call
    if (body.refresh_token !== undefined) return done(await logout(accounts, body.refresh_token))
    if (!bearer) return missing(call, 'refresh_token')
    await logoutHere(accounts, bearer)
    return ok({ status: 204 })
  },
})

export const logoutAllRoute = route({
  method: 'POST',
  path: '/v1/auth/logout-all',
  who: 'guest',
  summary: 'Ends every session of the person',
  body: maybeRefreshToken,
  answers: { 204: null },
  async handle(call, { body }) {
    if (body.refresh_token !== undefined) return done(await logoutAllBy(call.accounts, body.refresh_token))
    return call.bearer ? done(await logoutAll(call.accounts, signedIn(call))) : missing(call, 'refresh_token')
  },
})

export const sessionsRoute = route({
  method: 'GET',
  path: '/v1/auth/sessions',
  who: 'user',
  summary: 'The live sessions of the signed-in user, newest first',
  answers: {
    200: () =>
      z.object({
        sessions: z.array(
          z.object({
            id: z.string(),
            current: z.boolean(),
            created_at: instant(),
            last_used_at: instant(),
            expires_at: instant(),
            agent: z.string().nullable(),
            ip: z.string().nullable(),
          }),
        ),
      }),
  },
  async handle(call) {
    const listed = await listSessions(call.accounts, signedIn(call))
    if (!listed.ok) return listed
    const sessions = listed.value.map((one) => ({
      id: one.id,
      current: one.id === call.bearer?.sessionId,
      created_at: at(one.createdAt),
      last_used_at: at(one.turnedAt),
      expires_at: at(one.endsAt),
      agent: one.agent,
      ip: one.ip,
    }))
    return ok({ status: 200, body: { sessions } })
  },
})

export const endSessionRoute = route({
  method: 'DELETE',
  path: '/v1/auth/sessions/:id',
  who: 'user',
  summary: 'Ends one session of the signed-in user',
  params: () => z.object({ id: z.string() }),
  answers: { 204: null },
  async handle(call, { params }) {
    return done(await endSession(call.accounts, params.id, signedIn(call)))
  },
})

const done = (result: Result<null>): Result<Answer> => (result.ok ? ok({ status: 204 }) : result)
