// Development only: mail is printed, codes included, and goes nowhere.
import { headerText } from '../net/call.ts'
import type { Provider } from '../ports/provider.ts'
import { vendor } from './vendor.ts'

export const consoleVendor = vendor({
  name: 'console',
  settings: {},
  development: true,
  ready: () => true,
  make: (_, { write }) => consoleProvider(write),
})

/** `write` takes one line, without its end. */
export function consoleProvider(write: (line: string) => void): Provider {
  return {
    name: 'console',
    channel: 'email',
    keyed: false,
    reports: false,
    async send({ messageId, to, subject, text }) {
      const lines = [`mail ${messageId}`, `to: ${to.address}`, `subject: ${subject}`, '', ...text.split(/\r?\n/)]
      // Mail may quote what strangers typed: no escape sequence reaches the terminal.
      for (const line of lines) write(headerText(line))
      return { kind: 'accepted', providerId: null }
    },
  }
}
