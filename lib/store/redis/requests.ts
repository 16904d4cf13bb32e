// What a step is asked: the keys its caller can name, and the request as the scripts read it.

import type { Admission, NewMessage } from '../../ports/admission.ts'
import type { AuditEntry } from '../../ports/audit.ts'
import type { Take } from '../../ports/limits.ts'
import type { Later, Next } from '../../ports/outbox.ts'
import type { Bearer } from '../../ports/sessions.ts'
import { admissionName } from '../../rules/admission-name.ts'
import { isCountedSeries } from '../../rules/windows.ts'
import { newToken } from './client.ts'
import { AUDIT, key } from './keys.ts'

export const messageKeys = (id: string): string[] => (['message', 'payload'] as const).map((kind) => key(kind, id))

export const seriesKeys = (takes: Take[]): string[] =>
  takes.map((take) => key(isCountedSeries(take.rules) ? 'ticks' : 'hits', take.series))

export const bearerKeys = (bearer: Bearer): string[] => [key('session', bearer.sessionId), key('epoch', bearer.userId)]

/** An entry as its member: `name` tells it from others alike, and a repeat's from none. */
export const auditText = ({ at, kind, person, opener, agent, ip }: AuditEntry, name: string): string =>
  JSON.stringify({ at, kind, person, opener, agent, ip, id: name })

export function admissionKeys(group: Admission): string[] {
  const { challenge, idempotency, messages, session, bearer, audit } = group
  const ids = challenge === null ? [] : ['open' in challenge ? challenge.open.id : challenge.resend.id]
  return [
    ...seriesKeys([...group.sends, ...group.takes]),
    ...(idempotency ? [key('idempotency', idempotency.key)] : []),
    ...(session ? [key('session', session.id), key('sessions', session.userId), key('epoch', session.userId)] : []),
    ...(bearer ? bearerKeys(bearer) : []),
    ...(audit ? AUDIT : []),
    ...(challenge && 'open' in challenge && challenge.open.subject ? [key('subject', challenge.open.subject)] : []),
    ...ids.map((id) => key('challenge', id)),
    ...(group.cancels ?? []).map((one) => key('link', `reference:${one}`)),
    ...messages.flatMap((message) => [
      ...messageKeys(message.id),
      ...message.slotSeries.map((series) => key('hits', series)),
      ...message.after.map((id) => key('message', id)),
      ...(message.references ?? []).map((one) => key('link', `reference:${one}`)),
      ...(message.people ?? []).map((one) => key('link', `person:${one}`)),
      ...(message.challengeId === null ? [] : [key('challenge', message.challengeId)]),
    ]),
  ]
}

/** An admission for the script. Lists a row keeps travel as text: Lua cannot tell an empty list from an empty object. */
export function asked(admission: Admission) {
  const { challenge, messages, audit, ...group } = admission
  const open = challenge && 'open' in challenge ? challenge.open : null
  return {
    ...group,
    audit: audit ? auditText(audit, admissionName(admission) ?? newToken()) : null,
    cancels: group.cancels?.map((one) => `reference:${one}`),
    resend: challenge && 'resend' in challenge ? challenge.resend : null,
    open: open && {
      ...open,
      persons: JSON.stringify(open.persons),
      // Pairs keep the order in which channels are compared.
      macs: JSON.stringify(Object.entries(open.macs)),
    },
    messages: messages.map((message: NewMessage) => ({
      ...message,
      providers: JSON.stringify(message.providers),
      slotSeries: JSON.stringify(message.slotSeries),
      after: message.after.join(' ') || null,
      links: [
        ...(message.references ?? []).map((one) => `reference:${one}`),
        ...(message.people ?? []).map((one) => `person:${one}`),
      ].join(' '),
      references: undefined,
      people: undefined,
    })),
  }
}

const textOf = (later: Later) => ({ ...later, candidates: JSON.stringify(later.candidates) })

export function texts(next: Next) {
  if (next.kind === 'end') return next
  if (next.kind === 'later') return textOf(next)
  return { ...next, candidates: JSON.stringify(next.candidates), otherwise: textOf(next.otherwise) }
}
