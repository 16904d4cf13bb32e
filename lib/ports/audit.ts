// The audit trail: what happened to whom, without naming anybody.

/** Where a call came from, as far as it is kept. */
export interface Origin {
  /** Family of the user agent, e.g. `Firefox`; null = not told. */
  agent: string | null
  /** Truncated. */
  ip: string | null
}

/** What happened to whom, without naming anybody. */
export interface AuditEntry extends Origin {
  at: number
  /** e.g. `code_locked`, `login_failed`. */
  kind: string
  /** Keyed hash of the person's address, or of the login that was typed. */
  person: string | null
  opener: string | null
}

/**
 *     await audit.append({ at: now, kind: 'login_failed', person: hash, opener: null, agent: 'Firefox', ip: '203.0.113.0/24' })
 */
export interface Audit {
  append(entry: AuditEntry): Promise<void>
  /** Newest first. */
  list(limit: number): Promise<AuditEntry[]>
}
