// One seed's world: who is in it, and what they see of each other.
import type { Core } from '../../lib/core.ts'
import type { Outgoing, Provider } from '../../lib/ports/provider.ts'
import type { Scheduler } from '../../lib/ports/scheduler.ts'
import type { Keys } from '../../lib/secrets/keys.ts'
import type { StepAnswer, StepArgs, StepName, StepRunner } from '../../lib/store/sqlite/steps.ts'
import type { UsersRunner, UsersStepAnswer, UsersStepArgs, UsersStepName } from '../../lib/users/sqlite/steps.ts'
import type { Asked, Told } from './asked.ts'
import type { Changes, Database } from './database.ts'
import type { Kernel } from './kernel.ts'
import type { Answer, Isolate, Net } from './net.ts'
import type { Past } from './past.ts'
import type { Plan, ProviderPlan } from './plan.ts'

/** A step the store has carried out, whoever hears of it. */
export type Step = Changes & { asked: Asked | null } & {
    [N in StepName]: { name: N; args: StepArgs<N>; answer: StepAnswer<N> }
  }[StepName]

/** The same of the accounts' store. */
export type UsersStep = { asked: Asked } & {
  [N in UsersStepName]: { name: N; args: UsersStepArgs<N>; answer: UsersStepAnswer<N> }
}[UsersStepName]

export type StepOf<N extends StepName> = Extract<Step, { name: N }>
export type UsersStepOf<N extends UsersStepName> = Extract<UsersStep, { name: N }>

/** Bytes leave for a provider. */
export interface Call {
  provider: ProviderPlan
  outgoing: Outgoing
  timeoutMs: number
  /** What the calling isolate's clock shows, epoch ms. */
  now: number
  /** How often the row had been replayed. */
  life: number
}

/** A provider has taken a message: somebody will get it. */
export interface Copy {
  messageId: string
  life: number
  challengeId: string | null
  template: string
  provider: ProviderPlan
  key: string
  address: string
  code: string | null
  link: string | null
  /** Base ms. */
  at: number
}

/** Watches one invariant; whatever it sees, it changes nothing. */
export interface Checker {
  stepped?(step: Step): void
  usersStepped?(step: UsersStep): void
  /** A request of an account route has ended, for whoever asked. */
  told?(told: Told): void
  calling?(call: Call): void
  copied?(copy: Copy): void
  healed?(): void
  ended?(): void
}

export interface Violation {
  invariant: string
  /** Id of the message or challenge it is about. */
  subject: string
  detail: string
}

/** Gives each isolate its scheduler. */
export interface Clock {
  schedulerFor(isolate: Isolate): Scheduler
  /** A step of the store was done. */
  stepped?(): void
}

/** A planted bug: see bugs.ts. */
export interface Bug {
  name: string
  /** How it is planted, in a few words. */
  how: string
  /** Invariants it may be found by. */
  breaks: string[]
  /** Found within this many seeds, from seed 1. */
  within: number
  /** Around the store as an isolate sees it. */
  runner?(inner: StepRunner, world: World): StepRunner
  /** Around each step in the object. */
  step?: Around
  provider?(provider: Provider, world: World): Provider
  /** Around the accounts' store as an isolate sees it. */
  usersRunner?(inner: UsersRunner, world: World): UsersRunner
  /** Around each of its steps. */
  usersStep?: AroundUsers
  sweeper?: false
}

export type AroundUsers = <N extends UsersStepName>(
  name: N,
  args: UsersStepArgs<N>,
  run: (args: UsersStepArgs<N>) => UsersStepAnswer<N>,
  world: World,
) => UsersStepAnswer<N>

export type Around = <N extends StepName>(
  name: N,
  args: StepArgs<N>,
  run: (args: StepArgs<N>) => StepAnswer<N>,
  world: World,
) => StepAnswer<N>

export interface World {
  plan: Plan
  kernel: Kernel
  net: Net
  db: Database
  keys: Keys
  bug: Bug | null
  clock: Clock
  checkers: Checker[]
  copies: Copy[]
  lines: string[]
  /** Texts that must be in no log line and no row; a user's own row may have their address. */
  secrets: Set<string>
  /** What each hash was made of. */
  hashed: Map<string, string>
  past: Past
  violation: Violation | null
  fail(invariant: string, subject: string, detail: string): void
  /** Something was thrown that no port is said to throw. */
  wrong(error: unknown, where: string): void
  coreOf(isolate: Isolate): Core
  /** The same, for one request of an account route. */
  coreFor(isolate: Isolate, asked: Asked): Core
  invoke<T>(what: string, use: (core: Core) => Promise<T>): Promise<Answer<T>>
}
