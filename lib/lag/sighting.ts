import type { Lsn } from './lsn';

/** What a member said of itself, when asked once. */
export interface Sighting {
  /** Monotonic milliseconds at which the question was sent. */
  readonly at: number;
  /** True on a standby. A "replica" that says false has been promoted. */
  readonly recovering: boolean;
  /** Replay position of a standby, write position of a primary; undefined on a standby that has replayed nothing yet, or where unknown. */
  readonly lsn: Lsn | undefined;
  /** Whether a standby hears from its primary: without that its position stands still, whatever the primary does. */
  readonly receiving: boolean;
  /** Why a standby that is not receiving is not, for people. @default "no WAL receiver" */
  readonly silence?: string;
  /** Undefined on a standby whose receiver's details the user may not read (they need pg_monitor), and where there are none. */
  readonly timeline: number | undefined;
  /**
   * Age at the time `at` of what the member shows, in milliseconds, as an upper bound: what was committed longer ago is visible on a
   * replica, and lies within `lsn` on a primary.
   *
   * @default - not known by itself; it follows from `lsn` and the primary's history
   */
  readonly ageMs?: number;
}
