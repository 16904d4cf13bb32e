// The store of an isolate: lib/store/sqlite as it is, its object at the other end of the simulated network.

import type { Store } from '../../lib/ports/store.ts'
import { runStep } from '../../lib/steps/steps.ts'
import {
  type StepAnswer,
  type StepArgs,
  type StepName,
  type StepRunner,
  steps,
  WAKING,
} from '../../lib/store/sqlite/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import type { Asked } from './asked.ts'
import type { Isolate } from './net.ts'
import type { Step, World } from './world.ts'

export function storeFor(world: World, isolate: Isolate, asked: Asked | null): Store {
  const runner: StepRunner = {
    run<N extends StepName>(name: N, args: StepArgs<N>): Promise<StepAnswer<N>> {
      let told = ''
      const apply = (): StepAnswer<N> => {
        const answer = applyStep(world, asked, name, args)
        told = ` → ${summary(answer)}`
        return answer
      }
      return world.net.carry(isolate, 'store', () => `store.${name} ${summary(args)}${told}`, apply)
    },
  }
  const seen = world.bug?.runner?.(runner, world) ?? runner
  return sqliteStore(() => seen)
}

function applyStep<N extends StepName>(world: World, asked: Asked | null, name: N, args: StepArgs<N>): StepAnswer<N> {
  const { db, bug } = world
  try {
    const run = (asked: StepArgs<N>) => runStep(steps, db.sql, name, asked)
    const answer = db.transaction(() => (bug?.step ? bug.step(name, args, run, world) : run(args)))
    const step = { asked, name, args, answer, ...db.changes() } as unknown as Step
    for (const checker of world.checkers) checker.stepped?.(step)
    if (WAKING.has(name)) world.clock.stepped?.()
    return answer
  } catch (error) {
    world.wrong(error, `store.${name}`)
    throw error
  }
}

/** What a trace needs: ids, kinds and the words of the next step; no payloads. */
const TELLING = [
  'id',
  'messageId',
  'kind',
  'why',
  'status',
  'type',
  'provider',
  'outcome',
  'intent',
  'attempt',
  'dueAt',
  'lost',
]

export function summary(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return value.map(summary).filter(Boolean).join(' ')
  const parts: string[] = []
  for (const [name, part] of Object.entries(value)) {
    if (name === 'usage' || name === 'sends' || name === 'takes') continue
    if (typeof part === 'object' && part !== null) {
      const inner = summary(part)
      if (inner !== '') parts.push(Array.isArray(part) ? `${name}[${inner}]` : inner)
    } else if (TELLING.includes(name)) parts.push(name === 'id' || name === 'kind' ? String(part) : `${name}=${part}`)
  }
  return parts.join(' ')
}
