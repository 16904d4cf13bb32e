// The numbers of a deployment that moves from the object to other stores.
import { MINUTE, SECOND } from './units.ts'

/** While both are asked. */
export const MOVING = {
  /** An isolate asks the object this often what it still holds; once that was nothing, no more. */
  askedEveryMs: MINUTE,
  /** Things are counted up to this. */
  countedMax: 100_000,
  /** Accounts copied by one call, … */
  pageMax: 200,
  /** … and once-only marks. */
  marksMax: 100,
  /** Between two calls of `npm run move`. */
  pauseMs: SECOND / 2,
  /** A page that was not answered is asked for so often in all, … */
  tries: 6,
  /** … after this, and then twice as long each time. */
  againMs: SECOND,
  /** How long it waits for what /ready counts. */
  readyMs: 10 * SECOND,
}
