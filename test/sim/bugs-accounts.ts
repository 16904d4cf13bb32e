// Planted bugs of accounts.
import { newId } from '../../lib/names/ids.ts'
import type { Admitted } from '../../lib/ports/admission.ts'
import { SESSION } from '../../lib/rules/numbers.ts'
import type { StepName } from '../../lib/store/sqlite/steps.ts'
import type { UsersStepAnswer, UsersStepArgs, UsersStepName } from '../../lib/users/sqlite/steps.ts'
import { answerOf, argsOf } from './bug-step.ts'
import type { Around, AroundUsers, Bug, World } from './world.ts'

/** Changes what a step of the accounts' store is asked. */
const askingUsers =
  <K extends UsersStepName>(
    which: K,
    change: (args: UsersStepArgs<K>, world: World) => UsersStepArgs<K>,
  ): AroundUsers =>
  (name, args, run, world) =>
    run((name as UsersStepName) === which ? (change(args as never, world) as never) : args)

/** The step, with all epochs as they were before it. */
const withoutEpochs: Around = (name, args, run, { db }) => {
  const before = db.rows<{ user_id: string; epoch: number; purge_at: number }>('SELECT * FROM epochs')
  const answer = run(args)
  if (name !== 'check' && name !== 'confirm') return answer
  db.rows('DELETE FROM epochs')
  for (const { user_id, epoch, purge_at } of before) {
    db.rows('INSERT INTO epochs (user_id, epoch, purge_at) VALUES (?, ?, ?)', user_id, epoch, purge_at)
  }
  return answer
}

const READ_FAMILY = 'SELECT n, turned_at FROM sessions WHERE id = ?'

