// A state that this Worker cannot open: nothing says that all is well, one line says what is wrong, and the state stays.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { clientOf } from './client.ts'
import { startWorker, type Worker } from './worker.ts'

/** Changes the state of a stopped Worker by hand. */
function edit(worker: Worker, statement: string): void {
  const files = readdirSync(worker.state, { recursive: true, encoding: 'utf8' })
  const databases = files.filter((file) => /PostaObject.*\.sqlite$/.test(file)).map((file) => join(worker.state, file))
  const ours = databases.filter((file) => has(file, 'challenges'))
  expect(ours.length).toBeGreaterThan(0)
  for (const file of ours) withDatabase(file, (db) => db.exec(statement))
}

function withDatabase<T>(file: string, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file)
  try {
    return use(db)
  } finally {
    db.close()
  }
}

const has = (file: string, table: string): boolean =>
  withDatabase(file, (db) => db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').all(table).length > 0)

const cases: [string, string, string, RegExp][] = [
  [
    'of a newer release that took something away',
    'INSERT INTO schema_version VALUES (99, 99)',
    'DELETE FROM schema_version WHERE version = 99',
    /shape 99 and needs code of shape 99/,
  ],
  [
    'from before there were versions',
    'ALTER TABLE schema_version RENAME TO set_aside',
    'ALTER TABLE set_aside RENAME TO schema_version',
    /older than the first released shape/,
  ],
]

it('tells of a state it cannot open, and loses nothing of it', async () => {
  let worker = await startWorker()
  onTestFinished(() => worker.stop())
  const restart = async (says = 'posta is running') => {
    worker = await startWorker({}, { state: worker.state, says })
    return clientOf(worker.url)
  }
  const { body } = await clientOf(worker.url).open('ana@example.com')
  await worker.stop()
  for (const [title, spoil, mend, word] of cases) {
    edit(worker, spoil)
    const client = await restart('still waiting')
    for (const path of ['/health', '/ready']) {
      expect(await client.ask(path), `${title}: ${path}`).toMatchObject({
        status: 503,
        body: { code: 'store_unavailable' },
      })
    }
    expect((await client.open('ana@example.com')).status).toBe(503)
    const lines = worker
      .logs()
      .split('\n')
      .filter((line) => line.includes('"state_unreadable"'))
    expect(lines.length).toBeGreaterThan(0)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      error: 'ShapeError',
      state: expect.stringMatching(word),
    })
    await worker.stop()
    edit(worker, mend)
  }
  const client = await restart()
  expect((await client.ask('/health')).status).toBe(200)
  expect(await client.view(body.challenge_id)).toMatchObject({ status: 200, body: { status: 'pending' } })
}, 120_000)
