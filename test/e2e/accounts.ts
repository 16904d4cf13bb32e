// What a person's frontend does with posta's accounts, as plain HTTP.
import { type Answer, type Client, codeIn, until } from './client.ts'

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  request_id: string
  errors?: { path: string; code: string; message: string }[]
  limit?: string
  retry_after?: number
  tries_left?: number
  error?: string
}

export interface UserData {
  id: string
  username: string
  email: string
  email_verified: boolean
  phone: string | null
  phone_verified: boolean
  locale: string
  referral_code: string | null
  created_at: string
}

export interface Tokens {
  access_token: string
  token_type: string
  expires_in: number
  refresh_token: string
}

export interface MailTruth {
  email_confirmation_sent: boolean
  message: string
  challenge_id: string
  resend_after?: string
  email_info?: {
    email_sent: false
    code: string
    error: string
    can_resend: boolean
    resend_after: string
    status: string
  }
}

export type Registration = Tokens & MailTruth & { user_data: UserData }
export type LoggedIn = Tokens & { user_data: UserData }

export const PASSWORD = 'quarry wagtail 7 lantern'
export const OTHER_PASSWORD = 'nine brass herons waiting'

/** Somebody nobody has heard of. */
export function newcomer(more: Record<string, unknown> = {}) {
  const name = `ana${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  return { username: name, email: `${name}@example.com`, password: PASSWORD, ...more }
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** The link of a mail and its token. */
export function linkIn(text: string): { page: string; token: string } {
  const [, page = '', token = ''] = /(https?:\/\/\S+)#token=(\S+)/.exec(text) ?? []
  return { page, token }
}

export const codeOf = (problem: Answer<unknown>): string | undefined => (problem.body as Partial<Problem> | null)?.code

export function accountsOf(client: Client) {
  const { ask, post } = client
  const send = <T>(method: string, path: string, token: string, body?: unknown) =>
    ask<T & Problem>(path, {
      method,
      headers: { ...bearer(token), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  /** The newest mail to an address that is none of `before`; waits for it. */
  async function newMail(to: string, before: number) {
    const mails = await until(
      () => client.inbox(to),
      (found) => found.length > before,
    )
    const [mail] = mails
    if (!mail) throw new Error(`no mail to ${to}`)
    return { ...mail, code: codeIn(mail.text), ...linkIn(mail.text) }
  }

  async function signedUp(more: Record<string, unknown> = {}) {
    const who = newcomer(more)
    const answer = await post<Registration>('/v1/auth/register', who)
    if (answer.status !== 201) throw new Error(`register: ${answer.status} ${JSON.stringify(answer.body)}`)
    const { access_token: access, refresh_token: refresh, challenge_id: challengeId, user_data: user } = answer.body
    return { ...who, access, refresh, challengeId, user }
  }

  return {
    register: (fields: Record<string, unknown> = newcomer(), headers: Record<string, string> = {}) =>
      post<Registration & Problem>('/v1/auth/register', fields, headers),
    login: (login: string, password: string = PASSWORD, headers: Record<string, string> = {}) =>
      post<LoggedIn & Problem>('/v1/auth/login', { login, password }, headers),
    refresh: (token: string) => post<Tokens & Problem>('/v1/auth/refresh', { refresh_token: token }),
    me: (token: string) => send<{ user_data: UserData }>('GET', '/v1/auth/me', token),
    change: (token: string, changes: Record<string, unknown>) =>
      send<Partial<MailTruth> & { user_data: UserData }>('PATCH', '/v1/auth/me', token, changes),
    changePassword: (token: string, currentPassword: string, newPassword: string) =>
      send<object>('POST', '/v1/auth/password', token, {
        current_password: currentPassword,
        new_password: newPassword,
      }),
    sessions: (token: string) =>
      send<{ sessions: Record<string, string | boolean | null>[] }>('GET', '/v1/auth/sessions', token),
    endSession: (token: string, id: string) => send<object>('DELETE', `/v1/auth/sessions/${id}`, token),
    verify: (proof: Record<string, unknown>, token?: string) =>
      post<{ verified: boolean; channel: string } & Problem>('/v1/auth/verify', proof, token ? bearer(token) : {}),
    resend: (body: Record<string, unknown>, token?: string) =>
      post<MailTruth & Problem>('/v1/auth/resend', body, token ? bearer(token) : {}),
    recover: (email: string) =>
      post<{ challenge_id: string; message: string; resend_after: string } & Problem>('/v1/auth/recover', { email }),
    reset: (proof: Record<string, unknown>, newPassword: string = OTHER_PASSWORD) =>
      post<Problem | null>('/v1/auth/reset', { ...proof, new_password: newPassword }),
    send,
    newMail,
    signedUp,
    /** An account whose address is proved. */
    async verified(more: Record<string, unknown> = {}) {
      const who = await signedUp(more)
      const { code } = await newMail(who.email, 0)
      const done = await post('/v1/auth/verify', { challenge_id: who.challengeId, code })
      if (done.status !== 200) throw new Error(`verify: ${done.status} ${JSON.stringify(done.body)}`)
      return who
    },
  }
}

export type AccountClient = ReturnType<typeof accountsOf>
