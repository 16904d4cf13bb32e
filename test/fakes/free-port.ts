// A port for a server that another process will open in a moment.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below Linux' range for outgoing connections (32768 and up): the system hands none of these to a client. */
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 50

/** `await freePort()` is a port of this machine's loopback that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await canListen(port)) return port
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} after ${TRIES} tries`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
