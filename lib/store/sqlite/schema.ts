// The store's tables in the object. A column named `*_at` or `*_until` is epoch ms. Every index entry is a row to write
// and to pay for, so there is one only where a step could not be bounded without it: what has outlived its retention is
// found by its id, which begins with its time, wherever that is near enough.
import { DEAD } from './rows.ts'

export const SCHEMA = `
CREATE TABLE messages (
  id TEXT PRIMARY KEY, challenge_id TEXT, channel TEXT NOT NULL, template TEXT NOT NULL, class TEXT NOT NULL,
  priority INTEGER NOT NULL, status TEXT NOT NULL, recipient TEXT NOT NULL, providers TEXT NOT NULL,
  candidates TEXT NOT NULL, due_at INTEGER NOT NULL, wake_at INTEGER, armed INTEGER NOT NULL, start_by INTEGER,
  expires_at INTEGER, give_up_at INTEGER NOT NULL, created_at INTEGER NOT NULL, first_due_at INTEGER NOT NULL,
  ended_at INTEGER, after_id TEXT, slot TEXT NOT NULL, slot_series TEXT NOT NULL, peers TEXT NOT NULL,
  lease_token TEXT, lease_until INTEGER, intent TEXT, lost INTEGER NOT NULL, attempt INTEGER NOT NULL,
  replays INTEGER NOT NULL, generation INTEGER NOT NULL, plan TEXT NOT NULL, ambiguous INTEGER NOT NULL,
  doubted INTEGER NOT NULL, last_token TEXT, last_attempt INTEGER, last_answer TEXT, attempts TEXT NOT NULL,
  history TEXT NOT NULL, sealed TEXT, payload_until INTEGER, purge_at INTEGER, behind TEXT
) WITHOUT ROWID;
CREATE INDEX messages_live ON messages (priority, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX messages_unarmed ON messages (wake_at) WHERE wake_at IS NOT NULL AND armed = 0;
CREATE INDEX messages_after ON messages (after_id) WHERE after_id IS NOT NULL;
CREATE INDEX messages_recipient ON messages (recipient, id);
CREATE INDEX messages_dead ON messages (id) WHERE ${DEAD};
CREATE INDEX messages_behind ON messages (behind, priority, id) WHERE behind IS NOT NULL;
CREATE INDEX messages_purge ON messages (purge_at) WHERE purge_at IS NOT NULL;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL, provider TEXT
);

CREATE TABLE challenges (
  id TEXT PRIMARY KEY, purpose TEXT NOT NULL, audience TEXT NOT NULL, opener TEXT NOT NULL, persons TEXT NOT NULL,
  subject TEXT, effect TEXT, confirmed_at INTEGER, sealed TEXT NOT NULL, macs TEXT NOT NULL, status TEXT NOT NULL,
  failures INTEGER NOT NULL, code_expires_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, resend_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL, sends TEXT NOT NULL, answers TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX challenges_subject ON challenges (subject, id) WHERE subject IS NOT NULL;

CREATE TABLE answers (token TEXT PRIMARY KEY, answer TEXT NOT NULL, purge_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX answers_purge ON answers (purge_at);

CREATE TABLE windows (name TEXT PRIMARY KEY, series TEXT NOT NULL, purge_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE locks (
  series TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (series, at)
) WITHOUT ROWID;
CREATE INDEX locks_until ON locks (until);

CREATE TABLE throttles (
  series TEXT PRIMARY KEY, wrong INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, purge_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX throttles_purge ON throttles (purge_at);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL, nonce TEXT NOT NULL, n INTEGER NOT NULL, turned_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL, created_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, agent TEXT, ip TEXT,
  revoked_at INTEGER, purge_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, created_at, id) WHERE revoked_at IS NULL;
CREATE INDEX sessions_purge ON sessions (purge_at);

CREATE TABLE epochs (user_id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, purge_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX epochs_purge ON epochs (purge_at);

CREATE TABLE breakers (
  provider TEXT PRIMARY KEY, failures INTEGER NOT NULL, failed_at INTEGER NOT NULL, opened_at INTEGER, open_until INTEGER,
  probe TEXT, probe_until INTEGER, alerted_at INTEGER, code TEXT, prober TEXT, waiting INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE idempotency (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, challenge_id TEXT, message_ids TEXT NOT NULL, purge_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotency_purge ON idempotency (purge_at);

CREATE TABLE hastened (id TEXT PRIMARY KEY, row_id TEXT NOT NULL, purge_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX hastened_purge ON hastened (purge_at);

CREATE TABLE stats (hour INTEGER PRIMARY KEY, counts TEXT NOT NULL);

CREATE TABLE cursors (name TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, person TEXT, opener TEXT,
  agent TEXT, ip TEXT, name TEXT, count INTEGER NOT NULL DEFAULT 1, counted_as TEXT, names TEXT, purge_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX audit_counted ON audit (counted_as) WHERE counted_as IS NOT NULL;
CREATE UNIQUE INDEX audit_once ON audit (name, at, kind) WHERE name IS NOT NULL;
CREATE INDEX audit_purge ON audit (purge_at);
`

/** Whose message it is, what its caller calls it, whom it tells of, what the record keeps, and rows without payload. */
export const SCHEMA_2 = `
ALTER TABLE messages ADD COLUMN owner TEXT;
ALTER TABLE messages ADD COLUMN refs TEXT;
ALTER TABLE messages ADD COLUMN people TEXT;
ALTER TABLE messages ADD COLUMN facts TEXT;
ALTER TABLE messages ADD COLUMN about TEXT;
ALTER TABLE messages ADD COLUMN event TEXT;
ALTER TABLE messages ADD COLUMN refused INTEGER;

CREATE TABLE links (name TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
`
