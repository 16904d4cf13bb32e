// The log: fields of an allow-list, and nothing else.
import { describe, expect, it } from 'vitest'
import { jsonLog, type LogFields } from '../../lib/log.ts'

describe('the log', () => {
  it('writes one line of JSON and drops every field that is not on its list', () => {
    const lines: string[] = []
    const log = jsonLog(
      (line) => lines.push(line),
      () => 0,
    )
    const wide = { message_id: 'msg_1', to: 'ana@example.com', code: null } as LogFields
    log('info', 'attempt', wide)
    expect(lines).toEqual(['{"at":"1970-01-01T00:00:00.000Z","level":"info","event":"attempt","message_id":"msg_1"}'])
  })

  it('says beside the code of a provider what it comes to', () => {
    const lines: string[] = []
    const log = jsonLog(
      (line) => lines.push(line),
      () => 0,
    )
    log('warn', 'attempt', { provider: 'resend', code: 'daily_quota_exceeded' })
    log('info', 'attempt', { provider: 'resend', code: null })
    log('warn', 'wake_given_up', { code: 'timeout' })
    expect(lines.map((line) => JSON.parse(line).failure)).toEqual(['quota', undefined, undefined])
  })
})
