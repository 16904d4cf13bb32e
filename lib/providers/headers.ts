// What goes into the headers of a mail, in the form that vendors take it.
import { headerText } from '../net/call.ts'
import type { Mailbox, Outgoing } from '../ports/provider.ts'

/** RFC 5322 name-addr; JSON escapes quotes and backslashes the same way. */
export const nameAddr = ({ name, address }: Mailbox): string =>
  name === null ? address : `${JSON.stringify(headerText(name))} <${address}>`

/** Extra headers, of which no value can end the line. */
export const extraHeaders = ({ headers }: Outgoing): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerText(value)]))
