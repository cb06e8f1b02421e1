import type { FleetContract } from '../../lib/contract';
import type { MemberStatus } from '../../lib/status';
import type { Found } from './found';

/** All that the checks judge. Gathered once; plain values, so that a test can write any fleet down. */
export interface Facts {
  readonly contract: FleetContract;
  /** Role that doctor is. */
  readonly user: string;
  readonly pools: PoolPlan;
  /** The primary first, then the replicas, as in the contract. */
  readonly members: readonly MemberFacts[];
  /** What the library sees and does in this process. */
  readonly routing: Found<RoutingFacts>;
  /** What became of a read whose connection was cut; undefined where that was not allowed. */
  readonly loss: Found<LossFacts> | undefined;
  /** What an app says of itself; undefined where none was named. */
  readonly app: Found<AppFacts> | undefined;
}

/** What apps are going to open. */
export interface PoolPlan {
  readonly processes: number;
  readonly primaryMax: number;
  readonly replicaMax: number;
}

export interface MemberFacts {
  readonly name: string;
  readonly role: 'primary' | 'replica';
  readonly host: string;
  readonly port: number;
  /** Undefined facts are those of a member that does not answer. */
  readonly server: Found<ServerFacts>;
}

/** What one server says. */
export interface ServerFacts {
  /** Milliseconds that connecting took. */
  readonly connectMs: number;
  readonly basics: Basics;
  readonly systemIdentifier: Found<string>;
  readonly timeline: Found<number | null>;
  readonly replay: Found<Replay>;
  readonly senders: Found<readonly Sender[]>;
  readonly slots: Found<readonly Slot[]>;
  readonly archiver: Found<Archiver>;
  readonly settings: Found<Readonly<Record<string, Setting>>>;
  readonly collation: Found<Collation>;
  readonly extensions: Found<readonly Extension[]>;
  readonly connections: Found<Connections>;
  readonly transactions: Found<Transactions>;
  readonly conflicts: Found<Conflicts>;
  readonly roles: Found<readonly RoleRow[]>;
  readonly rights: Found<Rights>;
}

export interface Basics {
  readonly recovering: boolean;
  /** E.g. 180004. */
  readonly versionNum: number;
  readonly version: string;
  /** When the server started: two members of one moment are one server. */
  readonly startedAt: string;
  /** E.g. `TLSv1.3`; null without TLS. */
  readonly tls: string | null;
  /** Whether the role sees what others do: statistics of replication and of sessions. */
  readonly seesOthers: boolean;
}

/** A standby's replay; all null on a primary. */
export interface Replay {
  readonly paused: boolean | null;
  /** Of the WAL receiver; null without one, and for roles that may not see it. */
  readonly receiver: string | null;
  readonly hasReceiver: boolean;
  readonly slot: string | null;
}

/** A standby, as the primary sees it. */
export interface Sender {
  readonly pid: number;
  readonly application: string;
  readonly state: string | null;
  readonly sync: string | null;
  /** Transactions that its reads hold back (hot_standby_feedback). */
  readonly xminAge: number | null;
}

export interface Slot {
  readonly name: string;
  readonly kind: 'physical' | 'logical';
  readonly active: boolean;
  readonly activePid: number | null;
  /** `reserved`, `extended`, `unreserved`, `lost`; null for a slot that holds nothing. */
  readonly walStatus: string | null;
  readonly retainedBytes: number | null;
  readonly xminAge: number | null;
}

export interface Archiver {
  readonly failed: number;
  readonly failing: boolean;
  readonly lastFailed: string | null;
}

/** A parameter, as sessions begin with it. */
export interface Setting {
  readonly value: string | null;
  readonly unit: string | null;
  readonly pendingRestart: boolean;
}

/** Versions of the database's collation: of the library that sorted its indexes, and of the one that reads them. */
export interface Collation {
  readonly recorded: string | null;
  readonly actual: string | null;
  /** Collations of columns, by name, that were made with another version. */
  readonly others: readonly string[];
}

export interface Extension {
  readonly name: string;
  readonly version: string;
  /** Whether this server has the files of that version. */
  readonly available: boolean;
}

export interface Connections {
  /** Of everybody, to all databases. */
  readonly used: number;
  /** Most to this database, and most of the role; -1 without limit. */
  readonly databaseLimit: number;
}

export interface Transactions {
  readonly longestSeconds: number;
  readonly idleSeconds: number;
  /** Age of the oldest snapshot, in transactions. */
  readonly xminAge: number | null;
}

/** Reads that replay cancelled on a standby, since its statistics began. */
export interface Conflicts {
  readonly cancelled: number;
  readonly since: string | null;
}

export interface RoleRow {
  readonly name: string;
  readonly canLogin: boolean;
  readonly isSuperuser: boolean;
  readonly connectionLimit: number;
}

/** Rights of the contract's user on tables of people, in this database. */
export interface Rights {
  readonly tables: number;
  readonly unreadable: number;
  readonly unwritable: number;
}

/** Where a statement was sent that was answered; or the error that its caller got. */
export type Sent = { readonly member: string } | { readonly error: string; readonly code: string | undefined };

export interface RoutingFacts {
  /** After a moment of watching. */
  readonly members: readonly MemberStatus[];
  /** How long that moment was: a replica whose lag is infinite is behind by more. */
  readonly watchedSeconds: number;
  /** Reads that were sent, by the member that they were sent to. */
  readonly spread: {
    readonly reads: number;
    readonly byMember: Readonly<Record<string, number>>;
    readonly failed: readonly string[];
  };
  /** A statement that must run on the primary and writes nothing. */
  readonly write: Sent;
  /** A read while the breaker of that replica is open; undefined where it was the only one. */
  readonly without: { readonly replica: string; readonly read: Sent } | undefined;
  /** A read while the breakers of all replicas are open. */
  readonly fallback: Sent;
  /** While the primary's breaker is open. */
  readonly withoutPrimary: { readonly read: Sent; readonly write: Sent };
}

export interface LossFacts {
  /** Whose connection was cut. */
  readonly cut: string;
  readonly answeredBy: string;
  readonly ms: number;
}

export interface AppFacts {
  readonly url: string;
  readonly members: readonly {
    readonly name: string;
    readonly role: 'primary' | 'replica';
    readonly state: string;
    readonly reason: string | null;
    readonly reads: number;
    readonly connections: number;
  }[];
  readonly allOff: boolean;
  readonly endpointsOff: readonly string[];
}
