// A dump of every released shape of the object is opened by today's code, which reads and goes on with all that is in it.
// The dump of the newest is made here, from fixed ids and instants: when it is not what the fixture says, the shape has
// changed without a new version. `npm run shapes` writes the fixture of a new one.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UPGRADES } from '../../../functions/shape.ts'
import type { Check, NewChallenge } from '../../../lib/ports/challenges.ts'
import { deskSteps } from '../../../lib/providers/desk.ts'
import { runStep } from '../../../lib/steps/steps.ts'
import { steps } from '../../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../../lib/store/sqlite/store.ts'
import { usersSteps } from '../../../lib/users/sqlite/steps.ts'
import { sqliteUsers } from '../../../lib/users/sqlite/users.ts'
import { DAY, MINUTE, message, opening, settlement, told } from '../../contract/store-kit.ts'
import { openSqlite, type Sqlite } from '../../fakes/sqlite.ts'

const AT = Date.UTC(2026, 10, 27)
const fixture = (version: number): string => join(import.meta.dirname, `../../fixtures/shape-${version}.sql`)
const NEWEST = UPGRADES.length

const ID = {
  code: 'msg_code',
  later: 'msg_later',
  challenge: 'ch_open',
  session: 'ses_one',
  user: 'usr_ana',
}

const challenge: NewChallenge = {
  id: ID.challenge,
  purpose: 'login',
  audience: 'service',
  opener: 'service',
  persons: ['person'],
  subject: null,
  effect: null,
  sealed: 'sealed challenge',
  macs: { email: 'the right mac' },
  codeExpiresAt: AT + 10 * MINUTE,
  endsAt: AT + 60 * MINUTE,
  resendAt: AT + MINUTE,
  createdAt: AT,
}

const row = (id: string, more: Parameters<typeof message>[1] = {}) =>
  message(AT, { id, recipient: 'recipient', providers: ['first', 'second'], slot: `slot of ${id}`, ...more })

function portsOf({ runner }: Sqlite) {
  return { store: sqliteStore(() => runner(steps)), users: sqliteUsers(() => runner(usersSteps)) }
}

/** Something of everything, always the same. */
async function filled(): Promise<Sqlite> {
  const db = openSqlite()
  const { store, users } = portsOf(db)
  const lease = { token: 'lease', leaseMs: 30_000 }
  const code = row(ID.code, { challengeId: ID.challenge, slotSeries: ['send:service:person'] })
  const sends = [{ series: 'send:service:person', slot: code.slot, rules: [{ name: 'codes', max: 3, perMs: DAY }] }]
  const takes = [{ series: 'ip:sends:address', slot: code.slot, rules: [{ name: 'many', max: 500, perMs: DAY }] }]
  const idempotency = { key: 'key', fingerprint: 'print' }
  const audit = { at: AT, kind: 'asked', person: 'person', opener: 'service', agent: 'Firefox', ip: '203.0.113.0/24' }
  const [first] = await store.outbox.admit([
    opening(AT, challenge, code, { sends, takes, idempotency, audit, claim: lease }),
  ])
  const [claimed] = told(first!, 'admitted').claimed
  await store.outbox.settle(settlement(claimed!, 'accepted', { kind: 'end', status: 'sent', release: false }, AT))
  await store.outbox.admit([
    {
      ...opening(AT, challenge, row(ID.later, { dueAt: AT + DAY, owner: ID.user, references: ['order'], facts: 'f' })),
      challenge: null,
      sends: [],
    },
  ])
  const wrong: Check = {
    id: ID.challenge,
    audience: 'service',
    proof: { macs: ['wrong'] },
    takes: [],
    token: 'guess',
    wrong: null,
    origin: null,
    now: AT,
  }
  told(await store.challenges.check(wrong), 'wrong')
  const session = { id: ID.session, userId: ID.user, nonce: 'nonce', provenAt: AT, agent: 'Firefox', ip: null }
  await store.sessions.open(session, [], AT)
  await store.limits.throttle({
    series: 'login:x',
    rule: { name: 'login', free: 1, baseMs: 1, maxMs: 9, forgetMs: DAY },
    token: 'try',
    takes: [],
    now: AT,
  })
  await users.create({
    id: ID.user,
    username: { typed: 'Ana', normal: 'ana' },
    email: { deliver: 'ana@example.com', normal: 'ana@example.com' },
    emailVerified: true,
    phone: '+573001112233',
    phoneVerified: false,
    locale: 'es',
    referralCode: null,
    passwordHash: 'hash',
    createdAt: AT,
  })
  const mail = {
    key: 'key',
    id: ID.code,
    provider: 'inbox',
    at: AT,
    recipient: 'ana@example.com',
    sealed: 'sealed mail',
  }
  db.transaction(() => runStep(deskSteps, db.sql, 'put', [mail]))
  return db
}

