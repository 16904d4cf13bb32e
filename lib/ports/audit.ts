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

/** As it is read. */
export interface AuditRecord extends AuditEntry {
  /**
   * How often it happened. What anybody can cause at will (lib/rules/audit.ts) is one entry per kind, person, opener and
   * hour, with instant and origin of the newest; beyond 1,000 of them in an hour, one per kind. All else is 1.
   */
  count: number
}

/**
 *     await audit.append({ at: now, kind: 'login_failed', person: hash, opener: null, agent: 'Firefox', ip: '203.0.113.0/24' })
 */
export interface Audit {
  append(entry: AuditEntry): Promise<void>
  /** Newest first: by `at`, and of the same ms the last one written. */
  list(limit: number): Promise<AuditRecord[]>
}
