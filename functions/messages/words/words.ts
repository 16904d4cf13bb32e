// What happened to a message, as sentences in a language.
import type { Explained, Happened } from '../../../lib/delivery/explain.ts'
import type { Locale } from '../../../lib/names/locale.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Words } from './parts.ts'

const WORDS: Record<Locale, Words> = { en, es }

/** Names as their owners write them. */
const NAMES: Record<string, string> = {
  resend: 'Resend',
  sendgrid: 'SendGrid',
  mailgun: 'Mailgun',
  cloudflare: 'Cloudflare',
}
const named = (provider: string): string => NAMES[provider] ?? provider

export function sentencesOf({ happened, next }: Explained, locale: Locale, timeZone: string) {
  const words = WORDS[locale]
  const at = timesOf(locale, timeZone, happened[0]?.at ?? 0)
  return {
    sentences: happened.map((one) => said(one, words, at, locale)),
    next: next && { at: next.at, what: words.next[next.kind](at(next.at)) },
  }
}

function said(one: Happened, words: Words, at: (ms: number) => string, locale: Locale): string {
  switch (one.kind) {
    case 'accepted':
      return words.accepted(at(one.at))
    case 'scheduled':
      return words.scheduled(at(one.for))
    case 'attempt': {
      const { provider, how, code, durationMs, again } = one
      const seconds = (durationMs / 1_000).toLocaleString(locale, { maximumFractionDigits: 1 })
      return words.attempt[how]({ provider: named(provider), at: at(one.at), code: code ?? '', seconds, again })
    }
    case 'fell_back':
      return words.fellBack(named(one.provider))
    case 'reported':
      return words.reported[one.type]?.(named(one.provider), at(one.at)) ?? ''
    case 'replayed':
      return words.replayed(at(one.at))
    case 'ended':
      return words.ended[one.status]?.(at(one.at), one.inDoubt) ?? ''
  }
}

/** The time of day; with the day where that is another than the first one. */
function timesOf(locale: Locale, timeZone: string, first: number): (ms: number) => string {
  const day = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'medium', hourCycle: 'h23' })
  const today = day.format(first)
  return (ms) => (day.format(ms) === today ? time.format(ms) : `${day.format(ms)}, ${time.format(ms)}`)
}
