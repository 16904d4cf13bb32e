// One message by several channels: all at once, or each in its turn.
import { expect, it } from 'vitest'
import { rowsOf, type SendRequest } from '../../../lib/delivery/message-rows.ts'
import { CHALLENGE } from '../../../lib/rules/numbers.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { note } from '../../../lib/templates/note.ts'
import { coreOf } from '../../fakes/core.ts'
import { mailbox } from '../../fakes/mailbox.ts'
import { openSqlite } from '../../fakes/sqlite.ts'

const runner = openSqlite().runner(steps)
const core = coreOf(
  sqliteStore(() => runner),
  { providers: [mailbox(), { ...mailbox(), name: 'texts', channel: 'sms' }] },
)

const request = (mode: 'each' | 'first'): SendRequest => ({
  template: note,
  data: { text: 'Hi' },
  to: { email: { deliver: 'ana@example.com', normal: 'ana@example.com' }, phone: '+573001112233', name: null },
  ...{ locale: 'en', subject: null, channels: ['email', 'sms'], mode, priority: null, class: null },
  ...{ sendAt: null, leadMs: null, expiresAt: null, provider: null, useFallback: true, attachments: [] },
  ...{ reference: null, metadata: null, cancels: true, owner: null, from: null, replyTo: null },
})

const rows = async (mode: 'each' | 'first') => {
  const made = await rowsOf(core, request(mode), core.now())
  if (!made.ok) throw new Error(made.refusal.code)
  return made.value.messages
}

it('goes by each of them at once', async () => {
  const [mail, text] = await rows('each')
  expect([mail?.channel, text?.channel]).toEqual(['email', 'sms'])
  expect(text).toMatchObject({ after: [], dueAt: mail?.dueAt, providers: ['texts'] })
  expect(mail?.recipient).not.toBe(text?.recipient)
})

it('goes by the second once the first was refused, or half a minute later', async () => {
  const [mail, text] = await rows('first')
  expect(text).toMatchObject({ after: [mail?.id], dueAt: (mail?.dueAt ?? 0) + CHALLENGE.stageAfterMs })
})
