// `npm run shadow`: whoever replaces a system sees, mail by mail, where posta would have done otherwise.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, type NewMail, type OldMail } from '../../../scripts/comparison.ts'
import { readOld } from '../../../scripts/shadow.ts'
import { runScript } from '../../fakes/served.ts'
import { servedEach } from '../../fakes/served-each.ts'

const MINUTE = 60_000
const BOUNDS = { withinMs: 60 * MINUTE, from: 0, to: 1_000 * MINUTE }
const old = (minute: number, subject: string, template: string | null = null): OldMail => ({
  ...{ line: minute, to: 'ana@example.com', subject, template },
  sentAt: minute * MINUTE,
})
const found = (minute: number, subject: string | null, template = 'note'): NewMail => ({
  ...{ id: `${subject}@${minute}`, toMasked: 'a…@e….com', template, subject },
  at: minute * MINUTE,
})
const judged = (olds: OldMail[], founds: NewMail[]) => {
  const { same, differences } = compare(olds, founds, BOUNDS)
  const words = differences.map((one) => `${one.kind} ${'found' in one ? one.found.id : one.old.subject}`)
  return [same, ...words]
}

describe('a comparison', () => {
  it.each<[string, OldMail[], NewMail[], (string | number)[]]>([
    ['the same', [old(1, 'A'), old(2, 'B')], [found(3, 'B'), found(4, 'A')], [2]],
    ['the same but for blanks and forms of letters', [old(1, ' Tu  función')], [found(1, 'Tu función')], [1]],
    ['nothing', [old(1, 'A')], [], [0, 'missing A']],
    ['too late', [old(1, 'A')], [found(62, 'A')], [0, 'missing A', 'extra A@62']],
    ['another subject', [old(1, 'A')], [found(2, 'B')], [0, 'other_subject B@2']],
    ['another template', [old(1, 'A', 'welcome')], [found(2, 'B')], [0, 'missing A', 'extra B@2']],
    [
      'that template',
      [old(1, 'A', 'welcome')],
      [found(2, 'B'), found(9, 'C', 'welcome')],
      [0, 'other_subject C@9', 'extra B@2'],
    ],
    ['twice', [old(1, 'A')], [found(2, 'A'), found(3, 'A')], [1, 'doubled A@3']],
    ['twice, as it was', [old(1, 'A'), old(5, 'A')], [found(2, 'A'), found(3, 'A')], [2]],
    ['once, which was twice', [old(1, 'A'), old(5, 'A')], [found(2, 'A')], [1, 'missing A']],
    [
      'a double beside a missing one',
      [old(1, 'A'), old(5, 'B')],
      [found(2, 'A'), found(3, 'A')],
      [1, 'missing B', 'doubled A@3'],
    ],
    ['words that are gone', [old(1, 'A')], [found(2, null)], [0, 'unread null@2']],
    ['one more', [old(1, 'A')], [found(1, 'A'), found(2, 'Z')], [1, 'extra Z@2']],
    ['one more, before the file begins', [old(1, 'A')], [found(1, 'A'), found(-5, 'Z')], [1]],
  ])('of %s', (_, olds, founds, expected) => expect(judged(olds, founds)).toEqual(expected))

  it('accounts for every mail once', () => {
    const minute = fc.integer({ min: 0, max: 300 })
    const subject = fc.constantFrom('A', 'B', 'C')
    const some = fc.array(fc.tuple(minute, subject), { maxLength: 12 })
    fc.assert(
      fc.property(some, some, (olds, founds) => {
        const { same, differences } = compare(
          olds.map(([at, text]) => old(at, text)),
          founds.map(([at, text]) => found(at, text)),
          BOUNDS,
        )
        const count = (...kinds: string[]) => differences.filter((one) => kinds.includes(one.kind)).length
        expect(same + count('missing', 'other_subject', 'unread')).toBe(olds.length)
        expect(same + count('other_subject', 'unread', 'doubled', 'extra')).toBe(founds.length)
      }),
    )
  })
})

