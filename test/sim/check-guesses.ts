// Challenges: at most five guesses are judged and one is told yes, ten wrong a day, and nothing is sent once it is over.

import type { ChallengeSend, NewChallenge } from '../../lib/ports/challenges.ts'
import { CHALLENGE, WRONG_RULES } from '../../lib/rules/numbers.ts'
import type { Ledger } from './ledger.ts'
import type { Checker, Step, World } from './world.ts'

interface Judged {
  challenge: NewChallenge
  codeExpiresAt: number
  wrong: number
  approved: number
  /** Its effect is done, or it has none. */
  settled: boolean
}

type CheckStep = Extract<Step, { name: 'check' }>

export function checkGuesses(world: World, ledger: Ledger): Checker {
  const challenges = new Map<string, Judged>()
  /** First answer of each call, by its token. */
  const answers = new Map<string, string>()
  /** Instants of wrong guesses, by opener and person. */
  const wrongs = new Map<string, number[]>()

  const budgetsOf = ({ challenge }: Judged): string[] =>
    challenge.persons.map((person) => `${challenge.opener} ${person}`)
  const within = (budget: string, ms: number, now: number): number[] =>
    (wrongs.get(budget) ?? []).filter((at) => at > now - ms)

  function judged({ args: [check], answer }: CheckStep): void {
    const text = JSON.stringify(answer)
    const first = answers.get(check.token)
    if (first !== undefined) {
      if (first !== text) world.fail('a repeated call is told the first answer', check.id, `${first} then ${text}`)
      return
    }
    answers.set(check.token, text)
    const known = challenges.get(check.id)
    if (!known) return
    const { challenge } = known
    const isLink = 'link' in check.proof
    const fits = 'link' in check.proof || check.proof.macs.some((mac) => Object.values(challenge.macs).includes(mac))
    if (answer.kind === 'approved') {
      const again = known.approved > 0
      if (!answer.again) known.approved++
      if (known.approved > 1) world.fail('exactly one success per challenge', check.id, check.token)
      if (answer.again !== again) world.fail('approved again only after approval', check.id, `${answer.again}`)
      if (known.settled) world.fail('nobody is told yes after the effect', check.id, check.token)
      if (known.approved > 0 && challenge.effect == null) known.settled = true
      if (check.effect !== undefined && check.effect !== (challenge.effect ?? null)) {
        world.fail('a code is good for what it was asked for', check.id, `${check.effect}`)
      }
      if (!fits) world.fail('only the right code is told yes', check.id, check.token)
      if (check.now >= challenge.endsAt) world.fail('no success after the end', check.id, `${check.now}`)
    }
    if (answer.kind === 'over' && fits && !isOver(known, isLink, check.now)) {
      world.fail('the right code works until its effect is there', check.id, check.token)
    }
    if (known.settled && answer.kind === 'wrong')
      world.fail('no guess is judged after the success', check.id, check.token)
    if (answer.kind === 'locked' && !budgetsOf(known).some((budget) => locks(budget, check.now))) {
      world.fail('codes lock only for guesses of their own opener', check.id, check.token)
    }
    if (answer.kind === 'wrong') wrongly(known, check.now, fits)
  }

  const isOver = (known: Judged, isLink: boolean, now: number): boolean =>
    known.settled || now >= known.codeExpiresAt || (!isLink && known.wrong >= CHALLENGE.guessesMax)

  const locks = (budget: string, now: number): boolean =>
    within(budget, WRONG_RULES.day.perMs, now).length >= WRONG_RULES.lock.max

  function wrongly(known: Judged, now: number, fits: boolean): void {
    const { id } = known.challenge
    if (fits) world.fail('the right code is never told wrong', id, '')
    known.wrong++
    if (known.wrong > CHALLENGE.guessesMax) world.fail('never more than five guesses judged', id, `${known.wrong}`)
    for (const budget of budgetsOf(known)) {
      const { lock, day } = WRONG_RULES
      if (within(budget, day.perMs, now).length >= day.max) world.fail('ten wrong a day', id, budget)
      const hour = within(budget, lock.perMs, now)
      // The lock counts from the guess that was judged last, whose worker's clock need not be the latest.
      const until = Math.max(...hour) + CHALLENGE.lockBaseMs - 2 * world.plan.skewMs
      if (hour.length >= lock.max && now < until) {
        world.fail('five wrong in an hour lock the codes', id, budget)
      }
      wrongs.set(budget, [...(wrongs.get(budget) ?? []), now])
    }
  }

  function opened(challenge: NewChallenge): void {
    if (challenges.has(challenge.id)) return
    const { codeExpiresAt } = challenge
    challenges.set(challenge.id, { challenge, codeExpiresAt, wrong: 0, approved: 0, settled: false })
  }

  function extended({ id, codeExpiresAt }: ChallengeSend): void {
    const known = challenges.get(id)
    if (!known) return
    known.codeExpiresAt = Math.min(known.challenge.endsAt, Math.max(known.codeExpiresAt, codeExpiresAt))
  }

  return {
    stepped(step) {
      if (step.name === 'admit') {
        for (const [index, { challenge }] of step.args[0].entries()) {
          const kind = step.answer[index]?.kind
          if (!challenge || (kind !== 'admitted' && kind !== 'hastened')) continue
          if ('open' in challenge) opened(challenge.open)
          else extended(challenge.resend)
        }
      }
      if (step.name === 'check') judged(step)
      if (step.name === 'confirm') {
        const known = challenges.get(step.args[0])
        if (known && known.approved > 0) known.settled = true
      }
      for (const { id, lost, intent } of step.grants) {
        const challengeId = ledger.entries.get(id)?.message.challengeId
        const known = challengeId ? challenges.get(challengeId) : undefined
        // A lost lease is taken again to be settled as such; nothing is called under it before that.
        if (!known || lost) continue
        if (known.approved > 0) world.fail('no claim after approval', id, intent)
        if (known.wrong >= CHALLENGE.guessesMax) world.fail('no claim after the last guess', id, intent)
      }
    },
    ended() {
      for (const { id, status } of world.db.rows<{ id: string; status: string }>('SELECT id, status FROM challenges')) {
        const approved = challenges.get(id)?.approved
        if ((status === 'approved') !== (approved === 1)) world.fail('exactly one success per challenge', id, status)
      }
    },
  }
}
