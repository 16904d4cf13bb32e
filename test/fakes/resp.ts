// A minimal RESP2 client over node:net: many commands at once on one connection, answered in order.
import { connect, type Socket } from 'node:net'

export class RespError extends Error {}

export type Reply = string | number | null | RespError | Reply[]

interface Waiter {
  resolve(reply: Reply): void
  reject(error: Error): void
}

export interface RespClient {
  /** One command; an error reply is a value, a lost connection rejects. */
  send(args: readonly string[]): Promise<Reply>
  /** Several, written back to back, so nothing of another caller comes between. */
  sendAll(commands: readonly (readonly string[])[]): Promise<Reply[]>
  close(): void
}

/** Parses one reply at `at`; null when the bytes have not all arrived. */
function parse(bytes: Buffer, at: number): { reply: Reply; end: number } | null {
  const lineEnd = bytes.indexOf('\r\n', at)
  if (lineEnd < 0) return null
  const line = bytes.toString('utf8', at + 1, lineEnd)
  const end = lineEnd + 2
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '+':
      return { reply: line, end }
    case '-':
      return { reply: new RespError(line), end }
    case ':':
      return { reply: Number(line), end }
    case '$': {
      const length = Number(line)
      if (length < 0) return { reply: null, end }
      if (bytes.length < end + length + 2) return null
      return { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 }
    }
    case '*': {
      const length = Number(line)
      if (length < 0) return { reply: null, end }
      const list: Reply[] = []
      let next = end
      for (let n = 0; n < length; n++) {
        const item = parse(bytes, next)
        if (!item) return null
        list.push(item.reply)
        next = item.end
      }
      return { reply: list, end: next }
    }
    default:
      throw new Error('resp: not a reply')
  }
}

const encode = (args: readonly string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`

/** Connects to a Unix socket (path) or a port of this machine. */
export function respClient(to: string | number): Promise<RespClient> {
  const waiters: Waiter[] = []
  let chunks: Buffer[] = []
  const socket: Socket = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to)
  const fail = (error: Error) => {
    for (const waiter of waiters.splice(0)) waiter.reject(error)
  }
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    let at = 0
    for (let one = parse(bytes, at); one; one = parse(bytes, at)) {
      waiters.shift()?.resolve(one.reply)
      at = one.end
    }
    chunks = at < bytes.length ? [bytes.subarray(at)] : []
  })
  socket.on('close', () => fail(new Error('redis: connection closed')))
  const send = (args: readonly string[]) =>
    new Promise<Reply>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('redis: connection closed'))
      waiters.push({ resolve, reject })
      socket.write(encode(args))
    })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.on('error', fail)
      resolve({
        send,
        sendAll: (commands) => Promise.all(commands.map(send)),
        close: () => socket.destroy(),
      })
    })
  })
}

/** A reply as Upstash's REST API says it: with `encoded`, strings in base64, except a bare OK. */
export function pack(reply: Reply, encoded: boolean, top = true): unknown {
  if (Array.isArray(reply)) return reply.map((one) => pack(one, encoded, false))
  if (reply instanceof RespError) return reply.message
  if (typeof reply !== 'string' || !encoded || (top && reply === 'OK')) return reply
  return Buffer.from(reply).toString('base64')
}
