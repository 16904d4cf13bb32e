// Asking a running posta as an operator: its address is an argument, the key never is: it would stay in the shell's history
// and in the list of processes.
import { readFileSync } from 'node:fs'

/** How long an answer may take: an examination waits 10 s for its mails. */
const ANSWER_MS = 30_000

export const KEY_HELP = 'The key is read from POSTA_API_KEY, or from a file named by --key-file.'

/** Why nothing was asked, or what came back instead of an answer. Its message holds no key. */
export class AskError extends Error {}

/** The API key of POSTA_API_KEY, or the first line of a file. */
export function keyFrom(file: string | undefined, env: Record<string, string | undefined>): string {
  const text = file === undefined ? (env.POSTA_API_KEY ?? '') : textOf(file)
  const key = text.split(/\r?\n/, 1)[0]?.trim() ?? ''
  if (key === '') throw new AskError(KEY_HELP)
  if (!/^posta_[A-Za-z0-9_]+$/.test(key)) {
    throw new AskError(`What ${file ?? 'POSTA_API_KEY'} holds is no API key of posta. ${KEY_HELP}`)
  }
  return key
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    throw new AskError(`${file} cannot be read.`)
  }
}

/** What somebody typed that looks like a key, in the place of an address or a file. */
export const isKey = (argument: string): boolean => /(?:^|=)posta_(?:[A-Za-z0-9_]{20,}|development)$/.test(argument)

/** Ends the program: it could not do what it was asked for. */
export function stop(problem: string): never {
  console.error(problem)
  process.exit(2)
}

/** Ends the program that was given a key where everybody can read it. */
export function refuseKeys(): void {
  if (process.argv.slice(2).some(isKey)) stop(`A key is no argument. ${KEY_HELP}`)
}

/** The origin of a posta; https, or http on this machine. */
export function originOf(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : null
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AskError(`${typed} is no address such as https://posta.example.com`)
  const isHere = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isHere) throw new AskError(`${typed}: a key goes over https only`)
  return url.origin
}

export interface Asked {
  status: number
  body: unknown
}

/**
 *     const { status, body } = await ask(originOf('https://posta.example.com'), key, '/v1/admin/doctor', { to })
 */
export async function ask(origin: string, key: string, path: string, body: object): Promise<Asked> {
  let response: Response
  try {
    response = await fetch(origin + path, {
      method: 'POST',
      // Elsewhere is not whom the key is for.
      redirect: 'error',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
  } catch (error) {
    const { name } = error as Error
    throw new AskError(`${origin} ${name === 'TimeoutError' ? 'did not answer in time' : 'cannot be reached'}.`)
  }
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text) }
  } catch {
    throw new AskError(`${origin} answered ${response.status}, and no JSON: is it a posta?`)
  }
}

/** A problem as one sentence. */
export function problemText({ status, body }: Asked): string {
  const { detail, code } = (body ?? {}) as { detail?: unknown; code?: unknown }
  return `${status} ${typeof code === 'string' ? code : ''}${typeof detail === 'string' ? `: ${detail}` : ''}`
}
