// What `npm run dev` prints once the Worker answers: where it is, how to get in, what to try first.
import { styleText } from 'node:util'
import { readyVendors, type VendorSettings } from '../lib/providers/vendors.ts'

export interface Running {
  /** Origin, without a slash at its end. */
  url: string
  /** The variables the Worker sees. */
  variables: Record<string, string>
  /** Folder that keeps the Durable Object across restarts. */
  state: string
}

const bold = (text: string) => styleText('bold', text)
const dim = (text: string) => styleText('dim', text)
const cyan = (text: string) => styleText('cyan', text)

/** True when mail can end in the inbox page: it plays every vendor that is not configured. */
function usesInbox(variables: Record<string, string>): boolean {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const ready = readyVendors(given as VendorSettings)
  const listed = given.EMAIL_PROVIDERS?.split(',').map((name) => name.trim())
  return listed ? listed.some((name) => name !== 'console' && !ready.includes(name)) : ready.length === 0
}

export function welcome({ url, variables, state }: Running): string {
  const development = (variables.POSTA_ENV || 'development') === 'development'
  const builtIn = development && !variables.POSTA_API_KEYS
  const inbox = development && usesInbox(variables)
  const curl = url.startsWith('https:') ? 'curl -sk' : 'curl -s'
  const json = `-H 'Content-Type: application/json'`
  const authorization = builtIn
    ? `-H 'Authorization: Bearer posta_development'`
    : `-H "Authorization: Bearer $POSTA_KEY"`
  const body = '{"to":{"email":"ana@example.com"},"purpose":"login"}'
  return `
  ${bold('posta')} is running

  ${dim('URL')}      ${cyan(url)}
  ${dim('API key')}  ${builtIn ? 'posta_development' : 'yours: one of POSTA_API_KEYS, below as $POSTA_KEY (npm run key makes one)'}
  ${dim('Inbox')}    ${inbox ? cyan(`${url}/dev/inbox`) : 'not in use: mail leaves through a provider'}
  ${dim('State')}    ${state}

  ${bold('1')}  Send a code${inbox ? '' : ' (put an address of yours)'}:

${curl} ${url}/v1/challenges ${authorization} ${json} -d '${body}'

  ${bold('2')}  Read it in the ${inbox ? 'inbox' : 'mail'}, and check it with the challenge_id you were given:

${curl} ${url}/v1/challenges/CHALLENGE_ID/check ${json} -d '{"code":"CODE"}'

  ${dim('Ctrl-C stops it.')}

`
}
