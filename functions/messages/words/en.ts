// English.
import type { Words } from './parts.ts'

const why = (code: string): string => (code ? ` (${code})` : '')

export const en: Words = {
  accepted: (at) => `It was accepted at ${at}.`,
  scheduled: (at) => `It was to leave at ${at}.`,
  attempt: {
    accepted: ({ provider, at, seconds }) => `${provider} took it at ${at}, in ${seconds} s.`,
    rejected: ({ provider, at, code }) =>
      `${provider} refused this recipient or content for good at ${at}${why(code)}.`,
    throttled: ({ provider, at, code }) => `${provider} asked us to slow down at ${at}${why(code)}.`,
    misconfigured: ({ provider, at, code }) =>
      `${provider} refused our key, our sender or our quota at ${at}${why(code)}.`,
    unavailable: ({ provider, at, code, again }) =>
      `${provider} could not take it at ${at}${why(code)}${again ? ', once more' : ''}.`,
    no_answer: ({ provider, at, seconds }) =>
      `${provider} did not answer for ${seconds} s at ${at}, so it may have taken it.`,
    lost: ({ provider, at, code }) =>
      `The connection to ${provider} was lost at ${at}${why(code)}, so it may have taken it.`,
    worker_died: ({ provider, at }) => `The worker that was asking ${provider} died; at ${at} another one took over.`,
    ours: ({ at, code }) => `At ${at} it could not be made ready here${why(code)}; no provider was asked.`,
  },
  fellBack: (provider) => `So ${provider} was asked instead.`,
  reported: {
    delayed: (provider, at) => `${provider} said at ${at} that the receiving side makes it wait.`,
    delivered: (provider, at) => `${provider} said at ${at} that it was delivered.`,
    bounced: (provider, at) => `${provider} said at ${at} that it bounced.`,
    complained: (provider, at) => `${provider} said at ${at} that the person reported it as spam.`,
  },
  replayed: (at) => `An operator sent it again at ${at}.`,
  ended: {
    failed: (at) => `It ended at ${at}: nobody took it, and it is not tried any more.`,
    cancelled: (at) => `It was cancelled at ${at}, before anybody took it.`,
    expired: (at) => `It was worth nothing any more at ${at}, and nobody had taken it.`,
    suppressed: (at) => `It was stopped at ${at}: this address must not get such mail.`,
    dropped: (at) => `It was dropped at ${at}: SENDING=drop sends nothing.`,
    shadowed: (at) => `It was rendered and not sent at ${at}: SENDING=shadow makes no calls.`,
    unknown: (at) =>
      `It ended at ${at} in doubt: a copy may have been taken, and asking again could make a second one.`,
  },
  next: {
    leaves: (at) => `It leaves at ${at}.`,
    tried_again: (at) => `It is tried again at ${at}.`,
    under_way: () => 'A provider is being asked at this moment.',
    waits_for_report: () => 'A report of its provider would still tell the truth.',
  },
}
