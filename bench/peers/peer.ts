/** Where a router finds its servers, and the limits that all of them get alike. */
export interface Target {
  readonly primary: Address;
  readonly replicas: readonly Address[];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Connections to each server. */
  readonly poolMax: number;
  /** Milliseconds that opening a connection, or waiting for a free one, may take. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which an unused connection is closed; 0 keeps it. */
  readonly idleTimeoutMs: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Statements of which a wrong route is known to go wrong, and a plain read, which belongs on a replica. */
export const STATEMENT_KINDS = [
  'plain read',
  'write CTE',
  'FOR UPDATE',
  'nextval',
  'advisory lock',
  'writing function',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** One router under measurement, connected. */
export interface Router {
  /** One row of `note` by its key, by the cheapest call that the router still routes; as little around it as can be. */
  read(id: number): Promise<unknown>;
  /** The same of `slow_note`, a view whose scan takes some milliseconds. */
  slowRead(id: number): Promise<unknown>;
  /** The column `body` of what {@link read} or {@link slowRead} gave. */
  body(result: unknown): string | undefined;
  /** Runs a statement by the interface that chooses a server itself. Absent where nothing is routed. */
  readonly statements?: Readonly<Record<StatementKind, () => Promise<unknown>>>;
  close(): Promise<void>;
}

/** A router that can be connected. */
export interface Candidate {
  /** Shown in tables. */
  readonly label: string;
  /** The call by which it reads, for the notes below a table. */
  readonly how: string;
  open(target: Target): Promise<Router>;
}

/** The statements as text, for routers that take text. */
export const TEXTS: Readonly<Record<StatementKind, string>> = {
  'plain read': 'select id, body from note where id = 1',
  'write CTE': "with w as (insert into visit (what) values ('cte') returning id) select id from w",
  'FOR UPDATE': 'select id from note where id = 1 for update',
  nextval: "select nextval('ticket') as id",
  'advisory lock': 'select pg_advisory_lock(1)',
  'writing function': 'select record_visit() as id',
};

/** The read of all benches. */
export const READ = 'select id, body from note where id = $1';
export const SLOW_READ = 'select id, body from slow_note where id = $1';

/** What a client of `pg` is opened with. */
export function poolConfig(target: Target, address: Address) {
  const { user, password, database, poolMax, connectTimeoutMs, idleTimeoutMs } = target;
  return {
    ...{ host: address.host, port: address.port, user, password, database },
    max: poolMax,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
  };
}
