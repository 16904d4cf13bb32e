// Waits that double: one row per series that was tried of late.
import type { Limited, Throttle } from '../../ports/limits.ts'
import { waitMs } from '../../rules/throttle.ts'
import type { Usage } from '../../rules/windows.ts'
import { tell, told } from './answers.ts'
import { take } from './limits.ts'

type Throttled = { kind: 'taken'; usage: Usage[] } | Limited

export function throttle(sql: SqlStorage, t: Throttle): Throttled {
  return told<Throttled>(sql, t.token) ?? tell(sql, t.token, tried(sql, t), t.now)
}

function tried(sql: SqlStorage, { series, rule, takes, now }: Throttle): Throttled {
  const taken = take(sql, takes, now)
  if (taken.kind === 'limited') return taken
  const [row] = sql
    .exec<{ wrong: number; at: number; until: number }>(
      'SELECT wrong, at, until FROM throttles WHERE series = ?',
      series,
    )
    .toArray()
  if (row && row.until > now) return { kind: 'limited', name: rule.name, retryAt: row.until, usage: taken.usage }
  const wrong = (row && now - Math.max(row.at, row.until) < rule.forgetMs ? row.wrong : 0) + 1
  const ms = waitMs(rule, wrong)
  sql.exec(
    'INSERT OR REPLACE INTO throttles (series, wrong, at, until, purge_at) VALUES (?1, ?2, ?3, ?4, ?5)',
    series,
    wrong,
    now,
    now + ms,
    now + ms + rule.forgetMs,
  )
  return taken
}
