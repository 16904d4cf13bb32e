// A mail provider that keeps what it takes, and refuses or hangs when it is told to.
import type { SendOutcome } from '../../lib/ports/message.ts'
import type { Outgoing, Provider } from '../../lib/ports/provider.ts'

export interface Mailbox extends Provider {
  /** What it took, oldest first. */
  mails: Outgoing[]
  /** What calls come to from now on, those that hang included; it begins by taking everything. */
  answer(outcome: SendOutcome): void
  /** Calls wait from now on, until `answer`. */
  hang(): void
  /** Resolves as soon as a call hangs. */
  stuck(): Promise<void>
}

export function mailbox(): Mailbox {
  const mails: Outgoing[] = []
  let outcome: SendOutcome | null = { kind: 'accepted', providerId: null }
  let answered = Promise.withResolvers<SendOutcome>()
  let stuck = Promise.withResolvers<void>()
  return {
    name: 'fake',
    channel: 'email',
    keyed: true,
    reports: false,
    async send(outgoing) {
      if (outcome === null) stuck.resolve()
      const end = outcome ?? (await answered.promise)
      if (end.kind === 'accepted') mails.push(outgoing)
      return end
    },
    mails,
    answer(next) {
      outcome = next
      answered.resolve(next)
      stuck = Promise.withResolvers()
    },
    hang() {
      outcome = null
      answered = Promise.withResolvers()
    },
    stuck: () => stuck.promise,
  }
}
