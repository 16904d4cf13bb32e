// `npm run doctor` reads settings before they are uploaded: it says all that the Worker would refuse, and what it cannot see.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { diagnose } from '../../../scripts/diagnosis.ts'
import { bindings } from '../../../scripts/options.ts'

const ROOT = join(import.meta.dirname, '../../..')
const GOOD = {
  POSTA_SECRET: `k1:${btoa('the quick brown fox, who jumps .')}`,
  PUBLIC_URL: 'https://posta.cine.pe',
  APP_URL: 'https://cine.pe',
  CORS_ORIGINS: 'https://cine.pe',
  ALERT_WEBHOOK_URL: 'https://chat.cine.pe/x',
  ADMIN_EMAILS: 'ana@cine.pe',
  EMAIL_FROM: 'Cine <no-reply@cine.pe>',
  RESEND_API_KEY: 're_123',
}
const found = (change: Record<string, string>, more = {}) =>
  diagnose({ values: { ...GOOD, ...change }, bindings: {}, ...more })

describe('a diagnosis', () => {
  it('has nothing to say of settings that are right', () => expect(found({})).toEqual({ problems: [], notes: [] }))

  it.each([
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['cors_origins', 'CORS_ORIGINS'],
    ['COSR_ORIGINS', 'CORS_ORIGINS'],
    ['POSTA_SECRETS', 'POSTA_SECRET'],
    ['RESEND_APIKEY', 'RESEND_API_KEY'],
    ['SENDGRID_KEY', 'SENDGRID_API_KEY'],
    ['UPSTASH_REDIS_URL', 'UPSTASH_REDIS_REST_URL'],
    ['KV_REST_API_TOKEN', 'UPSTASH_REDIS_REST_TOKEN'],
    ['SUPABASE_SERVICE_KEY', 'SUPABASE_SERVICE_ROLE_KEY'],
    ['NEXT_PUBLIC_SUPABASE_URL', 'SUPABASE_URL'],
    ['WEBHOOK_URL', 'ALERT_WEBHOOK_URL'],
    ['APP-NAME', 'APP_NAME'],
  ])('of %s asks whether %s was meant', (typed, meant) => {
    expect(found({ [typed]: 'x' }).problems).toEqual([
      { variable: typed, message: `is no setting of posta; did you mean ${meant}?` },
    ])
  })

  it('tells names nobody reads, and names of a later version, apart', () => {
    const { problems, notes } = found({ STRIPE_THING: 'x', WHATSAPP_TOKEN: 'x' }, { planned: ['WHATSAPP_TOKEN'] })
    expect(problems).toEqual([{ variable: 'STRIPE_THING', message: 'is no setting of posta' }])
    expect(notes).toEqual([{ variable: 'WHATSAPP_TOKEN', message: 'is not read by this version' }])
  })

  it('of a whole environment tells slips alone', () => {
    const environment = { PATH: '/bin', HOME: '/root', npm_config_registry: 'x', CORS_ORIGIN: 'x' }
    expect(found(environment, { isShared: true }).problems.map(({ variable }) => variable)).toEqual(['CORS_ORIGIN'])
  })

  it.each<[Record<string, string>, string[]]>([
    [{ CORS_ORIGINS: '' }, ['CORS_ORIGINS']],
    [{ CORS_ORIGINS: 'https://www.cine.pe' }, ['CORS_ORIGINS']],
    [{ APP_URL: '', ALERT_WEBHOOK_URL: '', ADMIN_EMAILS: '' }, ['APP_URL', 'ALERT_WEBHOOK_URL', 'ADMIN_EMAILS']],
    [{ EMAIL_FROM: 'no-reply@example.com' }, ['EMAIL_FROM']],
    [{ POSTA_ENV: 'development', PUBLIC_URL: '', CORS_ORIGINS: '' }, []],
  ])('notes what %j leaves out', (change, names) => {
    const { problems, notes } = found(change)
    expect([problems, notes.map(({ variable }) => variable)]).toEqual([[], names])
  })

  it('knows of a vendor that only wrangler.toml names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'posta-bindings-'))
    const bound = (text: string) => {
      writeFileSync(join(folder, 'wrangler.toml'), text)
      return bindings([], folder)
    }
    expect(bound('# [[send_email]]\n# name = "EMAIL"\n')).toEqual({})
    const on = bound('[[kv]]\nname = "X"\n\n[[send_email]]\ndestination_address = "a@b.pe"\nname = "EMAIL"\n')
    expect(Object.keys(on)).toEqual(['EMAIL'])
    expect(found({ RESEND_API_KEY: '' }, { bindings: on }).problems).toEqual([])
    rmSync(folder, { recursive: true })
  })
})

