// What a row keeps sealed, and how it becomes a message that can leave.

import { base64, fromBase64 } from '../bytes.ts'
import type { Core } from '../core.ts'
import type { Attachment, Mailbox, Outgoing } from '../ports/provider.ts'
import type { RenderInput } from '../ports/renderer.ts'
import type { Claimed } from '../ports/row.ts'
import { type CodeSource, deriveCode, linkToken } from '../secrets/code.ts'
import { userMail } from '../templates/user-mail.ts'

/** Address and render inputs, frozen when the message was admitted. */
export interface Payload {
  to: Mailbox
  from: Mailbox
  replyTo: Mailbox | null
  /** In the place of the template's own. */
  subject?: string | null
  render: RenderInput
  /** Set for messages that carry a code: it is derived again for every attempt. */
  code: (CodeSource & { page: string | null }) | null
  /** What is attached; the contents are sealed behind it. */
  files?: File[]
}

type File = Omit<Attachment, 'content'>

export const sealPayload = (core: Core, id: string, payload: Payload): Promise<string> =>
  core.keys.seal(id, JSON.stringify(payload))

const BETWEEN = '\n'
const nameOf = (id: string, part: number): string => `${id}/${part}`

/** The same with attachments, each sealed behind it as bytes: base64 within base64 would not fit into a row. */
export async function sealMessage(
  core: Core,
  id: string,
  { attachments, ...payload }: Payload & { attachments: Attachment[] },
): Promise<string> {
  const files = attachments.map(({ content: _, ...file }) => file)
  const first = await sealPayload(core, id, files.length > 0 ? { ...payload, files } : payload)
  const contents = attachments.map(({ content }, part) => {
    const bytes = fromBase64(content)
    if (!bytes) throw new Error('sealMessage: an attachment is not base64')
    return core.keys.seal(nameOf(id, part), bytes)
  })
  return [first, ...(await Promise.all(contents))].join(BETWEEN)
}

/** null when the seal cannot be opened: damaged, or its secret is gone. Its attachments stay sealed. */
export async function openPayload(core: Core, id: string, sealed: string): Promise<Payload | null> {
  const [first = ''] = sealed.split(BETWEEN, 1)
  const text = await core.keys.open(id, first)
  return text === null ? null : (JSON.parse(text) as Payload)
}

/** The same with its attachments. */
export async function openMessage(
  core: Core,
  id: string,
  sealed: string,
): Promise<(Payload & { attachments: Attachment[] }) | null> {
  const payload = await openPayload(core, id, sealed)
  return payload && { ...payload, attachments: await openAttachments(core, id, sealed, payload.files ?? []) }
}

async function openAttachments(core: Core, id: string, sealed: string, files: File[]): Promise<Attachment[]> {
  const contents = sealed.split(BETWEEN).slice(1)
  return Promise.all(
    files.map(async (file, part) => {
      const bytes = await core.keys.openBytes(nameOf(id, part), contents[part] ?? '')
      if (!bytes) throw new Error('an attachment cannot be opened')
      return { ...file, content: base64(bytes) }
    }),
  )
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
    subject: payload.subject ?? subject,
    html,
    text,
    // RFC 3834: nobody's out-of-office answers it, unless a person wrote it. The reference of its own keeps Gmail from hiding the newest code
    // in one thread with those before it.
    headers: {
      ...(row.template === userMail.name ? {} : { 'Auto-Submitted': 'auto-generated' }),
      'X-Entity-Ref-ID': row.id,
    },
    attachments: [...attachments, ...(await openAttachments(core, row.id, row.sealed, payload.files ?? []))],
  }
}

async function codeData(core: Core, source: CodeSource & { page: string | null }) {
  const code = await deriveCode(core.keys, source)
  if (source.page === null) return { code, link: null }
  const token = await linkToken(core.keys, source.challengeId, source.channel, source.kid)
  // In the fragment: servers, their logs and Referer never see it.
  return { code, link: `${source.page}#token=${token}` }
}
