// What a row keeps sealed, and how it becomes a message that can leave.

import type { Core } from '../core.ts'
import type { Mailbox, Outgoing } from '../ports/provider.ts'
import type { RenderInput } from '../ports/renderer.ts'
import type { Claimed } from '../ports/row.ts'
import { type CodeSource, deriveCode, linkToken } from '../secrets/code.ts'

/** Address and render inputs, frozen when the message was admitted. */
export interface Payload {
  to: Mailbox
  from: Mailbox
  replyTo: Mailbox | null
  render: RenderInput
  /** Set for messages that carry a code: it is derived again for every attempt. */
  code: (CodeSource & { page: string | null }) | null
}

export const sealPayload = (core: Core, id: string, payload: Payload): Promise<string> =>
  core.keys.seal(id, JSON.stringify(payload))

/** null when the seal cannot be opened: damaged, or its secret is gone. */
export async function openPayload(core: Core, id: string, sealed: string): Promise<Payload | null> {
  const text = await core.keys.open(id, sealed)
  return text === null ? null : (JSON.parse(text) as Payload)
}

/** Sealed with a secret that this isolate does not hold: while secrets change, another one does. */
export const isForeign = (core: Core, sealed: string): boolean =>
  !core.keys.kids.includes(sealed.slice(0, sealed.indexOf('.')))

/** Renders the same bytes on every try of a row. */
export async function compose(core: Core, row: Claimed, provider: string, payload: Payload): Promise<Outgoing> {
  const secret = payload.code ? await codeData(core, payload.code) : {}
  const { subject, html, text, attachments } = await core.renderer.render({
    ...payload.render,
    data: { ...payload.render.data, ...secret },
  })
  return {
    messageId: row.id,
    key: `${row.id}-${row.replays}-${provider}`,
    from: payload.from,
    replyTo: payload.replyTo,
    to: payload.to,
    subject,
    html,
    text,
    // RFC 3834: nobody's out-of-office answers it. The reference of its own keeps Gmail from hiding the newest code
    // in one thread with those before it.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Entity-Ref-ID': row.id },
    attachments,
  }
}

async function codeData(core: Core, source: CodeSource & { page: string | null }) {
  const code = await deriveCode(core.keys, source)
  if (source.page === null) return { code, link: null }
  const token = await linkToken(core.keys, source.challengeId, source.channel, source.kid)
  // In the fragment: servers, their logs and Referer never see it.
  return { code, link: `${source.page}#token=${token}` }
}
