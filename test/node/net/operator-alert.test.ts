// The operator's alert: why a provider is down, and where its messages go, both true.
import { expect, it } from 'vitest'
import type { Call } from '../../../lib/net/call.ts'
import { alertCall } from '../../../lib/net/operator-alert.ts'
import type { Alert } from '../../../lib/ports/outbox.ts'

async function told(alert: Partial<Alert>, providers?: string[]) {
  const bodies: string[] = []
  const tell = alertCall('https://chat.example.com/x', 'Cine Sur', {
    call: async ({ body }: Call) => {
      bodies.push(String(body))
      return { kind: 'answered', status: 200, headers: new Headers(), body: '', json: undefined }
    },
    log: () => {},
    now: () => 0,
    sleep: async () => {},
    ...(providers && { providers }),
  })
  await tell({ provider: 'resend', state: 'down', code: 'timeout', ...alert })
  return JSON.parse(bodies[0] ?? '{}')
}

it.each<[string | null, string]>([
  ['sender_domain_not_verified', 'it has not verified the domain of the sender (sender_domain_not_verified).'],
  ['invalid_api_key', 'it refuses our key (key_refused, invalid_api_key).'],
  ['daily_quota_exceeded', 'our quota there is used up (quota, daily_quota_exceeded).'],
  ['timeout', 'it does not answer (no_answer, timeout).'],
  ['http_503', 'it answers with errors (provider_failed, http_503).'],
  [null, 'it does not work.'],
])('says of %s why', async (code, why) => {
  expect((await told({ code })).text).toContain(`Cine Sur: e-mail provider resend is down: ${why} `)
})

it.each<[string[] | undefined, string]>([
  [['resend', 'sendgrid', 'mailgun'], 'Messages are tried at sendgrid, mailgun.'],
  [['resend'], 'There is no other provider: messages wait for it until they expire.'],
  [undefined, 'Messages wait, or leave through another provider where there is one.'],
])('with %j says where messages go', async (providers, where) => {
  expect((await told({}, providers)).text.endsWith(`. ${where}`)).toBe(true)
})

it('has the failure beside the code for programs, and neither in a recovery', async () => {
  const down = { type: 'provider.down', provider: 'resend', code: 'http_401', failure: 'key_refused' }
  expect(await told({ code: 'http_401' })).toMatchObject(down)
  const recovered = await told({ state: 'recovered', code: null }, ['resend'])
  expect(recovered).toEqual({
    text: 'Cine Sur: e-mail provider resend has recovered.',
    type: 'provider.recovered',
    provider: 'resend',
    code: null,
    failure: null,
    at: '1970-01-01T00:00:00.000Z',
  })
})