describe('npm run doctor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posta-doctor-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const doctor = (args: string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number; printed: string }>((resolve) => {
      const clean = { PATH: process.env.PATH ?? '', NO_COLOR: '1', POSTA_ENV: '', ...env }
      const script = join(ROOT, 'scripts/doctor.ts')
      execFile(process.execPath, [script, ...args], { cwd: folder, env: clean }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, printed: stdout + stderr }),
      )
    })
  const file = (text: string, name = 'settings') => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const lines = (values: object) =>
    Object.entries(values)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join('')

  it('ends with 0 for a file that is right, in either form', async () => {
    for (const text of [lines(GOOD), `\uFEFF${lines(GOOD)}`, JSON.stringify(GOOD, null, 2)]) {
      expect(await doctor([file(text)])).toEqual({ code: 0, printed: expect.stringContaining('nothing is wrong') })
    }
  })

  it('ends with 1 and says each reason, never a value', async () => {
    const wrong = {
      ...GOOD,
      RESEND_API_KEY: 'SG.hunter2',
      CORS_ORIGIN: 'https://hunter2.pe',
      MAILGUN_API_KEY: 'hunter2',
    }
    const { code, printed } = await doctor([file(`${lines(wrong)}APP_URL=https://cine.pe\n`)])
    expect(code).toBe(1)
    expect(printed.split('\n').slice(0, 4)).toEqual([
      '✗ APP_URL: stands there twice',
      '✗ CORS_ORIGIN: is no setting of posta; did you mean CORS_ORIGINS?',
      '✗ RESEND_API_KEY: must be a Resend API key; this is a SendGrid API key',
      '✗ MAILGUN_DOMAIN: is required with MAILGUN_API_KEY',
    ])
    expect(printed).not.toContain('hunter2')
  })

  it('reads .dev.vars when nothing is named, and says so where there is none', async () => {
    const own = file('POSTA_ENV=development\nCORS_ORIGIN=https://cine.pe\n', '.dev.vars')
    expect(await doctor([])).toEqual({ code: 1, printed: expect.stringContaining('did you mean CORS_ORIGINS?') })
    expect(await doctor(['--env'], GOOD)).toMatchObject({ code: 0 })
    file('POSTA_ENV=development\n', '.dev.vars')
    expect(await doctor([])).toEqual({ code: 0, printed: '.dev.vars: nothing is wrong\n' })
    rmSync(own)
    expect(await doctor([])).toEqual({ code: 2, printed: expect.stringContaining('There is no .dev.vars here') })
  })

  it('reads the environment when asked to', async () => {
    expect(await doctor(['--env'], GOOD)).toMatchObject({ code: 0 })
    expect(await doctor(['--env'], { ...GOOD, PUBLIC_URL: '' })).toMatchObject({ code: 1 })
  })

  it.each([[[]], [['nowhere.env']], [['--env', 'a']], [['--what']]])('says how it is used for %j', async (args) => {
    const { code, printed } = await doctor(args)
    expect([code, printed]).toEqual([2, expect.stringContaining('npm run doctor -- FILE')])
  })
})
