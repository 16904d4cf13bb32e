// Sends per person and opener: never more than the rules allow, never fewer, and nobody uses up another's.

import type { Admission, Admitted } from '../../lib/ports/admission.ts'
import { SEND_RULES } from '../../lib/rules/numbers.ts'
import { STATUSES, wasNeverTaken } from '../../lib/rules/status.ts'
import type { Ledger } from './ledger.ts'
import type { Checker, World } from './world.ts'

interface Hit {
  slot: string
  at: number
}

/** Ends after which the place of a send is free again. */
const RETURNED: string[] = STATUSES.filter(wasNeverTaken)

export function checkBudgets(world: World, ledger: Ledger): Checker {
  const hits = new Map<string, Hit[]>()
  /** Budgets of each challenge, by its id: opener and person, as the request named them. */
  const budgets = new Map<string, string[]>()
  /** Those that a place was taken in, by its slot. */
  const slots = new Map<string, string[]>()

  const used = (budget: string, rule: { perMs: number }, now: number): number =>
    (hits.get(budget) ?? []).filter((hit) => hit.at > now - rule.perMs).length

  function admitted(group: Admission, answer: Admitted): void {
    const { challenge, now } = group
    // A decoy has no message, and counts like one.
    const slot = group.messages[0]?.slot ?? group.sends[0]?.slot
    if (!challenge || slot === undefined) return
    const id = 'open' in challenge ? challenge.open.id : challenge.resend.id
    const own =
      'open' in challenge
        ? challenge.open.persons.map((person) => `${challenge.open.opener} ${person}`)
        : (budgets.get(id) ?? [])
    if (answer.kind === 'limited') {
      const rule = SEND_RULES.find((one) => one.name === answer.name)
      if (rule && !own.some((budget) => used(budget, rule, now) >= rule.max)) {
        world.fail('a send is refused only for its own budget', id, rule.name)
      }
      return
    }
    // The same ids again are a repeat after a lost answer: it took nothing.
    if (answer.kind !== 'admitted' || slots.has(slot)) return
    slots.set(slot, own)
    budgets.set(id, own)
    for (const budget of own) {
      const list = hits.get(budget) ?? []
      hits.set(budget, list)
      for (const rule of SEND_RULES) {
        if (used(budget, rule, now) >= rule.max) {
          world.fail('never more sends per person and opener than the rule', id, `${rule.name}, ${budget}`)
        }
      }
      list.push({ slot, at: now })
    }
  }

  return {
    stepped(step) {
      if (step.name === 'admit') {
        for (const [index, group] of step.args[0].entries()) {
          const answer = step.answer[index]
          if (answer) admitted(group, answer)
        }
      }
      for (const { id, to } of step.moves) {
        if (!RETURNED.includes(to ?? '')) continue
        const message = ledger.entries.get(id)?.message
        // A stranger's place does not come back: it would tell that there was something to send.
        if (!message || message.slotSeries.length === 0) continue
        const all = ledger.bySlot.get(message.slot) ?? []
        if (!all.every((entry) => RETURNED.includes(entry.status))) continue
        for (const budget of slots.get(message.slot) ?? []) {
          hits.set(
            budget,
            (hits.get(budget) ?? []).filter((hit) => hit.slot !== message.slot),
          )
        }
      }
    },
  }
}
