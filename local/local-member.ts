import type { QueryResultRow } from 'pg';
import type { MemberNetwork } from './network/member-network';
import type { ServerState } from './server';

/** Where clients find a member. */
export interface MemberAddress {
  readonly host: string;
  readonly port: number;
  /** For any client: `postgres://…`, with the password. */
  readonly url: string;
}

/** One PostgreSQL server of a local fleet. */
export interface LocalMember {
  readonly name: string;
  readonly host: string;
  /** The server's own, past the {@link network}. */
  readonly port: number;
  /** The server's own, for any client: `postgres://…`, with the password. */
  readonly url: string;
  /** What the contract names: the {@link network}'s port, in a fleet with `network: true`; otherwise the server's own. */
  readonly address: MemberAddress;
  /**
   * The network between clients and this member, and its faults.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NO_NETWORK` in a fleet that was started without `network: true`
   */
  readonly network: MemberNetwork;
  /** Of the postmaster; `undefined` while the server is down. */
  readonly pid: number | undefined;
  /** What the server is now. A promoted replica is a primary, though the contract still lists it as a reader. */
  readonly role: 'primary' | 'replica';
  readonly state: ServerState;
  /** Its data directory; the server's log is `server.log` in there. */
  readonly dataDir: string;
  /** The rows of one statement, on a connection of its own; errors as `pg` makes them. For set-up and assertions, not for load. */
  query<Row extends QueryResultRow = QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Replicas: holds replay, while WAL still arrives: lag grows. Returns when replay stands. A restart ends it. */
  pauseReplay(): Promise<void>;
  /** Replicas: goes on with replay after {@link pauseReplay}. */
  resumeReplay(): Promise<void>;
  /**
   * Replicas: from now on each commit is shown this much later than it was made (`recovery_min_apply_delay`): a lag that stays as it is, under
   * writes too. 0 ends it, and what is late is shown at once. A restart ends it.
   *
   * @param ms milliseconds, a whole number
   * @throws ReadfleetError `READFLEET_LOCAL_OPTIONS`
   */
  delayReplay(ms: number): Promise<void>;
  /**
   * Replicas: a standby without a WAL receiver. It serves what it has, replays what it had received, and hears nothing of its
   * primary, which keeps the WAL for it. Returns when the receiver is gone. A restart ends it.
   */
  stopReceiving(): Promise<void>;
  /**
   * Ends {@link stopReceiving}; returns when the replica streams, as far as its primary is running. Where replay is paused, it streams
   * once that is resumed.
   */
  resumeReceiving(): Promise<void>;
  /**
   * Replicas: from now on a standby of `primary`, e.g. of a replica that was promoted, without a restart of anything. Its slot
   * moves along. Returns when it streams from there and has caught up; where replay is paused, it follows once that is resumed.
   * The contract stays as it is: {@link LocalFleet.failOver} changes that too. When this rejects, it follows whom it followed.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NOT_A_PRIMARY`, `READFLEET_LOCAL_MEMBER_DOWN`, or `READFLEET_LOCAL_DIVERGED` when it
   *   has replayed what `primary` never had: {@link LocalFleet.rejoin} is the way then
   */
  follow(primary: LocalMember): Promise<void>;
  /** A crash: SIGKILL to the postmaster and all its processes. Data, port and slot stay for {@link restart}. */
  kill(): Promise<void>;
  /** SIGSTOP to all its processes: connections are accepted, by the kernel, and nothing answers. */
  freeze(): Promise<void>;
  /** Ends {@link freeze}. */
  thaw(): Promise<void>;
  /**
   * An orderly stop where it still runs, and a start on the same port, also after {@link kill} or {@link stop}. A replica
   * returns when it streams and has caught up, as far as its primary is running. Calls in quick succession are done one after the
   * other.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_SERVER_FAILED`, `READFLEET_LOCAL_PORT_TAKEN`, `READFLEET_LOCAL_NOT_STREAMING` or
   *   `READFLEET_LOCAL_DIVERGED`
   */
  restart(): Promise<void>;
  /** An orderly stop; after 5 s an immediate one, which loses nothing that was committed. */
  stop(): Promise<void>;
  /**
   * Replicas: becomes a primary on a new timeline, open sessions included. The other replicas keep following the old primary,
   * the old primary goes on undisturbed, and the contract stays as it is: just what an app meets when a promotion happens
   * behind its back. For a failover in order there is {@link LocalFleet.failOver}.
   */
  promote(): Promise<void>;
}
