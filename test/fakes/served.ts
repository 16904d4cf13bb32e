// The whole service behind a real port, for programs that call it from outside; and those programs.
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Service } from './service.ts'

/** Who asks: an API key, or QStash. */
const PASSED = ['authorization', 'upstash-signature']
const SCRIPTS = join(import.meta.dirname, '../../scripts')

export interface Served {
  url: string
  close(): Promise<void>
}

/** `current` is asked with each request: a test may put another service in its place. */
export async function serve(current: () => Service): Promise<Served> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined
    const headers = Object.fromEntries(
      PASSED.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : [])),
    )
    const told = await current().ask<unknown>(request.method ?? '', request.url ?? '', body, headers)
    const type = told.headers.get('Content-Type') ?? 'text/plain'
    response.writeHead(told.status, { 'Content-Type': type })
    response.end(typeof told.body === 'string' ? told.body : JSON.stringify(told.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What one of scripts/ prints and ends with. */
export function runScript(
  name: string,
  args: string[],
  { env = {}, cwd = SCRIPTS }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<{ code: number; out: string; err: string }> {
  const clean = { PATH: process.env.PATH ?? '', NO_COLOR: '1', POSTA_ENV: '', ...env }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(SCRIPTS, name), ...args], { cwd, env: clean }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}
