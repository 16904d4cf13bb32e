// `Prefer: wait=3` (RFC 7240): the caller would rather wait for what comes of it.

/** Ms, at most `maxMs`; 0 = no such wish. */
export function preferredWaitMs(request: Request, maxMs: number): number {
  const [, wait] = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,3})"?/i.exec(request.headers.get('Prefer') ?? '') ?? []
  return wait ? Math.min(Number(wait) * 1_000, maxMs) : 0
}

export const applied = (waitMs: number): Record<string, string> =>
  waitMs > 0 ? { 'Preference-Applied': `wait=${waitMs / 1_000}` } : {}
