// Moving house from outside: POST /v1/admin/move, page by page, until a whole round finds nothing more to copy.
import { MOVING } from '../lib/rules/moving.ts'
import { SECOND } from '../lib/rules/units.ts'
import { AskError, type Asked, problemText } from './asked.ts'

/** As the route answers it. */
interface Page {
  copied: number
  conflicts: Conflict[]
  remaining: number
  cursor: string | null
  store: string
  users: string
}

/** What the new home does not take: its name or address is another's there; no field: it breaks a rule there. */
export interface Conflict {
  id: string
  fields: string[]
}

export interface MovedAll {
  copied: number
  conflicts: Conflict[]
  /** What the last page counted, the conflicts included. */
  remaining: number
  store: string
  users: string
}

export interface World {
  /** POST /v1/admin/move with this body. Throws AskError without an answer. */
  ask: (body: { cursor: string | null }) => Promise<Asked>
  sleep: (ms: number) => Promise<void>
  /** A line of progress. */
  say: (line: string) => void
  /** Between two pages. */
  pauseMs: number
}

/**
 * Copies all. It may be stopped at any time and started again: what was copied is not looked at twice. Throws AskError
 * when posta refuses, or answers nothing `MOVING.tries` times.
 *
 *     const { copied, conflicts } = await moveAll({ ask, sleep, say: console.log, pauseMs: MOVING.pauseMs })
 */
export async function moveAll(world: World): Promise<MovedAll> {
  let copied = 0
  for (let round = 1; ; round++) {
    const before = copied
    const conflicts: Conflict[] = []
    let cursor: string | null = null
    let page: Page
    do {
      page = await pageAt(world, cursor)
      copied += page.copied
      conflicts.push(...page.conflicts)
      if (page.copied > 0) world.say(`${copied} copied, ${page.remaining} to go`)
      if (page.cursor !== null && page.cursor === cursor) throw new AskError('It does not get on: the same page again.')
      cursor = page.cursor
      if (cursor !== null) await world.sleep(world.pauseMs)
    } while (cursor !== null)
    // A Worker that still had the settings of before may have made one behind our back: only an empty round ends it.
    if (copied === before) {
      return { copied, conflicts, remaining: page.remaining, store: page.store, users: page.users }
    }
    world.say(`round ${round} is done; looking again`)
    await world.sleep(world.pauseMs)
  }
}

/** One page; what may pass is tried again, later each time. A repeat of a page copies nothing twice. */
async function pageAt({ ask, sleep, say }: World, cursor: string | null): Promise<Page> {
  for (let tried = 1; ; tried++) {
    const { page, problem, mayPass, afterMs } = await ask({ cursor }).then(judged, unanswered)
    if (page) return page
    if (!mayPass || tried === MOVING.tries) throw new AskError(problem)
    const waitMs = Math.max(afterMs, MOVING.againMs * 2 ** (tried - 1))
    say(`${problem}; again in ${Math.ceil(waitMs / SECOND)} s`)
    await sleep(waitMs)
  }
}

interface Judged {
  page?: Page
  problem: string
  mayPass: boolean
  afterMs: number
}

function judged(answer: Asked): Judged {
  const { status, body } = answer
  if (status === 200) return { page: body as Page, problem: '', mayPass: true, afterMs: 0 }
  const { retry_after: seconds = 0 } = (body ?? {}) as { retry_after?: number }
  return { problem: problemText(answer), mayPass: status === 429 || status >= 500, afterMs: seconds * SECOND }
}

function unanswered(error: unknown): Judged {
  if (!(error instanceof AskError)) throw error
  return { problem: error.message, mayPass: true, afterMs: 0 }
}
