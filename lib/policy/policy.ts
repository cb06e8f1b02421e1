import type { Session } from '../session/session';

/** Who is shed last when the primary is protected from too many reads. */
export type Priority = 'low' | 'normal' | 'high';

/** Why no replica may serve a read, though there are replicas. */
export type ToPrimary = 'strong' | 'switched off' | 'endpoint disabled' | 'not in the rollout';

/** What one read asks for, with every default filled in. */
export interface Policy {
  readonly endpoint: string | undefined;
  /** Milliseconds; `Infinity` for any age. */
  readonly maxStalenessMs: number;
  /**
   * The caller named the bound. A bound of the caller's is never stretched; the fleet's own default is, while the primary is gone, for replicas
   * that have replayed all that the primary was ever seen to write: no fresher answer exists that anybody knows of.
   */
  readonly explicit: boolean;
  /** Set when the primary alone may serve. */
  readonly toPrimary: ToPrimary | undefined;
  readonly priority: Priority;
  /** Milliseconds for the whole read, all attempts together. */
  readonly timeoutMs: number | undefined;
  /** Milliseconds after which an attempt on a replica is given up and another member is asked. */
  readonly attemptTimeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly hedge: boolean;
  /** What the read must not be older than: the session's own writes and earlier reads. */
  readonly session: Session | undefined;
}
