// What a language has to say of a message.
import type { How, Next } from '../../../lib/delivery/explain.ts'
import type { Status } from '../../../lib/rules/status.ts'

/** A sentence's parts: `at` is told in the deployment's own time. */
export interface Words {
  accepted(at: string): string
  scheduled(at: string): string
  attempt: Record<
    How,
    (told: { provider: string; at: string; code: string; seconds: string; again: boolean }) => string
  >
  fellBack(provider: string): string
  reported: Record<string, (provider: string, at: string) => string>
  replayed(at: string): string
  ended: Partial<Record<Status, (at: string, inDoubt: boolean) => string>>
  next: Record<Next['kind'], (at: string) => string>
}
