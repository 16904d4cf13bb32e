// What only a status or a sentence of a vendor tells, in words of ours: whose fault it is that a mail was not taken.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Provider } from '../../../lib/ports/provider.ts'
import { mailgunProvider } from '../../../lib/providers/mailgun.ts'
import { resendProvider } from '../../../lib/providers/resend.ts'
import { sendgridProvider } from '../../../lib/providers/sendgrid.ts'
import { type MailVendors, type Mode, startMailVendors, type Vendor } from '../../fakes/mail-vendors.ts'

const box = (address: string) => ({ address, name: null })
const outgoing = {
  messageId: 'msg_1',
  key: 'msg_1.0',
  from: box('no-reply@mail.test'),
  replyTo: null,
  to: box('luis@cine.test'),
  subject: 'Hola',
  html: '<p>Hola</p>',
  text: 'Hola',
  headers: {},
  attachments: [],
}

let vendors: MailVendors
let providers: Record<Vendor, Provider>
beforeAll(async () => {
  vendors = await startMailVendors()
  const { url } = vendors
  providers = {
    resend: resendProvider({ apiKey: 're_test', baseUrl: `${url}/resend`, reports: true }),
    sendgrid: sendgridProvider({ apiKey: 'SG.test', baseUrl: `${url}/sendgrid`, reports: true }),
    mailgun: mailgunProvider({ apiKey: 'test', domain: 'mg.test', baseUrl: `${url}/mailgun`, reports: false }),
  }
})
afterAll(() => vendors.close())

const resend = (status: number, message: string): Mode => ({ status, body: { name: 'validation_error', message } })
const sendgrid = (status: number, message: string): Mode => ({ status, body: { errors: [{ message }] } })
const mailgun = (status: number, message: string): Mode => ({ status, body: { message } })

it.each<[Vendor, Mode, 'misconfigured' | 'rejected', string]>([
  ['resend', resend(403, 'The mail.test domain is not verified.'), 'misconfigured', 'sender_domain_not_verified'],
  ['resend', resend(422, 'Invalid `to` field. The address …'), 'rejected', 'address_refused'],
  ['resend', resend(422, 'Invalid `subject` field.'), 'rejected', 'validation_error'],
  ['sendgrid', 'quota', 'misconfigured', 'quota'],
  ['sendgrid', 'reject', 'rejected', 'address_refused'],
  ['sendgrid', sendgrid(400, 'Reserved header'), 'rejected', 'http_400'],
  [
    'sendgrid',
    sendgrid(403, 'The from address does not match a verified Sender Identity. Mail cannot be sent.'),
    'misconfigured',
    'sender_domain_not_verified',
  ],
  ['sendgrid', { status: 401, body: { errors: 'odd' } }, 'misconfigured', 'http_401'],
  ['sendgrid', { status: 401, body: { errors: [null] } }, 'misconfigured', 'http_401'],
  ['mailgun', 'reject', 'rejected', 'address_refused'],
  ['mailgun', mailgun(400, "'from' parameter is not a valid address."), 'rejected', 'http_400'],
  ['mailgun', mailgun(404, 'Domain not found: mg.test'), 'misconfigured', 'sender_domain_not_verified'],
])('%s answers %j: %s, %s', async (vendor, mode, kind, code) => {
  vendors.mode(vendor, mode)
  expect(await providers[vendor].send(outgoing, 2_000)).toEqual({ kind, code })
})