const quoted = (value: unknown): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`

/** The database as statements that make it again. */
function dump({ rows }: Sqlite): string {
  const things = rows<{ type: string; name: string; sql: string | null }>('SELECT type, name, sql FROM sqlite_schema')
  const made = things.filter((one) => one.sql !== null && !one.name.startsWith('sqlite_'))
  const lines = made.map((one) => `${one.sql};`)
  for (const { name } of made.filter((one) => one.type === 'table')) {
    const found = rows<Record<string, unknown>>(`SELECT * FROM ${name}`).map(
      (one) =>
        `INSERT INTO ${name} (${Object.keys(one).join(', ')}) VALUES (${Object.values(one).map(quoted).join(', ')});`,
    )
    lines.push(...found.sort())
  }
  return `${lines.join('\n')}\n`
}

/** Names and types of every table's columns, and of the indexes: what the code reads. */
const shapeOf = ({ rows }: Sqlite) =>
  rows<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  ).map(({ name }) => [
    name,
    rows(`SELECT name, type, pk FROM pragma_table_info('${name}') ORDER BY name`),
    rows(`SELECT name, "unique", partial FROM pragma_index_list('${name}') ORDER BY name`),
  ])

it('has a fixture of the newest shape, which is what the code makes', async () => {
  await expect(dump(await filled())).toMatchFileSnapshot(fixture(NEWEST))
})

it('only adds, so that the release before runs on the state of the next', () => {
  for (const { version, sql, readableFrom } of UPGRADES.slice(1)) {
    if (readableFrom === version) continue
    for (const statement of sql.split(';').filter((one) => one.trim() !== '')) {
      expect(statement.trim(), `version ${version}`).toMatch(
        /^(?:ALTER TABLE \w+ ADD COLUMN|CREATE TABLE|CREATE INDEX)/,
      )
      expect(statement, `version ${version}: a column the code before does not know`).not.toMatch(
        /ADD COLUMN(?!.*DEFAULT).*NOT NULL/,
      )
    }
  }
})

describe.each(UPGRADES.map(({ version }) => version))('the state of shape %i', (version) => {
  const open = () => {
    expect(existsSync(fixture(version)), fixture(version)).toBe(true)
    return openSqlite(readFileSync(fixture(version), 'utf8'))
  }

  it('has the same tables as a new one when it was opened', () => {
    expect(shapeOf(open())).toEqual(shapeOf(openSqlite()))
  })

  it('is read and worked on', async () => {
    const { store, users } = portsOf(open())
    expect(await store.outbox.find(ID.code)).toMatchObject({
      status: 'sent',
      sealed: 'sealed payload',
      attempts: [{ outcome: 'accepted' }],
      events: [{ type: 'queued' }, { type: 'sent' }],
    })
    const report = { messageId: ID.code, provider: 'first', type: 'delivered', at: AT, eventId: 'e1', now: AT } as const
    expect(await store.outbox.report(report)).toBe(true)
    const claim = await store.outbox.claim({ due: true }, 6, { token: 'other', leaseMs: 30_000 }, AT + DAY)
    expect(claim.claimed).toMatchObject([{ id: ID.later, intent: 'first' }])
    const check: Omit<Check, 'proof' | 'token'> = {
      id: ID.challenge,
      audience: 'service',
      takes: [],
      wrong: null,
      origin: null,
      now: AT + MINUTE,
    }
    const repeat = { ...check, proof: { macs: ['wrong'] }, token: 'guess' }
    expect(await store.challenges.check(repeat)).toMatchObject({ kind: 'wrong', triesLeft: 4 })
    expect(await store.challenges.check({ ...check, proof: { macs: ['the right mac'] }, token: 'own' })).toMatchObject({
      kind: 'approved',
      channel: 'email',
    })
    const turn = { id: ID.session, nonce: 'nonce', n: 0, token: 'turn', now: AT + MINUTE }
    expect(await store.sessions.turn(turn)).toMatchObject({ kind: 'turned', n: 1, userId: ID.user })
    expect(await users.byLogin({ username: 'ana' })).toMatchObject({ id: ID.user, emailVerified: true })
    const rules = [{ name: 'codes', max: 3, perMs: DAY }]
    const { usage } = await store.limits.take([{ series: 'send:service:person', slot: 's', rules }], AT)
    expect(usage).toMatchObject([{ remaining: 1 }])
    expect(await store.outbox.stats(AT)).toMatchObject({ totalSent: 1, queueDepth: 1 })
    expect(await store.audit.list(10)).toMatchObject([{ kind: 'asked' }])
  })
})
