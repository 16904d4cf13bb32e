// What has happened to accounts so far, told from the steps of both stores in the order they were carried out.
import type { Asked } from './asked.ts'

/** A family of refresh tokens. */
export interface Family {
  id: string
  userId: string
  nonce: string
  n: number
  turnedAt: number
  openedAt: number
  /** Why nothing of it may work any more. */
  over: string | null
}

/** An instant at which all of a user's sessions ended. */
export interface Ending {
  why: string
  order: number
  at: number
  /** From this place of the user's passwords on they are good; null = as they were. */
  from: number | null
}

export interface Account {
  id: string
  /** In the order they were set, by what they were made of. */
  passwords: string[]
  /** The present one. */
  hash: string
  /** The order of the steps that set them. */
  setAt: number[]
  endings: Ending[]
  /** When it was made, or got another address. */
  movedAt: number
}

export interface Past {
  /** Grows with every step of the accounts' store, and with every one that ends sessions. */
  order: number
  accounts: Map<string, Account>
  families: Map<string, Family>
  /** By challenge: the place of the password that it set, and whose. */
  resets: Map<string, { userId: string; place: number }>
  accountOf(userId: string): Account
}

export function pastOf(): Past {
  const accounts = new Map<string, Account>()
  return {
    order: 0,
    accounts,
    families: new Map(),
    resets: new Map(),
    accountOf(userId) {
      const account = accounts.get(userId) ?? {
        id: userId,
        passwords: [],
        hash: '',
        setAt: [],
        endings: [],
        movedAt: 0,
      }
      accounts.set(userId, account)
      return account
    },
  }
}

/** The user has another hash, made of `password`; its place. */
export function passwordSet(past: Past, userId: string, hash: string, password: string): number {
  const account = past.accountOf(userId)
  account.hash = hash
  account.passwords.push(password)
  account.setAt.push(past.order)
  return account.passwords.length - 1
}

/** Ends every family of the user but one. */
export function endAll(past: Past, userId: string, ending: Omit<Ending, 'order'>, except: string | null = null): void {
  past.order++
  past.accountOf(userId).endings.push({ ...ending, order: past.order })
  for (const family of past.families.values()) {
    if (family.userId === userId && family.id !== except) family.over ??= ending.why
  }
}

/** Remembers for its request what the accounts' store said to an effect. */
export function noteEffect(asked: Asked, answer: { kind: string }, done: string): void {
  if (answer.kind === done) asked.effect = true
  else asked.refused = answer.kind
}
