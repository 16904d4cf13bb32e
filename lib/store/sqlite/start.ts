// Which rows of an admission start at once: those that are due, by priority, as many as its caller can start.
import type { Admission, Admitted } from '../../ports/admission.ts'
import { CLAIM_MAX } from '../../rules/numbers.ts'
import { claimOne } from './lease.ts'
import type { MessageRow } from './rows.ts'
import { claimed, waiting } from './rows.ts'
import type { Work } from './work.ts'

interface Candidate {
  row: MessageRow
  group: Admission
  answer: Admitted & { kind: 'admitted' | 'hastened' }
}

/** Claims what is due and may start where a lease was given; the rest waits for its wake. Fills the answers in. */
export function startFirst(rows: Work, groups: Admission[], answers: Admitted[]): void {
  const candidates = answers.flatMap((answer, at) => candidatesOf(rows, groups[at], answer))
  const isHeld = ({ row, group }: Candidate) => group.claim !== null && row.lease_token === group.claim.token
  let places = CLAIM_MAX - candidates.filter(isHeld).length
  // A stable sort: of one priority, as they were asked.
  for (const one of [...candidates].sort((a, b) => a.row.priority - b.row.priority)) {
    const { row, group } = one
    if (isHeld(one) || !group.claim || places <= 0 || !mayStart(one)) continue
    const lease = { token: group.claim.token, until: group.now + group.claim.leaseMs }
    if ('row' in claimOne(rows, row.id, lease, group.now)) places--
  }
  for (const one of candidates) {
    const { row, answer } = one
    if (isHeld(one)) answer.claimed.push(claimed(row))
    else if (row.wake_at !== null && row.behind === null) answer.waiting.push(waiting(row))
  }
}

function candidatesOf(rows: Work, group: Admission | undefined, answer: Admitted): Candidate[] {
  if (!group || (answer.kind !== 'admitted' && answer.kind !== 'hastened')) return []
  const ids = answer.kind === 'hastened' ? [answer.id] : group.messages.map((message) => message.id)
  return ids
    .flatMap((id) => rows.message(id) ?? [])
    .filter((row) => row.wake_at !== null)
    .map((row) => ({ row, group, answer }))
}

/** A later stage waits for its earlier one, unless a resend has hastened it. */
const mayStart = ({ row, group, answer }: Candidate): boolean =>
  row.status === 'queued' && row.due_at <= group.now && (row.after_id === null || answer.kind === 'hastened')
