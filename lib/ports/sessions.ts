// Sessions: one family of refresh tokens per login. A family knows which turn it is at; a person has an epoch, the
// instant at which all of their sessions were last ended.

import type { AuditEntry, Origin } from './audit.ts'

/** A family as its login opens it, at turn 0. */
export interface NewSession extends Origin {
  /** `ses_…`, named by the caller. */
  id: string
  userId: string
  /**
   * The family's random part, carried by its tokens. At rest it is no secret: a token is good only with a MAC under a
   * key that no store has.
   */
  nonce: string
  /** Epoch ms before the credentials were read: whoever proved an old password must not outlive its reset. */
  provenAt: number
}

/** One family as its person may see it. */
export interface SessionView extends Origin {
  id: string
  createdAt: number
  /** The last turn, or the login. */
  turnedAt: number
  /** When it ends if it is not turned again. */
  endsAt: number
}

/** What a refresh token says, its MAC verified by the caller. */
export interface Turn {
  id: string
  n: number
  nonce: string
  /** This call's own random name: a repeat of the call is told the first answer. */
  token: string
  now: number
}

export type Turned =
  /** Token `n` is the one to hand out: the successor, or once more the one made within the last 10 s. */
  | { kind: 'turned'; n: number; userId: string }
  /** An older token came back, so two hold this family: it was live, and is revoked by this call. */
  | { kind: 'reused'; userId: string }
  /** Unknown, revoked, ended, or of an earlier epoch. */
  | { kind: 'over' }

/** What an access token says of its session. */
export interface Bearer {
  sessionId: string
  userId: string
  /** Epoch ms. A session whose family was never written is held against the epoch alone. */
  issuedAt: number
}

/**
 *     const turned = await sessions.turn({ id: 'ses_…', n: 4, nonce, token: 'req_…', now })
 *     if (turned.kind === 'turned') return tokens(turned.userId, turned.n)
 */
export interface Sessions {
  /**
   * Opens a family; a repeat with the same id is told the same. `over` if the person's sessions were ended since
   * `provenAt`. `clears` names the series of `limits.throttle` that this success forgets; `audit` is written with it.
   */
  open(
    session: NewSession,
    clears: string[],
    now: number,
    audit?: AuditEntry | null,
  ): Promise<{ kind: 'opened' } | { kind: 'over' }>
  /** Turns a family once for any number of callers with its current token; anything older revokes it. */
  turn(turn: Turn): Promise<Turned>
  /** Ends one family, asked by its person or by the holder of one of its tokens. `missing` if it is unknown or not theirs. */
  revoke(id: string, by: { userId: string } | { nonce: string }, now: number): Promise<'revoked' | 'missing'>
  /**
   * Ends every family of the person but `except`, and refuses those proven before. A repeat ends them once more.
   * A kept family lives on with its tokens; one that is over, unknown or somebody else's is not kept.
   */
  revokeAll(userId: string, now: number, except?: string | null): Promise<void>
  /**
   * Whether the session of an access token still stands: its family, or, where none was ever written, the person's
   * epoch. Changes nothing.
   */
  live(bearer: Bearer, now: number): Promise<boolean>
  /** Whether all of the person's sessions were ended at `at` (epoch ms) or later. Changes nothing. */
  endedSince(userId: string, at: number): Promise<boolean>
  /** The live ones among the newest 100, newest first. */
  list(userId: string, now: number): Promise<SessionView[]>
}
