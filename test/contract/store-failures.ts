// Contract: failures in the audit are counted by person and hour, so that nobody can fill it.
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../lib/ports/audit.ts'
import { COUNTED_KINDS } from '../../lib/rules/audit.ts'
import { AUDIT_COUNTED_MAX } from '../../lib/rules/numbers.ts'
import { admit, DAY, group, HOUR, message, type Opened, parallel, SECOND, unique } from './store-kit.ts'

export function failuresContract(open: Opened): void {
  /** The start of an hour, so that what follows is in the same one. */
  const hour = (now = Date.now()) => now - (now % HOUR)
  const failed = (at: number, person: string | null, more: Partial<AuditEntry> = {}): AuditEntry => ({
    at,
    kind: 'login_failed',
    person,
    opener: null,
    agent: 'Firefox',
    ip: '203.0.113.0/24',
    ...more,
  })
  const listed = async (person: string | null) =>
    (await open().audit.list(10_000)).filter((entry) => entry.person === person)

  describe('failures in the audit', () => {
    it.each(COUNTED_KINDS)('of kind %s are one entry an hour, with the newest instant and origin', async (kind) => {
      const [at, person] = [hour(), unique('person')]
      for (const i of [0, 1, 2]) await open().audit.append(failed(at + i * SECOND, person, { kind, ip: `${i}` }))
      await open().audit.append(failed(at + SECOND, person, { kind, ip: 'late' }))
      const newest = failed(at + 2 * SECOND, person, { kind, ip: '2' })
      expect(await listed(person)).toEqual([{ ...newest, count: 4 }])
    })

    it('are counted apart by hour, opener and kind, newest first', async () => {
      const [at, person] = [hour() - 5 * HOUR, unique('person')]
      const all = [
        failed(at, person),
        failed(at + 1, person, { opener: 'owner' }),
        failed(at + 2, person, { kind: 'sign_up' }),
        failed(at + HOUR, person),
      ]
      for (const entry of [...all, ...all]) await open().audit.append(entry)
      expect(await listed(person)).toEqual(all.toReversed().map((entry) => ({ ...entry, count: 2 })))
    })

    it('come before what was noted in the same ms and earlier', async () => {
      const [at, person] = [hour(), unique('person')]
      const [bad, good] = [failed(at, person), failed(at, person, { kind: unique('kind') })]
      for (const entry of [bad, good, bad]) await open().audit.append(entry)
      expect((await listed(person)).map(({ kind, count }) => [kind, count])).toEqual([
        [bad.kind, 2],
        [good.kind, 1],
      ])
    })

    it('are counted once by 20 at once who repeat one admission, and once more by another', async () => {
      const [now, person] = [hour(), unique('person')]
      const asked = failed(now, person, { kind: 'recovery_asked', opener: 'anonymous' })
      const whole = group(now, [message(now)], { audit: asked })
      await parallel(20, () => admit(open(), whole))
      expect(await listed(person)).toEqual([{ ...asked, count: 1 }])
      await admit(open(), group(now, [message(now)], { audit: asked }))
      expect(await listed(person)).toEqual([{ ...asked, count: 2 }])
    })

    it('of more people than an hour has room for are counted without one', async () => {
      const at = hour() - 40 * DAY
      const people = Array.from({ length: AUDIT_COUNTED_MAX }, () => unique('person'))
      for (const person of people) await open().audit.append(failed(at, person))
      const before = (await open().audit.list(10_000)).length
      for (const i of [1, 2, 3]) await open().audit.append(failed(at + i, unique('person')))
      await open().audit.append(failed(at + 9, people[7] ?? null))
      const all = await open().audit.list(10_000)
      expect(all.length - before).toBe(1)
      expect(all.find((entry) => entry.person === null && entry.at === at + 3)).toMatchObject({ count: 3 })
      expect(await listed(people[7] ?? '')).toMatchObject([{ at: at + 9, count: 2 }])
    })
  })
}
