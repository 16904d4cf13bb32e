// Ending with the npm that started a script: npm passes no signal on to what it runs.
import { readFileSync } from 'node:fs'

const POLL_MS = 300

/** Who started this: the parent and, where that is the `sh -c` npm runs scripts in (dash stays), npm itself. */
function ancestors(): string {
  const parent = process.ppid
  try {
    if (!/^(\S*\/)?sh\0-c\0/.test(readFileSync(`/proc/${parent}/cmdline`, 'utf8'))) return String(parent)
    return `${parent} ${/^PPid:.*$/m.exec(readFileSync(`/proc/${parent}/status`, 'utf8'))}`
  } catch {
    return String(parent)
  }
}

/** Calls `stop` once when npm, or the shell it put between, has ended; scripts started by hand are left alone. */
export function onOrphaned(stop: () => void): void {
  if (!process.env.npm_lifecycle_event) return
  const started = ancestors()
  const poll = setInterval(() => {
    if (ancestors() === started) return
    clearInterval(poll)
    stop()
  }, POLL_MS)
  poll.unref()
}
