// A PostgreSQL as Supabase hands it over, with our migrations run: in this process (PGlite), or the machine's own.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Database {
  name: string
  /** Runs statements; the last column of the last row as text. Throws SqlError. */
  exec(sql: string): Promise<string | null>
  /** One statement in a transaction of its own, as that role. */
  as(role: string, sql: string): Promise<string | null>
  close(): Promise<void>
}

export class SqlError extends Error {
  readonly code: string
  readonly detail: string | null
  readonly hint: string | null

  constructor({
    code,
    message,
    detail,
    hint,
  }: { code: string; message: string; detail: string | null; hint: string | null }) {
    super(message)
    this.name = 'SqlError'
    this.code = code
    this.detail = detail
    this.hint = hint
  }
}

/** What a new project has: the roles, and every new thing of `public` granted to all of them. */
const SUPABASE = `
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
`

const MIGRATIONS = join(import.meta.dirname, '../../supabase/migrations')

export async function migrate(database: Database): Promise<void> {
  await database.exec(SUPABASE)
  for (const file of readdirSync(MIGRATIONS).sort()) {
    if (file.endsWith('.sql')) await database.exec(readFileSync(join(MIGRATIONS, file), 'utf8'))
  }
}

/** PostgreSQL in WebAssembly: one connection, so calls at once follow one another. */
export async function startPglite(): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite')
  const pglite = await PGlite.create()
  const plain = (error: unknown): never => {
    const { code = 'XX000', message, detail, hint } = error as Error & { code?: string; detail?: string; hint?: string }
    throw new SqlError({ code, message, detail: detail ?? null, hint: hint ?? null })
  }
  const lastValue = (results: { rows: object[] }[]): string | null => {
    const value: unknown = Object.values(results.at(-1)?.rows.at(-1) ?? {}).at(-1)
    return value === undefined || value === null ? null : String(value)
  }
  return {
    name: 'PGlite',
    exec: (sql) => pglite.exec(sql).then(lastValue, plain),
    as: (role, sql) =>
      pglite
        .transaction(async (transaction) => {
          await transaction.exec(`set local role ${role}`)
          return transaction.exec(sql)
        })
        .then((results) => lastValue(results ?? []), plain),
    close: () => pglite.close(),
  }
}
