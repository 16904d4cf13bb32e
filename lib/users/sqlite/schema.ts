// The accounts' tables in the object, beside those of the store. A column named `*_at` is epoch ms.

export const USERS_SCHEMA = `
CREATE TABLE users (
  id TEXT PRIMARY KEY, username TEXT NOT NULL, username_normal TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
  email_normal TEXT NOT NULL UNIQUE, email_verified INTEGER NOT NULL, phone TEXT,
  phone_verified INTEGER NOT NULL, locale TEXT NOT NULL, referral_code TEXT, password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL, CHECK (phone IS NOT NULL OR phone_verified = 0)
) WITHOUT ROWID;

CREATE TABLE user_effects (
  challenge_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, effect TEXT NOT NULL, purge_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX user_effects_purge ON user_effects (purge_at);
`

/** When an account left for another home of accounts; the row stays. `user_effects` is read by account then. */
export const USERS_SCHEMA_3 = `
ALTER TABLE users ADD COLUMN moved_at INTEGER;
CREATE INDEX users_staying ON users (id) WHERE moved_at IS NULL;
CREATE INDEX user_effects_user ON user_effects (user_id);
`
