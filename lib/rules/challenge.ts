// Where a challenge stands.

/** `failed` = its guesses are used up. */
export const CHALLENGE_STATUSES = ['pending', 'approved', 'failed', 'expired'] as const
export type ChallengeStatus = (typeof CHALLENGE_STATUSES)[number]

/** What is told of it: `expired` is never stored, it is what a pending one becomes by itself. */
export const challengeStatus = (
  stored: ChallengeStatus,
  { codeExpiresAt }: { codeExpiresAt: number },
  now: number,
): ChallengeStatus => (stored === 'pending' && now >= codeExpiresAt ? 'expired' : stored)
