// What the object can be asked once its settings say that new things are made elsewhere: it goes on being a Store and a
// Users for what it holds, and gives the rest away.
import type { Admitted } from './admission.ts'
import type { Store } from './store.ts'
import type { Login, User, UserField, Users } from './users.ts'

/** What the object still holds. All of it is 0 in an object that was never used. */
export interface Held {
  /** Not ended yet. */
  messages: number
  /** A proof may still be right for them. */
  challenges: number
  /** Live families of refresh tokens. */
  sessions: number
  /** Records of messages, ended ones too, that can be read: 1 = there are some. */
  records: number
  /** Idempotency keys that a repeat may still bring. */
  names: number
  /** Locks that have not ended. */
  locks: number
}

/** A thing that must happen once only: an idempotency key that is kept for longer than a request may be repeated. */
export interface Mark {
  key: string
  fingerprint: string
  messageIds: string[]
  /** Epoch ms. */
  keptUntil: number
}

type Known = Extract<Admitted, { kind: 'repeated' | 'mismatch' }>

/** The store that nothing new is made in. */
export interface OldStore extends Store {
  held(now: number): Promise<Held>
  /** What was made under each of these keys; null = nothing. Changes nothing. */
  known(asked: { key: string; fingerprint: string }[], now: number): Promise<(Known | null)[]>
  /** Until when codes of these persons and this opener are locked; 0 = they are not. */
  lockedUntil(opener: string, persons: string[], now: number): Promise<number>
  /** Marks with a key > `after`, by key. */
  marks(after: string, limit: number, now: number): Promise<Mark[]>
  /** Forgets marks that another store has now. */
  forgetMarks(keys: string[]): Promise<void>
  /** How many there are, as far as they are counted. */
  marksLeft(now: number): Promise<number>
}

/** An account with what challenges have done to it, so that a repeat does nothing where it lives next. */
export interface Leaving {
  user: User
  effects: { challengeId: string; effect: 'verified' | 'address' | 'password'; at: number }[]
}

/** An account whose name or address another account has in the new home; no field: one that breaks a rule there. */
export interface Conflict {
  id: string
  fields: UserField[]
}

/** One kind of thing that is copied out of the object by the page. */
export interface Copy {
  name: string
  /** How much of it is still there, as far as it is counted. */
  left(now: number): Promise<number>
  /** The things behind `after` ('' = from the first). A repeat copies nothing twice. `next` null = that was the last page. */
  page(after: string, now: number): Promise<{ copied: number; conflicts: Conflict[]; next: string | null }>
}

export interface Adopted {
  /** Ids that are there now, those of an earlier call included. */
  present: string[]
  /** They were left out. */
  taken: Conflict[]
}

/** Where accounts move to. */
export interface NewUsers extends Users {
  /** Takes accounts over under their own ids, each whole or not at all; one that is there already stays as it is. */
  adopt(leaving: Leaving[]): Promise<Adopted>
}

/** Where accounts move from. Those that have left are not found any more. */
export interface OldUsers {
  count(): Promise<number>
  byLogin(login: Login): Promise<User | null>
  byId(id: string): Promise<User | null>
  /** Which of these an account has that has not left; `ownId` apart. */
  taken(ownId: string, wanted: { username?: string; email?: string }): Promise<UserField[]>
  /** With an id > `after`, by id. */
  page(after: string, limit: number): Promise<Leaving[]>
  one(id: string): Promise<Leaving | null>
  /** The others have them now. A repeat changes nothing. */
  left(ids: string[], now: number): Promise<void>
}
