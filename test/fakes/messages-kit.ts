// What the tests of a product's messages say and ask.
import type { Service } from './service.ts'

export const SECOND = 1_000
export const HOUR = 3_600 * SECOND
export const DAY = 24 * HOUR

export interface Accepted {
  id: string
  channel: string
  status: string
  due_at: string
}
export interface Sent {
  messages: Accepted[]
  cancelled?: string[]
  not_cancelled?: { id: string; code: string }[]
}
export interface Problem {
  code: string
  errors: { path: string; code: string; params?: Record<string, unknown> }[]
}
export interface Shown extends Accepted {
  template: string
  sent_at: string | null
  to_masked: string | null
  reference: string | null
  metadata: Record<string, string> | null
  attempts: { provider: string; outcome: string }[]
  events: { type: string }[]
}

export const iso = (ms: number) => new Date(ms).toISOString()

export const note = (more: object = {}) => ({
  template: 'note',
  to: { email: 'ana@example.com' },
  data: { text: 'Hi' },
  ...more,
})
export const reminder = (now: number, more: object = {}) => ({
  template: 'recordatorio_funcion',
  to: { email: 'luis@example.com' },
  data: { transaccion_id: 'TRANS123', pelicula: 'Nieve', fecha_funcion: iso(now + 10 * DAY), asientos: ['A1'] },
  ...more,
})

/** What a product asks of the service that is under test at the time. */
export const productOf = (posta: () => Service) => ({
  send: (body: object, headers: Record<string, string> = {}) => posta().post<Sent>('/v1/messages', body, headers),
  shown: async (id: string) => (await posta().get<Shown>(`/v1/messages/${id}`)).body,
  list: async (query: string) =>
    (await posta().get<{ messages: Shown[]; cursor: string | null }>(`/v1/messages?${query}`)).body,
})
