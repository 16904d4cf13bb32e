// What of wrangler's lines `npm run dev` leaves out, and what it never may.
import { expect, it } from 'vitest'
import { listener } from '../../../scripts/quiet.ts'

const heard = (...lines: string[]) => lines.filter(listener())

it.each([
  '[wrangler:info] GET /health 200 OK (15ms)',
  '\u001b[2m[wrangler:info]\u001b[22m GET /dev/inbox.json 304 Not Modified (20002ms)',
  '[wrangler:info] POST /v1/challenges/ch_1/check 422 Unprocessable Content (7ms)',
])('leaves out the second line of a request: %s', (line) => expect(heard(line)).toEqual([]))

it('leaves out that crons do not fire, and nothing that comes after it', () => {
  const warning = [
    '\u001b[33m▲ \u001b[43;33m[WARNING]\u001b[0m Scheduled Workers are not automatically triggered during local development.',
    '',
    '  To manually trigger a scheduled event, run:',
    '    curl "http://localhost:8787/cdn-cgi/local/scheduled"',
    '',
  ]
  const next = ['▲ [WARNING] EMAIL_FORM is no setting', '', '    at wrangler.toml:3']
  expect(heard(...warning, ...next)).toEqual(next)
})

it.each([
  '[wrangler:info] Ready on http://localhost:8787',
  '[wrangler:error] Error: no such column: name',
  '    at PostaObject (functions/object.ts:42:7)',
  '{"level":"info","event":"request","method":"GET","route":"/health","status":200}',
  '',
])('keeps every other line: %j', (line) => expect(heard(line)).toEqual([line]))
