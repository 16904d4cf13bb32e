// The development desk: the inbox's mails and the faults a developer asked for, kept by the object across restarts.
// Mails are sealed there like any payload.
import type { FaultMode } from '../ports/fault-modes.ts'
import type { Outgoing } from '../ports/provider.ts'
import type { Keys } from '../secrets/keys.ts'
import { callerOf, type Runner } from '../steps/steps.ts'

/** A mail as the inbox shows it. */
export interface InboxMail {
  id: string
  provider: string
  at: number
  mail: Outgoing
}

export const DESK_SCHEMA = `
CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, id TEXT NOT NULL, provider TEXT NOT NULL,
  at INTEGER NOT NULL, recipient TEXT NOT NULL, sealed TEXT NOT NULL
);
CREATE INDEX inbox_recipient ON inbox (recipient, seq);
CREATE TABLE faults (provider TEXT PRIMARY KEY, mode TEXT NOT NULL, times INTEGER) WITHOUT ROWID;
`

const INBOX_MAX = 500

interface InboxRow extends Record<string, SqlStorageValue> {
  key: string
  id: string
  provider: string
  at: number
  sealed: string
}

export const deskSteps = {
  /** A repeated key keeps the first copy, as a keyed vendor would. */
  put(
    sql: SqlStorage,
    row: { key: string; id: string; provider: string; at: number; recipient: string; sealed: string },
  ) {
    sql.exec(
      'INSERT OR IGNORE INTO inbox (key, id, provider, at, recipient, sealed) VALUES (?, ?, ?, ?, ?, ?)',
      row.key,
      row.id,
      row.provider,
      row.at,
      row.recipient,
      row.sealed,
    )
    sql.exec('DELETE FROM inbox WHERE seq <= (SELECT max(seq) FROM inbox) - ?', INBOX_MAX)
  },
  list(sql: SqlStorage, recipient: string | null, limit: number): InboxRow[] {
    return sql
      .exec<InboxRow>(
        'SELECT * FROM inbox WHERE ?1 IS NULL OR recipient = ?1 ORDER BY seq DESC LIMIT ?2',
        recipient,
        limit,
      )
      .toArray()
  },
  clear(sql: SqlStorage) {
    sql.exec('DELETE FROM inbox')
  },
  setFault(sql: SqlStorage, provider: string, mode: FaultMode, times: number | null) {
    if (mode === 'ok') sql.exec('DELETE FROM faults WHERE provider = ?', provider)
    else sql.exec('INSERT OR REPLACE INTO faults (provider, mode, times) VALUES (?, ?, ?)', provider, mode, times)
  },
  /** The fault this call meets; counts it down. */
  takeFault(sql: SqlStorage, provider: string): FaultMode | null {
    const [row] = sql
      .exec<{ mode: string; times: number | null }>('SELECT mode, times FROM faults WHERE provider = ?', provider)
      .toArray()
    if (!row) return null
    if (row.times === 1) sql.exec('DELETE FROM faults WHERE provider = ?', provider)
    else if (row.times !== null) sql.exec('UPDATE faults SET times = times - 1 WHERE provider = ?', provider)
    return row.mode as FaultMode
  },
  faults(sql: SqlStorage): { provider: string; mode: FaultMode; times: number | null }[] {
    return sql
      .exec<{ provider: string; mode: FaultMode; times: number | null }>('SELECT * FROM faults ORDER BY provider')
      .toArray()
  },
}

export type DeskRunner = Runner<typeof deskSteps>

export interface Desk {
  put(provider: string, mail: Outgoing, at: number): Promise<void>
  /** Newest first; `to` filters by address, however it was typed. */
  list(to: string | null, limit: number): Promise<InboxMail[]>
  clear(): Promise<void>
  setFault(provider: string, mode: FaultMode, times: number | null): Promise<void>
  takeFault(provider: string): Promise<FaultMode | null>
  faults(): Promise<{ provider: string; mode: FaultMode; times: number | null }[]>
}

/** `steps` gives a fresh stub per call. */
export function deskOf(steps: () => DeskRunner, keys: Keys, normal: (address: string) => string): Desk {
  const call = callerOf(steps, 'store')
  return {
    async put(provider, mail, at) {
      const recipient = await keys.hash('address', normal(mail.to.address))
      const sealed = await keys.seal(mail.key, JSON.stringify(mail))
      await call('put', { key: mail.key, id: mail.messageId, provider, at, recipient, sealed })
    },
    async list(to, limit) {
      const rows = await call('list', to === null ? null : await keys.hash('address', normal(to)), limit)
      const opened = rows.map(async ({ key, id, provider, at, sealed }) => {
        const text = await keys.open(key, sealed)
        // Sealed under a secret that is gone: it can no longer be shown.
        return text === null ? [] : [{ id, provider, at, mail: JSON.parse(text) as Outgoing }]
      })
      return (await Promise.all(opened)).flat()
    },
    clear: () => call('clear'),
    setFault: (provider, mode, times) => call('setFault', provider, mode, times),
    takeFault: (provider) => call('takeFault', provider),
    faults: () => call('faults'),
  }
}
