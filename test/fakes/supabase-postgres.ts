// The machine's own PostgreSQL on a Unix socket, and the little of its protocol (3.0, simple queries) the façade needs.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, SqlError } from './supabase-database.ts'

const CONNECTIONS = 8
const DEBIAN = '/usr/lib/postgresql'

function folderOfPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ?? null
}

/** PostgreSQL refuses to run as root: then as the user Debian made for it. undefined: as ourselves; null: nobody can. */
function runner(): { uid: number; gid: number } | undefined | null {
  if (process.getuid?.() !== 0) return undefined
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return null
  }
}

const programs = folderOfPrograms()
const user = runner()

/** null when a PostgreSQL server can be started here; otherwise what is missing. */
export const postgresMissing: string | null =
  programs === null ? 'PostgreSQL is not installed' : user === null ? 'there is no user to run PostgreSQL as' : null

export async function startPostgres(): Promise<Database> {
  if (programs === null || user === null) throw new Error(postgresMissing ?? '')
  const folder = mkdtempSync(join(tmpdir(), 'posta-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync(join(programs, 'initdb'), init, { ...user, cwd: folder, stdio: 'ignore' })
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off']
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], { ...user, cwd: folder, stdio: 'ignore' })
  const stop = stopper(server, folder)
  const open = () => wire(join(folder, '.s.PGSQL.5432'))
  let connections: Wire[] = []
  for (let tries = 0; connections.length === 0; tries++) {
    try {
      connections = await Promise.all(Array.from({ length: CONNECTIONS }, open))
    } catch (error) {
      if (server.exitCode !== null || tries > 200) {
        await stop()
        throw error
      }
      await sleep(25)
    }
  }
  let turn = 0
  /** Each connection does its queries one after the other. */
  const next = () => connections[turn++ % CONNECTIONS]!
  return {
    name: 'PostgreSQL',
    exec: (sql) => next().query(sql),
    async as(role, sql) {
      return next().query(`begin; set local role ${role}; ${sql}; commit`)
    },
    async close() {
      for (const one of connections) one.close()
      await stop()
    },
  }
}

/** However this process ends, it leaves no server and no files behind. */
function stopper(server: ChildProcess, folder: string): () => Promise<void> {
  const gone = new Promise<void>((resolve) => {
    server.once('error', () => resolve())
    server.once('exit', () => resolve())
  })
  const clear = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  const kill = () => {
    server.kill('SIGQUIT')
    clear()
  }
  process.once('exit', kill)
  return async () => {
    process.off('exit', kill)
    server.kill('SIGQUIT')
    await gone
    clear()
  }
}

interface Wire {
  /** The last value of the last row, as text. A failed query's transaction is rolled back. */
  query(sql: string): Promise<string | null>
  close(): void
}

interface Waiter {
  resolve(value: string | null): void
  reject(error: Error): void
}

function wire(path: string): Promise<Wire> {
  return new Promise((connected, failed) => {
    const socket = connect(path)
    let buffered = Buffer.alloc(0)
    let value: string | null = null
    let error: Error | null = null
    let waiting: Waiter | null = { resolve: () => connected({ query, close: () => socket.end() }), reject: failed }
    let last: Promise<unknown> = Promise.resolve()

    function ask(sql: string): Promise<string | null> {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(packet('Q', `${sql}\0`))
      })
    }

    function query(sql: string): Promise<string | null> {
      const mine = last
        .then(() => ask(sql))
        .catch((reason: unknown) => ask('rollback').then(() => Promise.reject(reason)))
      last = mine.catch(() => {})
      return mine
    }

    function take(type: string, body: Buffer): void {
      if (type === 'D') value = lastColumn(body)
      if (type === 'E') error ??= new SqlError(fieldsOf(body))
      if (type !== 'Z') return
      const [now, told, failure] = [waiting, value, error]
      waiting = null
      value = null
      error = null
      if (failure) now?.reject(failure)
      else now?.resolve(told)
    }

    const end = (reason?: Error) => {
      waiting?.reject(reason ?? new Error('PostgreSQL closed the connection'))
      waiting = null
    }
    socket.once('error', end)
    socket.once('close', () => end())
    socket.once('connect', () => socket.write(packet('', '\0\x03\0\0user\0postgres\0database\0postgres\0\0')))
    socket.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk])
      while (buffered.length >= 5 && buffered.length > buffered.readUInt32BE(1)) {
        const end = buffered.readUInt32BE(1) + 1
        take(String.fromCharCode(buffered[0]!), buffered.subarray(5, end))
        buffered = buffered.subarray(end)
      }
    })
  })
}

function packet(type: string, text: string): Buffer {
  const body = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

function lastColumn(row: Buffer): string | null {
  let text: string | null = null
  for (let n = row.readUInt16BE(0), at = 2; n > 0; n--) {
    const length = row.readInt32BE(at)
    at += 4
    text = length < 0 ? null : row.subarray(at, at + length).toString('utf8')
    at += Math.max(length, 0)
  }
  return text
}

/** ErrorResponse: one letter, then text to the next zero. */
function fieldsOf(body: Buffer): { code: string; message: string; detail: string | null; hint: string | null } {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.charAt(0), field.slice(1)]),
  )
  const { C: code = '', M: message = '', D: detail = null, H: hint = null } = Object.fromEntries(fields)
  return { code, message, detail, hint }
}
