/** A statement and what is expected of the classifier. */
export interface Statement {
  readonly subject: string;
  readonly sql: string;
  /** `reads` means replica; anything else is the reason to stay on the primary. */
  readonly reason: string;
  /** Sent to the primary although a standby would serve it as well: the price of proving. */
  readonly needless: boolean;
}

export function reads(subject: string, statements: readonly string[]): readonly Statement[] {
  return statements.map((sql) => ({ subject, sql, reason: 'reads', needless: false }));
}

export function primary(subject: string, reason: string, statements: readonly string[]): readonly Statement[] {
  return statements.map((sql) => ({ subject, sql, reason, needless: false }));
}

export function needless(subject: string, reason: string, statements: readonly string[]): readonly Statement[] {
  return statements.map((sql) => ({ subject, sql, reason, needless: true }));
}
