// Numbers that SQL has to say itself are those of lib/rules.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EFFECT_KEPT_MS } from '../../../lib/rules/numbers.ts'

const sql = (name: string) => readFileSync(join(import.meta.dirname, '../../../supabase/migrations', name), 'utf8')

it('forgets what a challenge has done to an account after as many days in PostgreSQL as in SQLite', () => {
  const days = [...sql('20261122000002_posta_users_functions.sql').matchAll(/interval '(\d+) days'/g)]
  expect(days.map((found) => Number(found[1]) * 86_400_000)).toEqual([EFFECT_KEPT_MS])
})
