// Planted bugs of challenges.
import type { StepName } from '../../lib/store/sqlite/steps.ts'
import { argsOf } from './bug-step.ts'
import type { Bug, World } from './world.ts'

interface Judgement {
  status: string
  failures: number
}

const READ = 'SELECT status, failures FROM challenges WHERE id = ?'
const WRITE = 'UPDATE challenges SET status = ?, failures = ? WHERE id = ?'

/** What each call of `check` had read before it wrote, by its token. */
const reads = new WeakMap<World, Map<string, Judgement>>()

export const checkBugs: Bug[] = [
  {
    name: 'non-atomic check',
    how: 'check: judges by what it read 20 ms before it writes',
    breaks: [
      'exactly one success per challenge',
      'no claim after the last guess',
      'never more than five guesses judged',
      'no guess is judged after the success',
    ],
    within: 60,
    runner: (inner, world) => ({
      async run(name, args) {
        if ((name as StepName) === 'check') {
          const [check] = argsOf('check', args)
          const read = world.db.row<Judgement>(READ, check.id)
          const known = reads.get(world) ?? new Map<string, Judgement>()
          reads.set(world, known)
          if (read) known.set(check.token, read)
          await world.kernel.sleep(20)
        }
        return inner.run(name, args)
      },
    }),
    step: (name, args, run, world) => {
      if (name !== 'check') return run(args)
      const [check] = argsOf('check', args)
      const read = reads.get(world)?.get(check.token)
      reads.get(world)?.delete(check.token)
      if (read) world.db.rows(WRITE, read.status, read.failures, check.id)
      return run(args)
    },
  },
  {
    name: 'approval does not cancel',
    how: 'check: rows are detached from the challenge that is approved',
    breaks: ['no claim after approval'],
    within: 80,
    step: (name, args, run, { db }) => {
      if (name !== 'check') return run(args)
      const [check] = argsOf('check', args)
      const ids = db.rows<{ id: string }>('SELECT id FROM messages WHERE challenge_id = ?', check.id)
      db.rows('UPDATE messages SET challenge_id = NULL WHERE challenge_id = ?', check.id)
      const sends = db.row<{ sends: string }>('SELECT sends FROM challenges WHERE id = ?', check.id)?.sends
      db.rows("UPDATE challenges SET sends = '[]' WHERE id = ?", check.id)
      const answer = run(args)
      if ((answer as { kind: string }).kind === 'approved') return answer
      if (sends) db.rows('UPDATE challenges SET sends = ? WHERE id = ?', sends, check.id)
      for (const { id } of ids) db.rows('UPDATE messages SET challenge_id = ? WHERE id = ?', check.id, id)
      return answer
    },
  },
  {
    name: 'repeated check judged again',
    how: 'check: the answers of earlier calls are forgotten',
    breaks: ['a repeated call is told the first answer'],
    within: 100,
    step: (name, args, run, { db }) => {
      if (name === 'check') db.rows("UPDATE challenges SET answers = '[]'")
      return run(args)
    },
  },
  {
    name: 'resend refills guesses',
    how: 'admit: a resend sets the failures of its challenge to 0',
    breaks: ['no claim after the last guess', 'never more than five guesses judged'],
    within: 100,
    step: (name, args, run, { db }) => {
      const answer = run(args)
      if (name !== 'admit') return answer
      for (const { challenge } of argsOf('admit', args)[0]) {
        if (challenge && 'resend' in challenge) {
          db.rows('UPDATE challenges SET failures = 0 WHERE id = ?', challenge.resend.id)
        }
      }
      return answer
    },
  },
  {
    name: 'guesses never lock',
    how: 'check: locks are removed before it looks',
    breaks: ['five wrong in an hour lock the codes', 'ten wrong a day'],
    within: 300,
    step: (name, args, run, { db }) => {
      if (name === 'check') db.rows('DELETE FROM locks')
      return run(args)
    },
  },
]
