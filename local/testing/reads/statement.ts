import type { PassedOver } from '../../../lib/errors';

/** A statement that a fleet was asked for while it was recorded. */
export interface RecordedStatement {
  readonly text: string;
  /** What readfleet takes it for: `write` is all that is not known to read only. */
  readonly kind: 'read' | 'write';
  /** Who answered; undefined while nobody has, and when it failed. */
  readonly member: string | undefined;
  /** What that member was then. */
  readonly role: 'primary' | 'replica' | undefined;
  /** Why there, in readfleet's own words: of a read on the primary, what asked for it, or why no replica could serve. */
  readonly reason: string;
  /** What the caller got instead of an answer. */
  readonly error: unknown;
}

/** One of those, as it goes on. */
export class Entry implements RecordedStatement {
  member: string | undefined;
  role: 'primary' | 'replica' | undefined;
  reason = '';
  error: unknown;
  /** Whom it was last sent to. */
  private sentTo: string | undefined;

  constructor(
    readonly text: string,
    readonly kind: 'read' | 'write',
  ) {}

  /** It is about to be sent to somebody. */
  sent(member: string, reason: string): void {
    this.sentTo = member;
    this.reason = reason;
  }

  answered(member: string, role: 'primary' | 'replica'): void {
    if (this.error !== undefined) return;
    // A standby that refuses a statement, or does not know a new table yet, is not asked again: the primary answers in its stead.
    if (this.sentTo !== undefined && this.sentTo !== member && role === 'primary')
      this.reason = `${this.sentTo} could not run it`;
    this.member = member;
    this.role = role;
  }

  failed(error: unknown): void {
    this.error = error;
    // A cursor may fail when it has given rows.
    this.member = undefined;
    this.role = undefined;
  }
}

/** Why each replica was passed over, for people. */
export function tellPassedOver(passedOver: readonly PassedOver[]): string {
  return passedOver.map(({ member, reason }) => `${member}: ${reason}`).join('; ') || 'no replica could serve';
}
