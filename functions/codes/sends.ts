// The answer to a code that was sent: at once, or with the truth about the first attempt after `Prefer: wait=n`.
import * as z from 'zod'
import type { ChallengeSends } from '../../lib/codes/open.ts'
import { FIRST_ATTEMPT_WAIT_MS } from '../../lib/rules/numbers.ts'
import type { Status } from '../../lib/rules/status.ts'
import { replayed } from '../http/idempotency.ts'
import { applied, preferredWaitMs } from '../http/prefer.ts'
import { answer, type Context } from '../http/route.ts'
import { at, instant, sentBy, status } from '../http/schemas.ts'

const delivery = () => z.object({ channel: sentBy(), message_id: z.string(), status: status() })
export const sends = () =>
  z.object({
    challenge_id: z.string(),
    expires_at: instant(),
    resend_after: instant(),
    deliveries: z.array(delivery()),
  })

export async function codeSends<S extends 201 | 202>(context: Context, sends: ChallengeSends, status: S) {
  context.background(sends.first)
  const waitMs = preferredWaitMs(context.request, FIRST_ATTEMPT_WAIT_MS)
  const known = new Map<string, Status>()
  if (waitMs > 0) {
    const ends = await Promise.race([sends.first, context.deps.sleep(waitMs).then(() => [])])
    for (const end of ends) known.set(end.id, end.status)
  }
  const body = {
    challenge_id: sends.challengeId,
    expires_at: at(sends.expiresAt),
    resend_after: at(sends.resendAt),
    deliveries: sends.deliveries.map((one) => ({
      channel: one.channel,
      message_id: one.messageId,
      status: known.get(one.messageId) ?? one.status,
    })),
  }
  const headers = {
    ...replayed(sends.repeated),
    ...applied(waitMs),
  }
  return answer(status, body, { headers, usage: sends.usage })
}