describe('a file', () => {
  it('says when, in the forms that databases write, and which template by an older name', () => {
    const lines = [
      'Subject,SENT_AT,to,template',
      'A,2026-11-27T20:30:00-05:00,ana@example.com,',
      '"B, and ""more""",2026-11-28 01:30:00.5+00,ana@example.com,confirmacion_compra',
      'C,2026-11-28 01:30Z,ana@example.com,note',
    ]
    expect(readOld(lines.join('\r\n'))).toEqual({
      troubles: [],
      mails: [
        { line: 2, to: 'ana@example.com', subject: 'A', template: null, sentAt: Date.parse('2026-11-28T01:30:00Z') },
        {
          ...{ line: 3, to: 'ana@example.com', subject: 'B, and "more"', template: 'purchase-confirmed' },
          sentAt: Date.parse('2026-11-28T01:30:00.500Z'),
        },
        { line: 4, to: 'ana@example.com', subject: 'C', template: 'note', sentAt: Date.parse('2026-11-28T01:30:00Z') },
      ],
    })
  })

  it('is told all that is wrong with it, by line', () => {
    const { troubles } = readOld(
      'to,subject,sent_at,template\nana,,2026-11-27 10:00,x\na@b.co,A,2026-13-01T00:00:00Z,\na@b.co,A,,',
    )
    expect(troubles).toEqual([
      '2: to is no address',
      '2: sent_at is no instant with a zone, such as 2026-11-27T20:30:00Z',
      '2: subject is missing',
      "2: template is none of posta's",
      '3: sent_at is no instant with a zone, such as 2026-11-27T20:30:00Z',
      '4: sent_at is no instant with a zone, such as 2026-11-27T20:30:00Z',
    ])
    expect(() => readOld('email,subject\na,b')).toThrow('to, subject, sent_at')
  })
})

describe('npm run shadow', () => {
  const program = servedEach({ SENDING: 'shadow' })

  const send = async (to: string, title: string) => {
    program.posta.pass(1)
    await program.posta.post('/v1/messages', { template: 'note', to, data: { title, text: 'Hi' } })
    await program.posta.settled()
  }
  const shadow = (rows: [to: string, subject: string, afterMs?: number][], args: string[] = []) => {
    const lines = rows.map(
      ([to, subject, after = 0]) => `${to},${subject},${new Date(program.posta.now() + after).toISOString()}`,
    )
    writeFileSync(join(program.folder, 'old.csv'), `to,subject,sent_at\n${lines.join('\n')}\n`)
    const env = { POSTA_API_KEY: 'posta_development', POSTA_URL: program.url }
    return runScript('shadow.ts', ['old.csv', ...args], { env, cwd: program.folder })
  }

  it('ends with 0 where both did the same: 45 people, and one of them twice', async () => {
    const rows: [string, string][] = Array.from({ length: 45 }, (_, n) => [`p${n}@example.com`, `Seat ${n}`])
    rows.push(['p0@example.com', 'Another'])
    for (const [to, subject] of rows) await send(to, subject)
    expect(await shadow(rows)).toEqual({ code: 0, out: '46 mails of old.csv: 46 the same\n', err: '' })
  })

  it('ends with 1 and names each difference', async () => {
    program.posta.pass(MINUTE)
    await send('bo@example.com', 'Twice')
    await send('bo@example.com', 'Twice')
    await send('cleo@example.com', 'Your ticket')
    await send('dan@example.com', 'Nobody asked')
    const { code, out } = await shadow([
      ['ana@example.com', 'Lost', -MINUTE],
      ['bo@example.com', 'Twice'],
      ['cleo@example.com', 'Your seat', MINUTE],
    ])
    expect(code).toBe(1)
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^✗ line 2: missing: ana@example.com, "Lost", 20/)
    expect(lines[1]).toMatch(/^✗ line 3: doubled: bo@example.com, "Twice" \(msg_\w+\)$/)
    expect(lines[2]).toMatch(/^✗ line 4: another subject: cleo@example.com, "Your seat" is "Your ticket" \(msg_\w+\)$/)
    expect(lines[3]).toMatch(/^✗ only posta: d…@e….com, "Nobody asked", 20\S+ \(msg_\w+\)$/)
    expect(lines[4]).toBe(
      '3 mails of old.csv: 1 the same, 1 missing, 1 doubled, 1 with another subject, 1 that only posta has',
    )
    expect(out).not.toContain('dan@')
  })

  it('allows for as much time between the two as it is told', async () => {
    await send('ana@example.com', 'Hello')
    expect(await shadow([['ana@example.com', 'Hello', 5 * MINUTE]], ['--within', '6'])).toMatchObject({ code: 0 })
    expect(await shadow([['ana@example.com', 'Hello', 5 * MINUTE]], ['--within', '4'])).toMatchObject({ code: 1 })
  })

  it('compares nothing with a file that is not sound, or a key that is none, and ends with 2', async () => {
    expect(await shadow([['ana', 'Hello']])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('old.csv:2: to is no address'),
    })
    const env = { POSTA_URL: program.url }
    const run = (args: string[], more = {}) =>
      runScript('shadow.ts', args, { env: { ...env, ...more }, cwd: program.folder })
    await shadow([['ana@example.com', 'Hello']])
    for (const args of [
      [],
      ['nowhere.csv'],
      ['old.csv', 'x'],
      ['old.csv', '--within', 'x'],
      ['old.csv', '--key', 'x'],
      ['old.csv'],
    ]) {
      expect(await run(args)).toMatchObject({ code: 2, out: '' })
    }
    expect(await run(['old.csv', 'posta_development'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no argument'),
    })
    const refused = await run(['old.csv'], { POSTA_API_KEY: 'posta_unknown' })
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('401 unauthorized') })
  })
})
