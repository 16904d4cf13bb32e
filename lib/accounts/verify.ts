// Proving an address: the code or the link is judged, then its effect is done, then it is over.

import { type CodeApproved, checkCode } from '../codes/check.ts'
import type { ChallengeSecret, LeadsTo } from '../codes/send.ts'
import { maskEmail, maskPhone, parseEmail } from '../names/address.ts'
import type { Refusal } from '../outcome/refusal.ts'
import { ok, type Result, refuse } from '../outcome/result.ts'
import type { AuditEntry } from '../ports/audit.ts'
import type { Bearer } from '../ports/sessions.ts'
import type { User } from '../ports/users.ts'
import type { Channel } from '../rules/status.ts'
import type { Usage } from '../rules/windows.ts'
import { type Accounts, type From, pageOf, userAudit } from './accounts.ts'
import { noticeIdOf, sendNotice } from './notice.ts'
import { takenRefusal } from './register.ts'

/** A code without a challenge is judged against the newest one of whoever is signed in. */
export type Proof = { challengeId: string; code: string } | { token: string } | { code: string }

export interface Proved {
  channel: Channel
  usage: Usage[]
}

export async function verify(
  accounts: Accounts,
  proof: Proof,
  from: From & { bearer: Bearer | null },
): Promise<Result<Proved>> {
  const { core } = accounts
  const challengeId = await challengeOf(accounts, proof, from.bearer)
  if (!challengeId.ok) return challengeId
  // Who names the challenge or brings the link needs no session, and a stale one is no reason against it.
  const isAlone = !('token' in proof) && !('challengeId' in proof)
  const asked = { ...from, bearer: isAlone ? from.bearer : null }
  const checked = await checkAccountCode(accounts, challengeId.value, proof, 'verify', asked)
  if (!checked.ok) return checked
  const { approved, secret } = checked.value
  const { usage } = approved
  const done = await takeEffect(accounts, secret, approved)
  if (!done.ok) {
    // Nothing that the same code could do later either.
    await core.store.challenges.confirm(approved.challengeId, core.now())
    return refuse(done.refusal, usage)
  }
  const { user, kind } = done.value
  const audit: AuditEntry = await userAudit(core, kind, user, from.origin)
  await core.store.challenges.confirm(approved.challengeId, core.now(), audit)
  return ok({ channel: approved.channel, usage })
}

async function challengeOf({ core }: Accounts, proof: Proof, bearer: Bearer | null): Promise<Result<string | null>> {
  if ('token' in proof) return ok(null)
  if ('challengeId' in proof) return ok(proof.challengeId)
  if (!bearer) return refuse({ code: 'unauthorized' })
  const newest = await core.store.challenges.newest(bearer.userId, 'verify', core.now())
  return newest ? ok(newest.id) : refuse({ code: 'challenge_over' })
}

/** Judges a code or link of an account route; what does not exist, or is for something else, is over. */
export async function checkAccountCode(
  { core }: Accounts,
  challengeId: string | null,
  proof: { code: string } | { token: string },
  effect: 'verify' | 'reset',
  from: From & { bearer?: Bearer | null },
): Promise<Result<{ approved: CodeApproved; secret: ChallengeSecret }>> {
  const checked = await checkCode(core, {
    challengeId,
    audience: 'account',
    proof: 'token' in proof ? { token: proof.token } : { code: proof.code },
    caller: from.caller,
    effect,
    bearer: from.bearer ?? null,
    origin: from.origin,
  })
  if (!checked.ok) return checked.refusal.code === 'not_found' ? { ...checked, refusal: OVER } : checked
  const approved = checked.value
  const opened = await core.keys.open(approved.challengeId, approved.sealed)
  // Its secret is gone: nobody can tell any more what it was for.
  if (opened === null) return refuse(OVER, approved.usage)
  return ok({ approved, secret: JSON.parse(opened) as ChallengeSecret })
}

const OVER: Refusal = { code: 'challenge_over' }

type Done = Result<{ user: User; kind: string }>

/** What the challenge was opened for; what is held for something else, or for nothing, is over. */
async function takeEffect(
  accounts: Accounts,
  secret: ChallengeSecret,
  { challengeId, channel }: CodeApproved,
): Promise<Done> {
  const { core, users } = accounts
  const now = core.now()
  if (secret.holds.kind !== 'account') return refuse(OVER)
  const { leadsTo } = secret.holds
  if (leadsTo.kind === 'verify') {
    const address = secret.targets.find((one) => one.channel === channel)?.deliver ?? ''
    const contact = channel === 'email' ? 'email' : 'phone'
    const verified = await users.markVerified({ userId: leadsTo.userId, contact, address, challengeId, now })
    return verified.kind === 'verified' ? ok({ user: verified.user, kind: 'verified' }) : refuse(OVER)
  }
  if (leadsTo.kind === 'sign-up') {
    const created = await users.create({ ...leadsTo.user, emailVerified: true })
    if (created.kind === 'created') return ok({ user: created.user, kind: 'registered' })
    // Who has the address has the account: their own earlier sign-up, as a rule.
    return refuse({ code: created.fields.includes('email') ? 'email_taken' : 'username_taken' })
  }
  if (leadsTo.kind === 'change') return changeAddress(accounts, leadsTo, challengeId, now)
  return refuse(OVER)
}

async function changeAddress(
  accounts: Accounts,
  { userId, from, to, hash, askedAt }: Extract<LeadsTo, { kind: 'change' }>,
  challengeId: string,
  now: number,
): Promise<Done> {
  const { core, users, policy } = accounts
  // Held against the person's epoch alone, whatever became of the one session it was asked on.
  if (await core.store.sessions.endedSince(userId, askedAt)) return refuse(OVER)
  const changed = await users.changeAddress({ userId, from, to, hash, challengeId, now })
  if (changed.kind === 'taken') return refuse(takenRefusal(changed.fields))
  if (changed.kind !== 'changed') return refuse(OVER)
  const { user } = changed
  // Whoever held the account until now is told where they read it: at the address that was.
  const told = 'email' in to && from !== null ? { deliver: from, normal: parseEmail(from)?.normal ?? from } : user.email
  await sendNotice(accounts, {
    id: noticeIdOf(challengeId),
    template: 'address-changed',
    to: told,
    locale: user.locale,
    data: {
      kind: 'email' in to ? 'email' : 'phone',
      newMasked: 'email' in to ? maskEmail(to.email.deliver) : maskPhone(to.phone),
      at: new Date(now).toISOString(),
      timeZone: policy.timeZone,
      // By mail to this address the account cannot be had back any more; by a phone it never could.
      resetLink: 'email' in to ? null : pageOf(core, 'recover'),
    },
  })
  return ok({ user, kind: 'email' in to ? 'email_changed' : 'phone_changed' })
}
