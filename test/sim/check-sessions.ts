// Sessions: a family turns once per token and is over when an old one comes back; an ending spares nothing that was
// proven before it, and what a reset replaced opens nothing any more.

import type { Bearer, NewSession } from '../../lib/ports/sessions.ts'
import { SESSION } from '../../lib/rules/numbers.ts'
import type { Asked } from './asked.ts'
import { endAll, type Family } from './past.ts'
import type { Checker, StepOf, World } from './world.ts'

export function checkSessions(world: World): Checker {
  const { past, plan } = world
  /** Calls that were answered before: their repeats are told the same, whatever has happened since. */
  const answered = new Set<string>()

  function opened(session: NewSession, now: number, asked: Asked | null): void {
    if (past.families.has(session.id)) return
    const { id, userId, nonce, provenAt } = session
    past.families.set(id, { id, userId, nonce, n: 0, turnedAt: now, openedAt: now, over: null })
    const { endings, passwords } = past.accountOf(userId)
    for (const ending of endings) {
      if (provenAt <= ending.at) world.fail('nothing proven before an ending is opened', id, ending.why)
      // A clock ahead of the one that ended them may make an early proof look late.
      if (ending.from === null || provenAt - ending.at <= 2 * plan.skewMs) continue
      if (asked && !passwords.slice(ending.from).includes(asked.password)) {
        world.fail('a password that was replaced opens nothing', id, ending.why)
      }
    }
    if (asked && !passwords.includes(asked.password)) world.fail('only a password opens a session', id, asked.route)
  }

  const isOver = (family: Family, now: number): boolean =>
    family.over !== null || now >= Math.min(family.openedAt + SESSION.lifeMs, family.turnedAt + SESSION.idleMs)

  function turned({ args: [turn], answer }: StepOf<'turn'>): void {
    const family = past.families.get(turn.id)
    if (!family) {
      world.fail('a refresh token handed out has its family', turn.id, answer.kind)
      return
    }
    const gone = isOver(family, turn.now) || turn.nonce !== family.nonce
    const late = turn.now - family.turnedAt
    const broken = (invariant: string) => world.fail(invariant, turn.id, `${turn.n} of ${family.n}, ${answer.kind}`)
    if (answer.kind === 'turned') {
      if (gone) broken('nothing of a family that is over is turned')
      if (answer.n !== turn.n + 1) broken('a turn gives the next token')
      if (turn.n === family.n) Object.assign(family, { n: family.n + 1, turnedAt: turn.now })
      else if (turn.n < family.n - 1 || late >= SESSION.graceMs) broken('an old token ends its family')
    } else if (answer.kind === 'reused') {
      if (!answered.has(turn.token) && (turn.n >= family.n || (turn.n === family.n - 1 && late < SESSION.graceMs))) {
        broken('two tabs at once stay signed in')
      }
      answered.add(turn.token)
      family.over ??= 'reused'
    } else if (!gone && turn.n <= family.n) broken('a live family turns')
  }

  /** A guarded step has let this session pass. */
  function passed(bearer: Bearer, now: number): void {
    const family = past.families.get(bearer.sessionId)
    const { endings } = past.accountOf(bearer.userId)
    const over = family
      ? family.userId !== bearer.userId || isOver(family, now)
      : endings.some((ending) => bearer.issuedAt <= ending.at)
    if (over) world.fail('no session that is over passes a guarded step', bearer.sessionId, family?.over ?? 'ended')
  }

  function refused(bearer: Bearer, now: number): void {
    const family = past.families.get(bearer.sessionId)
    const isTheirs = family?.userId === bearer.userId
    if (family && isTheirs && !isOver(family, now))
      world.fail('a live session passes', bearer.sessionId, 'told revoked')
  }

  function admitted({ args: [groups], answer, asked }: StepOf<'admit'>): void {
    for (const [index, group] of groups.entries()) {
      const told = answer[index]
      const name = group.messages[0]?.id ?? (group.challenge && 'open' in group.challenge && group.challenge.open.id)
      const repeat = name ? answered.has(name) : false
      if (told?.kind === 'revoked' && group.bearer) refused(group.bearer, group.now)
      // A change that waits for its code ends with the sessions of whoever asked for it.
      if (told?.kind === 'revoked' && asked) asked.refused = 'ended'
      if (told?.kind !== 'admitted' && told?.kind !== 'hastened') continue
      if (name) answered.add(name)
      if (group.bearer && !repeat) passed(group.bearer, group.now)
      if (group.session) opened(group.session, group.now, asked)
    }
  }

  function checked({ args: [check], answer, asked }: StepOf<'check'>): void {
    if (answered.has(check.token)) return
    answered.add(check.token)
    const approved = answer.kind === 'approved'
    if (asked) asked.checked = { id: check.id, approved }
    if (check.bearer && answer.kind === 'revoked') refused(check.bearer, check.now)
    if (check.bearer && answer.kind !== 'revoked') passed(check.bearer, check.now)
    // The step that approves a reset ends what its subject had.
    if (answer.kind === 'approved' && !answer.again && check.effect === 'reset') ended(answer.subject, check.now, null)
  }

  function ended(userId: string | null, at: number, from: number | null): void {
    if (userId !== null) endAll(past, userId, { why: 'reset', at, from })
  }

  /** Resets that were confirmed. */
  const confirmed = new Set<string>()

  return {
    stepped(step) {
      const { asked } = step
      if (step.name === 'admit') admitted(step)
      if (step.name === 'check') checked(step)
      if (step.name === 'turn') turned(step)
      if (step.name === 'live') {
        const [bearer, now] = step.args
        if (step.answer) passed(bearer, now)
        else refused(bearer, now)
      }
      if (step.name === 'take' && step.args[2]) {
        const [, now, bearer] = step.args
        if (step.answer.kind === 'taken') passed(bearer, now)
        if (step.answer.kind === 'revoked') refused(bearer, now)
      }
      // A change that waits for its code ends with the sessions of whoever asked for it.
      if (step.name === 'endedSince' && step.answer && asked) asked.refused = 'ended'
      if (step.name === 'openSession' && step.answer.kind === 'opened') opened(step.args[0], step.args[2], asked)
      if (step.name === 'confirm') {
        const [id, now] = step.args
        const reset = past.resets.get(id)
        if (reset && !confirmed.has(id)) ended(reset.userId, now, reset.place)
        confirmed.add(id)
      }
      if (step.name === 'revoke') {
        const family = past.families.get(step.args[0])
        if (family && step.answer === 'revoked') family.over ??= 'revoked'
      }
      if (step.name === 'revokeAll') {
        const [userId, at, except] = step.args
        endAll(past, userId, { why: asked?.route ?? '', at, from: asked?.set ?? null }, except)
      }
    },
    told({ route, asked, answer }) {
      if (route !== 'login' || answer.kind !== 'answer' || answer.value.ok) return
      if (answer.value.refusal.code !== 'invalid_credentials') return
      const userId = userOf(asked)
      const account = userId === null ? undefined : past.accounts.get(userId)
      if (!account) return
      const { passwords, setAt, endings, movedAt } = account
      // What was in force at any time while it was asked.
      const inForce = passwords.filter((_, place) => (setAt[place + 1] ?? Number.POSITIVE_INFINITY) > asked.since)
      // A clock behind the one that ended sessions makes a proof look older than the end.
      const isNear = endings.some(({ at, order }) => order > asked.since || world.kernel.wall() - at < 10_000)
      if (!isNear && movedAt < asked.since && inForce.length > 0 && inForce.every((one) => one === asked.password)) {
        world.fail('the right password opens', userId ?? '', asked.username || asked.email)
      }
    },
  }

  function userOf({ username, email }: Asked): string | null {
    const where = username === '' ? 'email' : 'username'
    const query = `SELECT id FROM users WHERE ${where} = ?`
    return world.db.row<{ id: string }>(query, username === '' ? email : username)?.id ?? null
  }
}
