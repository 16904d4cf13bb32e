// Answers kept under the token of their call: a repeat after a lost answer is told the first one.
import { RETENTION } from '../../rules/numbers.ts'

/** null when this call was not answered before. */
export function told<A>(sql: SqlStorage, token: string): A | null {
  const [known] = sql.exec<{ answer: string }>('SELECT answer FROM answers WHERE token = ?', token).toArray()
  return known ? (JSON.parse(known.answer) as A) : null
}

export function tell<A>(sql: SqlStorage, token: string, answer: A, now: number): A {
  sql.exec(
    'INSERT INTO answers (token, answer, purge_at) VALUES (?, ?, ?)',
    token,
    JSON.stringify(answer),
    now + RETENTION.answerMs,
  )
  return answer
}
