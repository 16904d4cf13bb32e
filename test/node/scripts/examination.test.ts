// `npm run doctor -- URL` prints what the Worker's own doctor found, and ends with 1 when something does not work.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Examination, findingsOf } from '../../../scripts/examination.ts'
import { runScript } from '../../fakes/served.ts'
import { servedEach } from '../../fakes/served-each.ts'

const NOW = Date.parse('2026-11-27T12:00:00Z')
const WELL: Examination = {
  providers: [
    {
      ...{ name: 'resend', answer: 'accepted', code: null, failure: null, what: null, ms: 120 },
      domain: { name: 'cine.pe', state: 'accepted' },
      webhook: { setting: 'RESEND_WEBHOOK_SECRET', set: true },
      last_report_at: '2026-11-27T11:00:00.000Z',
    },
  ],
  sending: 'on',
  store: { name: 'sqlite', ms: 3 },
  scheduler: { name: 'alarm', answer: 'ok', ms: 0 },
  cron_last_at: '2026-11-27T11:59:30.000Z',
  clock: { at: '2026-11-27T12:00:00.000Z' },
  webhook_urls: { resend: 'https://posta.cine.pe/hooks/providers/resend' },
}
const resend = (change: object): Partial<Examination> => ({ providers: [{ ...WELL.providers[0]!, ...change }] })
const lines = (change: Partial<Examination>) =>
  findingsOf({ ...WELL, ...change }, NOW).map(({ kind, about, message }) => `${kind} ${about}: ${message}`)

describe('an examination', () => {
  it('has nothing to mend where all is well', () => {
    expect(lines({})).toEqual([
      'good resend: took a mail from cine.pe in 120 ms',
      'note resend: its delivery reports go to https://posta.cine.pe/hooks/providers/resend',
      'note resend: last report at 2026-11-27T11:00:00.000Z',
      'good store: sqlite answered in 3 ms',
      'good scheduler: alarm answered in 0 ms',
      'good cron: last here 30 s ago',
      'good clock: agrees with this machine',
    ])
  })

  it.each<[Partial<Examination>, string]>([
    [
      resend({ answer: 'misconfigured', code: 'http_401', failure: 'key_refused', what: 'Check its API key.' }),
      'wrong resend: misconfigured after 120 ms (key_refused, http_401). Check its API key.',
    ],
    [resend({ answer: 'held', code: 'quota', failure: 'quota', ms: null }), 'wrong resend: held (quota)'],
    [resend({ answer: 'waiting', ms: null }), 'wrong resend: waiting'],
    [
      resend({ webhook: { setting: 'RESEND_WEBHOOK_SECRET', set: false } }),
      'note resend: RESEND_WEBHOOK_SECRET is not set: its reports are refused, and a message stays sent',
    ],
    [resend({ last_report_at: null }), 'note resend: no report has come yet'],
    [{ webhook_urls: {} }, 'note resend: its delivery reports are not taken by this version'],
    [{ sending: 'shadow', ...resend({ answer: 'shadowed' }) }, 'note resend: shadowed: not called'],
    [{ sending: 'shadow' }, 'note SENDING: is shadow: no provider was called'],
    [
      { scheduler: { name: 'qstash', answer: 'unavailable', ms: 3_000 } },
      'wrong scheduler: qstash does not answer: what waits is found by the cron, a minute late',
    ],
    [{ cron_last_at: '2026-11-27T11:00:00Z' }, 'wrong cron: last here 3600 s ago, and is to come every minute'],
    [
      { cron_last_at: null },
      'wrong cron: was never here: after a deployment it takes a minute; see [triggers] in wrangler.toml',
    ],
    [
      { clock: { at: '2026-11-27T12:01:00Z' }, cron_last_at: '2026-11-27T12:01:00Z' },
      "wrong clock: 60 s ahead of this machine's",
    ],
  ])('of %j says: %s', (change, line) => expect(lines(change)).toContain(line))

  it('has no word of reports for a provider that sends none', () => {
    expect(lines(resend({ name: 'cloudflare', webhook: null })).join()).not.toContain('report')
  })
})

describe('npm run doctor -- URL', () => {
  const KEY = { POSTA_API_KEY: 'posta_development' }
  const program = servedEach({ EMAIL_PROVIDERS: 'resend,sendgrid' })
  const doctor = (args: string[], env: Record<string, string> = KEY) => runScript('doctor.ts', args, { env })

  it('ends with 0 where all is well, and with 1 where a provider refuses', async () => {
    await program.posta.work()
    const well = await doctor([program.url, '--to', 'boss@example.com'])
    expect(well).toMatchObject({ code: 0, out: expect.stringContaining('✓ sendgrid: took a mail from example.test') })
    expect(await program.posta.inbox('boss@example.com')).toHaveLength(2)
    await program.posta.ask('POST', '/dev/faults', { provider: 'sendgrid', mode: 'error' })
    const ill = await doctor([`${program.url}/`, '--to', 'boss@example.com'])
    expect(ill.code).toBe(1)
    expect(ill.out).toMatch(/✗ sendgrid: unavailable after \d+ ms \(provider_failed, http_500\)/)
    expect(ill.out).toContain(`${program.url}: 1 to mend\n`)
  })

  it('takes the key from a file, and never as an argument', async () => {
    const file = join(program.folder, 'key')
    writeFileSync(file, 'posta_development\n')
    expect(await doctor([program.url, '--to', 'a@b.co', '--key-file', file], {})).not.toMatchObject({ code: 2 })
    for (const args of [['--key', 'posta_development'], ['posta_development'], ['--to=posta_development']]) {
      const { code, out, err } = await doctor([program.url, '--to', 'a@b.co', ...args])
      expect([code, out]).toEqual([2, ''])
      expect(err).not.toContain('posta_development')
    }
  })

  it('says what is missing, and what posta refuses, and ends with 2', async () => {
    const to = ['--to', 'boss@example.com']
    expect(await doctor([program.url])).toMatchObject({ code: 2, err: expect.stringContaining('--to') })
    expect(await doctor([program.url, ...to], {})).toMatchObject({
      code: 2,
      err: expect.stringContaining('POSTA_API_KEY'),
    })
    const refused = await doctor([program.url, ...to], { POSTA_API_KEY: 'posta_unknown' })
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('401 unauthorized') })
    expect(await doctor(['http://posta.cine.pe', ...to])).toMatchObject({
      code: 2,
      err: expect.stringContaining('https only'),
    })
    expect(await doctor(['http://127.0.0.1:1', ...to])).toMatchObject({
      code: 2,
      err: expect.stringContaining('be reached'),
    })
    for (let n = 0; n < 3; n++) await doctor([program.url, ...to])
    expect(await doctor([program.url, ...to])).toMatchObject({
      code: 2,
      err: expect.stringContaining('429 too_many_requests'),
    })
  })
})
