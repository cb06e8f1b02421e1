import type { QueryResultRow } from 'pg';
import { ReadfleetError } from '../lib/errors';
import { type ControlTarget, withClient, withPlainClient } from './control';
import { HOST } from './ports';
import type { Server, ServerState } from './server';
import { until } from './until';

const REPLAY_DEADLINE_MS = 10_000;
const PROMOTION_SECONDS = 60;

/** One PostgreSQL server of a local fleet. */
export interface LocalMember {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** For any client: `postgres://…`, with the password. */
  readonly url: string;
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
  /** A crash: SIGKILL to the postmaster and all its processes. Data, port and slot stay for {@link restart}. */
  kill(): Promise<void>;
  /** SIGSTOP to all its processes: connections are accepted, by the kernel, and nothing answers. */
  freeze(): Promise<void>;
  /** Ends {@link freeze}. */
  thaw(): Promise<void>;
  /**
   * An orderly stop where it still runs, and a start on the same port, also after {@link kill} or {@link stop}. A replica
   * returns when it streams and has caught up, as far as its primary is running.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_SERVER_FAILED`, `READFLEET_LOCAL_PORT_TAKEN` or `READFLEET_LOCAL_NOT_STREAMING`
   */
  restart(): Promise<void>;
  /** An orderly stop; after 5 s an immediate one, which loses nothing that was committed. */
  stop(): Promise<void>;
  /**
   * Replicas: becomes a primary on a new timeline, open sessions included. The other replicas keep following the old primary,
   * the old primary goes on undisturbed, and the contract stays as it is: just what an app meets when a promotion happens
   * behind its back.
   */
  promote(): Promise<void>;
}

/** What a member needs of its fleet. */
export interface MemberFleet {
  readonly login: Omit<ControlTarget, 'name' | 'port'>;
  /** Starts the server with its current settings, and waits for a replica to catch up. */
  bringUp(member: Member): Promise<void>;
}

/** @internal */
export class Member implements LocalMember {
  readonly name: string;
  readonly host = HOST;
  readonly server: Server;
  port: number;
  role: 'primary' | 'replica';
  readonly #fleet: MemberFleet;

  constructor(server: Server, port: number, role: 'primary' | 'replica', fleet: MemberFleet) {
    this.name = server.name;
    this.server = server;
    this.port = port;
    this.role = role;
    this.#fleet = fleet;
  }

  get target(): ControlTarget {
    return { ...this.#fleet.login, name: this.name, port: this.port };
  }

  get url(): string {
    const { user, password, database } = this.#fleet.login;
    return `postgres://${user}:${password}@${this.host}:${this.port}/${encodeURIComponent(database)}`;
  }

  get pid(): number | undefined {
    return this.server.pid;
  }

  get state(): ServerState {
    return this.server.state;
  }

  get dataDir(): string {
    return this.server.dataDir;
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    this.#mustRun('query');
    return withPlainClient(this.target, async (client) => (await client.query<Row>(text, values)).rows);
  }

  async pauseReplay(): Promise<void> {
    this.#mustBeReplica('pauseReplay');
    await withClient(this.target, async (client) => {
      await client.query('select pg_wal_replay_pause()');
      const paused = await until(async () => {
        const { rows } = await client.query<{ state: string }>('select pg_get_wal_replay_pause_state() as state');
        return rows[0]?.state === 'paused';
      }, REPLAY_DEADLINE_MS);
      if (paused) return;
      throw new ReadfleetError(
        'READFLEET_LOCAL_REPLAY',
        `${this.name}: replay did not stop within ${REPLAY_DEADLINE_MS / 1000} s of being asked to.`,
      );
    });
  }

  async resumeReplay(): Promise<void> {
    this.#mustBeReplica('resumeReplay');
    await withClient(this.target, (client) => client.query('select pg_wal_replay_resume()'));
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  async freeze(): Promise<void> {
    this.#mustRun('freeze');
    await this.server.freeze();
  }

  async thaw(): Promise<void> {
    await this.server.thaw();
  }

  async restart(): Promise<void> {
    await this.server.stop();
    await this.#fleet.bringUp(this);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  async promote(): Promise<void> {
    this.#mustBeReplica('promote');
    const { rows } = await withClient(this.target, (client) =>
      client.query<{ done: boolean }>(`select pg_promote(true, ${PROMOTION_SECONDS}) as done`),
    );
    if (!rows[0]?.done) {
      throw new ReadfleetError(
        'READFLEET_LOCAL_PROMOTION',
        `${this.name}: the promotion did not end within ${PROMOTION_SECONDS} s. Its log ends:\n${await this.server.logTail()}`,
      );
    }
    this.role = 'primary';
  }

  #mustRun(operation: string): void {
    if (this.state === 'running' || (operation === 'freeze' && this.state === 'frozen')) return;
    const fix = this.state === 'frozen' ? 'Call thaw() first.' : 'Call restart() first.';
    throw new ReadfleetError(
      'READFLEET_LOCAL_MEMBER_DOWN',
      `${this.name}: ${operation}() needs a running server, and this one is ${this.state}. ${fix}`,
    );
  }

  #mustBeReplica(operation: string): void {
    if (this.role !== 'replica') {
      throw new ReadfleetError(
        'READFLEET_LOCAL_NOT_A_REPLICA',
        `${this.name}: ${operation}() is for replicas, and this is a primary.`,
      );
    }
    this.#mustRun(operation);
  }
}