export const accountBugs: Bug[] = [
  {
    name: 'confirm before the effect',
    how: 'check: an approval counts as confirmed, whatever becomes of its effect',
    breaks: ['the right code works until its effect is there'],
    within: 60,
    step: (name, args, run, { db }) => {
      const answer = run(args)
      if (name !== 'check') return answer
      const [check] = argsOf('check', args)
      if (answerOf('check', answer).kind === 'approved') {
        db.rows('UPDATE challenges SET confirmed_at = ? WHERE id = ? AND effect IS NOT NULL', check.now, check.id)
      }
      return answer
    },
  },
  {
    name: 'confirmation forgotten',
    how: 'confirm: changes nothing',
    breaks: ['nobody is told yes after the effect'],
    within: 30,
    step: (name, args, run) => (name === 'confirm' ? (undefined as ReturnType<typeof run>) : run(args)),
  },
  {
    name: 'effect not keyed by its challenge',
    how: 'setPassword: what a challenge has set before is forgotten',
    breaks: ['one challenge, one password'],
    within: 150,
    usersStep: askingUsers('setPassword', (args, { db }) => {
      db.rows('DELETE FROM user_effects')
      return args
    }),
  },
  {
    name: 'a reset ends no session',
    how: 'check and confirm: epochs stay as they were',
    breaks: [
      'nothing of a family that is over is turned',
      'no session that is over passes a guarded step',
      'nothing proven before an ending is opened',
      'a password that was replaced opens nothing',
    ],
    within: 60,
    step: withoutEpochs,
  },
  {
    name: 'age of a proof ignored',
    how: 'openSession and admit: every session is called proven later than anything',
    breaks: ['nothing proven before an ending is opened', 'a password that was replaced opens nothing'],
    within: 300,
    step: (name, args, run) => {
      if (name !== 'openSession') return run(args)
      const [session, ...rest] = argsOf('openSession', args)
      const asked = [{ ...session, provenAt: Number.MAX_SAFE_INTEGER }, ...rest]
      return run(asked as unknown as typeof args)
    },
  },
  {
    name: 'unwritten refresh token handed out',
    how: 'store: an admission with a session that nobody answered is taken for done',
    breaks: ['a refresh token handed out has its family'],
    within: 300,
    runner: (inner) => ({
      async run(name, args) {
        try {
          return await inner.run(name, args)
        } catch (error) {
          const isRegister = (name as StepName) === 'admit' && argsOf('admit', args)[0].some((group) => group.session)
          if (!isRegister) throw error
          const done: Admitted = { kind: 'admitted', claimed: [], waiting: [], usage: [] }
          return [done] as Awaited<ReturnType<typeof inner.run<typeof name>>>
        }
      },
    }),
  },
  {
    name: 'grace without an end',
    how: 'turn: the token before the present one is answered at any time',
    breaks: ['an old token ends its family'],
    within: 300,
    step: (name, args, run, { db }) => {
      if (name !== 'turn') return run(args)
      const [turn] = argsOf('turn', args)
      const family = db.row<{ n: number; turned_at: number }>(READ_FAMILY, turn.id)
      if (turn.n !== (family?.n ?? 0) - 1) return run(args)
      db.rows('UPDATE sessions SET turned_at = ? WHERE id = ?', turn.now, turn.id)
      const answer = run(args)
      db.rows('UPDATE sessions SET turned_at = ? WHERE id = ?', family?.turned_at ?? 0, turn.id)
      return answer
    },
  },
  {
    name: 'no grace',
    how: 'turn: the second of two tabs is taken for a thief',
    breaks: ['two tabs at once stay signed in'],
    within: 60,
    step: (name, args, run, { db }) => {
      if (name !== 'turn') return run(args)
      const [turn] = argsOf('turn', args)
      const family = db.row<{ n: number; turned_at: number }>(READ_FAMILY, turn.id)
      if (turn.n === (family?.n ?? 0) - 1) {
        db.rows('UPDATE sessions SET turned_at = ? WHERE id = ?', turn.now - SESSION.graceMs, turn.id)
      }
      return run(args)
    },
  },
  {
    name: 'reuse forgiven',
    how: 'turn: an old token is refused and its family lives on',
    breaks: ['nothing of a family that is over is turned', 'no session that is over passes a guarded step'],
    within: 150,
    step: (name, args, run, { db }) => {
      const answer = run(args)
      if (name !== 'turn' || answerOf('turn', answer).kind !== 'reused') return answer
      db.rows('UPDATE sessions SET revoked_at = NULL WHERE id = ?', argsOf('turn', args)[0].id)
      return answer
    },
  },
  {
    name: 'names compared as typed',
    how: 'create: a name is free if nobody has it in this very spelling',
    breaks: ['one name, one account'],
    within: 150,
    usersStep: askingUsers('create', ([user], { db }) => {
      const { typed, normal } = user.username
      const same = db.row('SELECT 1 FROM users WHERE username = ? OR id = ?', typed, user.id)
      const isTaken = db.row('SELECT 1 FROM users WHERE username_normal = ?', normal)
      return [!same && isTaken ? { ...user, username: { typed, normal: typed } } : user]
    }),
  },
  {
    name: 'accounts verified from the start',
    how: 'create: the address counts as proved',
    breaks: ['verified only what was shown'],
    within: 5,
    usersStep: askingUsers('create', ([user]) => [{ ...user, emailVerified: true }]),
  },
  {
    name: 'a repeat names another account',
    how: 'create: each try of one call has an id of its own',
    breaks: ['no account behind anybody’s back'],
    within: 500,
    usersRunner: (inner, world) => ({
      run(name, args) {
        if (name !== 'create') return inner.run(name, args)
        const [user] = args as UsersStepArgs<'create'>
        const id = newId('usr', world.kernel.wall(), (count) => new Uint8Array(count).fill(world.past.order))
        return inner.run(name, [{ ...user, id }] as UsersStepArgs<'create'> as typeof args)
      },
    }),
  },
  {
    name: 'old password kept',
    how: 'setPassword: a reset is told done and writes nothing',
    breaks: [
      'an acknowledged reset has set its password',
      'an approved proof has its effect',
      'a password that was replaced opens nothing',
      'the right password opens',
    ],
    within: 15,
    usersStep: (name, args, run, { db }) => {
      if (name !== 'setPassword') return run(args)
      const [{ userId }] = args as UsersStepArgs<'setPassword'>
      const hash = db.row<{ hash: string }>('SELECT password_hash AS hash FROM users WHERE id = ?', userId)?.hash ?? ''
      const answer = run(args) as UsersStepAnswer<'setPassword'>
      if (answer.kind === 'set') db.rows('UPDATE users SET password_hash = ? WHERE id = ?', hash, userId)
      return answer as ReturnType<typeof run>
    },
  },
  {
    name: 'password in the log',
    how: 'create: what was typed is written beside it',
    breaks: ['no secret at rest or in a log'],
    within: 5,
    usersStep: (name, args, run, { hashed, lines }) => {
      if (name === 'create') {
        const [{ passwordHash }] = args as UsersStepArgs<'create'>
        lines.push(`{"event":"registered","password":"${hashed.get(passwordHash)}"}`)
      }
      return run(args)
    },
  },
]
