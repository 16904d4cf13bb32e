// What `npm run dev` says of the inbox follows from which vendors are configured.
import { expect, it } from 'vitest'
import { welcome } from '../../../scripts/welcome.ts'

const inboxLine = (variables: Record<string, string>) =>
  /Inbox.*/.exec(welcome({ url: 'http://localhost:8787', variables, state: '.wrangler/state' }))?.[0]

it.each<[Record<string, string>]>([
  [{}],
  [{ RESEND_API_KEY: '' }],
  [{ EMAIL_PROVIDERS: 'resend, sendgrid', RESEND_API_KEY: 're_1' }],
  [{ EMAIL_PROVIDERS: 'inbox' }],
])('names the inbox when a vendor is played by it: %j', (variables) => {
  expect(inboxLine(variables)).toContain('http://localhost:8787/dev/inbox')
})

it.each<[Record<string, string>]>([
  [{ MAILGUN_API_KEY: 'key', MAILGUN_DOMAIN: 'mg.example.com' }],
  [{ EMAIL_PROVIDERS: 'console,resend', RESEND_API_KEY: 're_1' }],
  [{ POSTA_ENV: 'production' }],
])('says that it is not in use when mail leaves: %j', (variables) => {
  expect(inboxLine(variables)).toContain('not in use')
})
