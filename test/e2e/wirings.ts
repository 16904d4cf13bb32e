// The two wirings every story runs on. A wiring knows what to start beside the Worker and which settings that gives.
import { startWorker, type Worker } from './worker.ts'

export interface Running extends Worker {
  /** Everything at rest outside the Worker's own state folder, as text. */
  dump: () => Promise<string>
}

export interface Wiring {
  start: (vars?: Record<string, string>, state?: string) => Promise<Running>
  /** Ends what was started beside the Workers. */
  close: () => Promise<void>
}

async function embedded(): Promise<Wiring> {
  return {
    start: async (vars, state) => ({ ...(await startWorker(vars, state)), dump: async () => '' }),
    close: async () => {},
  }
}

export const WIRINGS = [{ name: 'embedded', open: embedded }]
