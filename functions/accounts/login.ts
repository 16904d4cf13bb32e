// /v1/auth: log in, keep logged in, log out.
import * as z from 'zod'
import { login } from '../../lib/accounts/login.ts'
import { signedInOnly } from '../../lib/accounts/resend.ts'
import {
  endSession,
  listSessions,
  logout,
  logoutAll,
  logoutAllBy,
  logoutHere,
  refresh,
} from '../../lib/accounts/sessions.ts'
import type { Result } from '../../lib/outcome/result.ts'
import { answer, type Context, type Route, route } from '../http/route.ts'
import { at, idInPath, instant, missing, pasted, text, typed } from '../http/schemas.ts'
import { signedIn, tokenFields, toldTokens, userData, userOf } from './shapes.ts'

const tokens = () => z.object(tokenFields())
export const loggedIn = () => z.object({ ...tokenFields(), user_data: userData() })
/** Longer than anything that can be right; what is longer is not worth a look. */
const TYPED_MAX = 1_024
const called = () => typed().min(1).max(TYPED_MAX)

const loginRoute = route({
  method: 'POST',
  path: '/v1/auth/login',
  who: ['public'],
  tag: 'accounts',
  summary: 'Logs in by user name or e-mail address',
  body: () =>
    z
      .object({
        login: called().optional(),
        username: called().optional(),
        email: called().optional(),
        password: text(),
      })
      .refine((body) => [body.login, body.username, body.email].some((one) => one !== undefined), missing('login')),
  answers: { 200: loggedIn },
  problems: ['invalid_credentials', 'too_many_requests'],
  handle: async function logIn(context, { body }) {
    return answerLogin(context, nameOf(body), body.password)
  },
})

const nameOf = (body: { login?: string | undefined; username?: string | undefined; email?: string | undefined }) =>
  body.login ?? body.username ?? body.email ?? ''

/** Also for the older path. */
export async function answerLogin(context: Context, name: string, password: string) {
  const entered = await login(context.accounts, { login: name, password }, context)
  if (!entered.ok) return entered
  const { tokens: pair, user, usage } = entered.value
  return answer(200, { ...toldTokens(pair), user_data: userOf(user) }, { usage })
}

const refreshToken = () => pasted().max(TYPED_MAX)

const refreshRoute = route({
  method: 'POST',
  path: '/v1/auth/refresh',
  who: ['public'],
  tag: 'accounts',
  summary: 'Turns a refresh token: the next tokens of the session',
  body: () => z.object({ refresh_token: refreshToken() }),
  answers: { 200: tokens },
  problems: ['invalid_refresh_token'],
  handle: async function refreshTokens(context, { body }) {
    const turned = await refresh(context.accounts, body.refresh_token, context.origin)
    return turned.ok ? answer(200, toldTokens(turned.value)) : turned
  },
})

const maybeRefreshToken = () => z.object({ refresh_token: refreshToken().optional() })

const logoutRoute = route({
  method: 'POST',
  path: '/v1/auth/logout',
  who: ['user', 'public'],
  tag: 'accounts',
  summary: 'Ends the session of a refresh token, or of the access token it is asked with',
  body: maybeRefreshToken,
  answers: { 204: null },
  problems: ['invalid_refresh_token'],
  handle: async function logOut(context, { body }) {
    const { accounts, bearer } = context
    if (body.refresh_token !== undefined) return noContent(await logout(accounts, body.refresh_token))
    if (!bearer) return signedInOnly('refresh_token', context.tokenSent)
    await logoutHere(accounts, bearer)
    return answer(204)
  },
})

const logoutAllRoute = route({
  method: 'POST',
  path: '/v1/auth/logout-all',
  who: ['user', 'public'],
  tag: 'accounts',
  summary: 'Ends every session of the person',
  body: maybeRefreshToken,
  answers: { 204: null },
  problems: ['invalid_refresh_token'],
  handle: async function logOutEverywhere(context, { body }) {
    if (body.refresh_token !== undefined) return noContent(await logoutAllBy(context.accounts, body.refresh_token))
    return context.bearer
      ? noContent(await logoutAll(context.accounts, signedIn(context)))
      : signedInOnly('refresh_token', context.tokenSent)
  },
})

const sessionsRoute = route({
  method: 'GET',
  path: '/v1/auth/sessions',
  who: ['user'],
  tag: 'accounts',
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
  problems: [],
  handle: async function showSessions(context) {
    const listed = await listSessions(context.accounts, signedIn(context))
    if (!listed.ok) return listed
    const sessions = listed.value.map((one) => ({
      id: one.id,
      current: one.id === context.bearer?.sessionId,
      created_at: at(one.createdAt),
      last_used_at: at(one.turnedAt),
      expires_at: at(one.endsAt),
      agent: one.agent,
      ip: one.ip,
    }))
    return answer(200, { sessions })
  },
})

const endSessionRoute = route({
  method: 'DELETE',
  path: '/v1/auth/sessions/:id',
  who: ['user'],
  tag: 'accounts',
  summary: 'Ends one session of the signed-in user',
  params: idInPath,
  answers: { 204: null },
  problems: [],
  handle: async function endOneSession(context, { params }) {
    return noContent(await endSession(context.accounts, params.id, signedIn(context)))
  },
})

/** What was asked is done; there is nothing to say of it. */
const noContent = (result: Result<null>) => (result.ok ? answer(204) : result)

export const sessionRoutes: readonly Route[] = [
  loginRoute,
  refreshRoute,
  logoutRoute,
  logoutAllRoute,
  sessionsRoute,
  endSessionRoute,
]
