// Accounts: one per name, none behind anybody's back, nothing proved that was not shown, no effect twice.
import { noticeIdOf } from '../../lib/accounts/notice.ts'
import { parseRefreshToken } from '../../lib/secrets/refresh-token.ts'
import type { Asked, Told } from './asked.ts'
import { noteEffect, passwordSet } from './past.ts'
import type { Checker, UsersStep, UsersStepOf, World } from './world.ts'

export function checkAccounts(world: World): Checker {
  const { past, db } = world
  /** Whose a name or an address is, in one spelling. */
  const names = new Map<string, string>()
  const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

  const holds = (userId: string, text: string): void => {
    const name = plain(text)
    const holder = names.get(name)
    if (holder !== undefined && holder !== userId) world.fail('one name, one account', userId, `${holder} has ${text}`)
    names.set(name, userId)
  }

  const setPassword = (userId: string, hash: string): number =>
    passwordSet(past, userId, hash, world.hashed.get(hash) ?? '')

  const wasShown = (address: string, challengeId: string | undefined): boolean =>
    world.copies.some((copy) => copy.address === address && copy.challengeId === challengeId && copy.code !== null)

  function made({ args: [user], answer, asked }: UsersStepOf<'create'>): void {
    if (answer.kind === 'taken') {
      asked.refused = 'taken'
      return
    }
    asked.effect = true
    if (past.accounts.has(user.id)) return
    asked.created = user.id
    holds(user.id, user.username.typed)
    holds(user.id, user.email.deliver)
    setPassword(user.id, user.passwordHash)
    past.accountOf(user.id).movedAt = past.order
    proved(answer.user.emailVerified, user.email.deliver, asked)
  }

  function proved(isVerified: boolean, address: string, { checked }: Asked): void {
    if (!isVerified) return
    if (!checked?.approved || !wasShown(address, checked.id)) {
      world.fail('verified only what was shown', checked?.id ?? '', address)
    }
  }

  /** A hash is in the row that was not there before. */
  function set({ args: [wanted], answer, asked }: UsersStepOf<'setPassword'>): void {
    noteEffect(asked, answer, 'set')
    if (answer.kind !== 'set') return
    const { passwords, hash } = past.accountOf(wanted.userId)
    const challengeId = 'challengeId' in wanted.by ? wanted.by.challengeId : null
    const reset = challengeId === null ? undefined : past.resets.get(challengeId)
    if (hash === wanted.hash) {
      // Told again.
      asked.set ??= passwords.length - 1
      return
    }
    if (reset) world.fail('one challenge, one password', challengeId ?? '', `set after ${reset.place}`)
    asked.set = setPassword(wanted.userId, wanted.hash)
    if ('email' in wanted.by) proved(true, wanted.by.email, asked)
    if (challengeId !== null) past.resets.set(challengeId, { userId: wanted.userId, place: asked.set })
  }

  function stepped(step: UsersStep): void {
    past.order++
    if (step.name === 'create') made(step)
    if (step.name === 'setPassword') set(step)
    if (step.name === 'byId') {
      const { checked, route } = step.asked
      const address = step.answer?.email.deliver ?? ''
      // The account has moved: whoever reads the mail of its former address has no say any more.
      if (route === 'reset' && checked && !wasShown(address, checked.id)) step.asked.refused = 'moved'
    }
    if (step.name === 'markVerified') {
      noteEffect(step.asked, step.answer, 'verified')
      if (step.answer.kind === 'verified') proved(true, step.args[0].address, step.asked)
    }
    if (step.name === 'changeAddress') {
      noteEffect(step.asked, step.answer, 'changed')
      changed(step)
    }
  }

  function changed({ args: [{ userId, from, to }], answer, asked }: UsersStepOf<'changeAddress'>): void {
    if (answer.kind !== 'changed' || !('email' in to)) return
    proved(true, to.email.deliver, asked)
    // A late repeat is told the same, whatever the account has by now.
    if (answer.user.email.deliver !== to.email.deliver) return
    if (from !== null && names.get(plain(from)) === userId) names.delete(plain(from))
    holds(userId, to.email.deliver)
    past.accountOf(userId).movedAt = past.order
  }

  /** What a yes has promised. */
  function promised(told: Told): void {
    const { asked, answer } = told
    if (answer.kind !== 'answer' || !answer.value.ok) return
    const broken = (invariant: string, detail: string) => world.fail(invariant, asked.checked?.id ?? '', detail)
    if (told.route === 'register') registered(told)
    if (told.route === 'verify' && !asked.effect) broken('an acknowledged proof has had its effect', asked.email)
    if (told.route === 'reset') {
      const reset = past.resets.get(asked.checked?.id ?? '')
      const inForce = reset && past.accountOf(reset.userId).passwords[reset.place]
      const hash = reset && past.accountOf(reset.userId).hash
      const row =
        reset && db.row<{ hash: string }>('SELECT password_hash AS hash FROM users WHERE id = ?', reset.userId)
      if (inForce !== asked.newPassword || row?.hash !== hash)
        broken('an acknowledged reset has set its password', `${inForce}`)
      const notice = noticeIdOf(asked.checked?.id ?? '')
      if (!db.row('SELECT 1 FROM messages WHERE id = ?', notice)) broken('whoever’s password is reset is told', notice)
    }
    if (told.route === 'changePassword' && asked.set === null) broken('an acknowledged change has set its password', '')
  }

  function registered({ asked, answer }: Extract<Told, { route: 'register' }>): void {
    if (answer.kind !== 'answer' || !answer.value.ok) return
    const { user, tokens, mail, challengeId } = answer.value.value
    const row = db.row<{ username: string }>('SELECT username FROM users WHERE id = ?', user.id)
    if (row?.username !== asked.username) world.fail('a 201 is an account', user.id, asked.username)
    const token = tokens.refreshToken === null ? null : parseRefreshToken(tokens.refreshToken)
    if (token && past.families.get(token.sessionId)?.userId !== user.id) {
      world.fail('a refresh token handed out has its family', token.sessionId, 'by register')
    }
    if (mail.sent && !world.copies.some((copy) => copy.challengeId === challengeId)) {
      world.fail('a mail said to be sent was taken', challengeId ?? '', mail.status)
    }
  }

  return {
    usersStepped: stepped,
    told(told) {
      const { asked, answer } = told
      const isNo = answer.kind === 'answer' && !answer.value.ok
      const code = answer.kind === 'answer' && !answer.value.ok ? answer.value.refusal.code : ''
      if (isNo && asked.created !== null) {
        world.fail('no account behind anybody’s back', asked.created, `told ${code}`)
      }
      if (isNo && asked.checked?.approved && !excused(asked)) {
        world.fail('an approved proof has its effect', asked.checked.id, `told ${code}`)
      }
      promised(told)
    },
  }

  /** The effect had become impossible, or somebody had another one by this challenge. */
  function excused({ refused, checked, newPassword }: Asked): boolean {
    if (refused !== 'spent') return refused !== null
    const reset = past.resets.get(checked?.id ?? '')
    return reset !== undefined && past.accountOf(reset.userId).passwords[reset.place] !== newPassword
  }
}
