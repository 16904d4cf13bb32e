// The Provider port: one vendor that takes a rendered message. The router knows no vendor names.
import type { Channel } from '../rules/status.ts'
import type { SendOutcome } from './message.ts'

export interface Mailbox {
  address: string
  name: string | null
}

/** A message ready to leave; every try of the same row carries the same bytes and the same key. */
export interface Outgoing {
  messageId: string
  /** Idempotency key for providers that honour one: printable ASCII, at most 255 characters. */
  key: string
  from: Mailbox
  replyTo: Mailbox | null
  to: Mailbox
  subject: string
  html: string
  text: string
  /** Extra mail headers; values hold no CR or LF. */
  headers: Record<string, string>
  attachments: Attachment[]
}

export interface Attachment {
  filename: string
  contentType: string
  /** Standard base64. */
  content: string
  /** Set for inline images: equals the filename, because Mailgun knows no other id. */
  contentId: string | null
}

/**
 *     const outcome = await provider.send(outgoing, 8_000)
 *     if (outcome.kind === 'accepted') …
 */
export interface Provider {
  /** Stable lower-case name, as `attempts` shows it. */
  name: string
  channel: Channel
  /** True when the vendor honours `Outgoing.key`, so the same key can be sent twice without a second copy. */
  keyed: boolean
  /** True when its delivery reports reach us (a webhook secret is set): an ambiguous row may wait for one. */
  reports: boolean
  /** Makes one call, bounded by `timeoutMs`. Never throws: every end is an outcome. */
  send(outgoing: Outgoing, timeoutMs: number): Promise<SendOutcome>
}
