// What a code costs on the embedded wiring, counted as Cloudflare counts it: calls of the object and rows written.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { checkCode } from '../../lib/codes/check.ts'
import { openChallenge } from '../../lib/codes/open.ts'
import { runStep } from '../../lib/steps/steps.ts'
import { type StepArgs, type StepName, steps } from '../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { codeFor, coreOf } from '../fakes/core.ts'
import { mailbox } from '../fakes/mailbox.ts'

/** The same statements on the same object, counted. */
function counting(sql: SqlStorage): { sql: SqlStorage; written: () => number } {
  const cursors: { rowsWritten: number }[] = []
  const exec = ((query: string, ...bindings: never[]) => {
    const cursor = sql.exec(query, ...bindings)
    cursors.push(cursor)
    return cursor
  }) as SqlStorage['exec']
  return { sql: { exec } as SqlStorage, written: () => cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, 0) }
}

it('is 3 calls of the store and at most 60 rows written for a healthy code that is checked', async () => {
  const { trips, written } = await runInDurableObject(env.POSTA_OBJECT.getByName('cost'), async (_, state) => {
    const counted = counting(state.storage.sql)
    const trips: string[] = []
    const store = sqliteStore(() => ({
      run: async <N extends StepName>(name: N, args: StepArgs<N>) => {
        trips.push(name)
        return runStep(steps, counted.sql, name, args)
      },
    }))
    const provider = mailbox()
    const core = coreOf(store, { providers: [provider] })
    const opened = await openChallenge(core, codeFor('ana@example.com'))
    if (!opened.ok) throw new Error(opened.refusal.code)
    await opened.value.first
    const code = /\d+/.exec(provider.mails[0]?.text ?? '')?.[0] ?? ''
    const caller = { keyName: null, ip: '203.0.113.7' }
    const checked = await checkCode(core, {
      challengeId: opened.value.challengeId,
      audience: 'service',
      proof: { code },
      caller,
    })
    expect(checked.ok).toBe(true)
    return { trips, written: counted.written() }
  })
  expect(trips).toEqual(['admit', 'settle', 'check'])
  expect(written).toBeGreaterThan(10)
  expect(written).toBeLessThanOrEqual(60)
})
