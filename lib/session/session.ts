import type { Facts } from '../members/state';
import { isAfter, type Token } from './token';

/** What a session sees of a member: one object for as long as it is in the fleet, since another server may come under its name. */
export interface SessionMember {
  readonly name: string;
  /** Changes each time that the member was lost: what it showed before need not be there after a crash. */
  readonly incarnation: number;
  readonly facts: Facts;
}

/** What a session must know of the primary. */
export interface SessionPrimary {
  /** Undefined while the primary has not been seen. */
  readonly timeline: number | undefined;
}

/** Why a replica may not serve a read of a session. */
export type SessionRefusal = 'behind the writes of the session' | 'behind earlier reads of the session';

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * What somebody has done and seen: no read of a session is older than its own writes and its own earlier reads
 * (docs/decisions/0036-read-your-writes.md).
 *
 * Within the process that takes no question to a server: a replica that is proved to show all that was committed before some moment shows what
 * had ended by then. A session is therefore a few moments. All of them are of the monotonic clock, and of the *end* of a statement, told before
 * its caller is.
 */
export class Session {
  private token: Token | undefined;
  /** When the token came: what it stands for had been committed by then. */
  private resumedAt = Number.POSITIVE_INFINITY;

  /** The latest end of a write, its own or one that it is to see. */
  private writtenAt = NEVER;
  /** The replica that was read last: it is the one that needs no proof for what it showed, since it only goes forward. */
  private last: SessionMember | undefined;
  private lastIncarnation = 0;
  /** The latest end of a read on {@link last}. */
  private lastAt = NEVER;
  /** The latest end of a read anywhere else, the primary included. */
  private othersAt = NEVER;

  private written = false;

  /** Counts what a token must cover. */
  private changes = 0;
  /** Covers everything up to the change of that number. */
  private covering: { readonly token: Token; readonly changes: number } | undefined;

  /**
   * @param token     what another process, or an earlier request, had done
   * @param resumedAt monotonic milliseconds. Without it no moment is late enough, and the position in the log alone counts.
   */
  constructor(token?: Token, resumedAt?: number) {
    if (token) this.resume(token, resumedAt);
  }

  /** From now on no read is older than this moment: what anybody had committed by then is seen. @param now monotonic milliseconds */
  catchUpWith(now: number): void {
    this.changes += 1;
    if (now > this.writtenAt) this.writtenAt = now;
  }

  /** From now on no read is older than `token` either. */
  resume(token: Token, resumedAt: number = Number.POSITIVE_INFINITY): void {
    this.resumedAt = this.token ? Math.max(this.resumedAt, resumedAt) : resumedAt;
    if (!this.token || isAfter(token, this.token)) this.token = token;
    if (this.changes === 0 && !this.covering) this.covering = { token, changes: 0 };
    else this.changes += 1;
  }

  /** Why a replica may not serve a read; undefined when it may. Allocates nothing: each read asks it of each replica. */
  refusal(member: SessionMember, primary: SessionPrimary): SessionRefusal | undefined {
    const { incarnation, facts } = member;
    const provenAt = facts.provenAt ?? NEVER;
    if (provenAt < this.writtenAt) return 'behind the writes of the session';
    if (this.token && !this.showsToken(this.token, facts, primary)) return 'behind the writes of the session';
    if (provenAt < this.othersAt) return 'behind earlier reads of the session';
    if (provenAt >= this.lastAt) return undefined;
    // A member without a position may be several servers behind one name, each of another age.
    if (member === this.last && incarnation === this.lastIncarnation && facts.sighting?.lsn !== undefined)
      return undefined;
    return 'behind earlier reads of the session';
  }

  /** Whether a replica that is connected may come to show the token by going on as it does. */
  canCatchUp({ facts }: SessionMember): boolean {
    const timeline = facts.sighting?.timeline;
    return !this.token || timeline === undefined || timeline >= this.token.timeline;
  }

  /**
   * A statement that may have written has ended on the primary, or its fate is unknown.
   *
   * @param now monotonic milliseconds, after its end
   */
  wrote(now: number): void {
    this.written = true;
    this.catchUpWith(now);
  }

  /** Whether a statement that may have written has ended in it, in this process. */
  get hasWritten(): boolean {
    return this.written;
  }

  /**
   * A read ended on a replica.
   *
   * @param now         monotonic milliseconds, after its end
   * @param incarnation the member's when the read began: it may have crashed while its last answer was on the way
   */
  readFrom(member: SessionMember, now: number, incarnation: number = member.incarnation): void {
    this.changes += 1;
    if (member === this.last && incarnation === this.lastIncarnation) {
      if (now > this.lastAt) this.lastAt = now;
      return;
    }
    if (this.lastAt > this.othersAt) this.othersAt = this.lastAt;
    this.last = member;
    this.lastIncarnation = incarnation;
    this.lastAt = now;
  }

  /** A read ended on the primary. @param now monotonic milliseconds, after its end */
  readFromPrimary(now: number): void {
    this.changes += 1;
    if (now > this.othersAt) this.othersAt = now;
  }

  /** How much has been done; for {@link cover}. */
  get done(): number {
    return this.changes;
  }

  /** A token for all that was done so far, when one is known. */
  get covered(): Token | undefined {
    return this.covering?.changes === this.changes ? this.covering.token : undefined;
  }

  /**
   * The token for what was done before the primary was asked for its position.
   *
   * @param position where the primary stood, asked for after `done` was read
   * @param done     {@link done} at that time
   */
  cover(position: Token, done: number): Token {
    // On one timeline the primary knows best how long its log is. An older timeline is that of a primary that was replaced.
    const token = this.token && this.token.timeline > position.timeline ? this.token : position;
    if (!this.covering || done >= this.covering.changes) this.covering = { token, changes: done };
    return token;
  }

  private showsToken(token: Token, { sighting, provenAt }: Facts, primary: SessionPrimary): boolean {
    const timeline = sighting?.timeline;
    if (timeline === token.timeline && sighting?.lsn !== undefined) return sighting.lsn >= token.lsn;
    // Elsewhere its position means nothing. What of it outlived the promotion was committed before it came here.
    if (timeline !== undefined && timeline < token.timeline) return false;
    if (primary.timeline === undefined || primary.timeline < token.timeline) return false;
    return provenAt !== undefined && provenAt >= this.resumedAt;
  }
}
