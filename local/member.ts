import type { QueryResultRow } from 'pg';
import { ReadfleetError } from '../lib/errors';
import { type ControlTarget, withPlainClient } from './control';
import type { LocalMember, MemberAddress } from './local-member';
import type { NetworkProxy } from './network/proxy';
import { HOST } from './ports';
import type { Server, ServerState } from './server';
import * as standby from './standby';

/** What a member needs of its fleet. */
export interface MemberFleet {
  readonly login: Omit<ControlTarget, 'name' | 'port'>;
  /** Starts the server with its present settings, and waits for a replica to catch up. */
  bringUp(member: Member): Promise<void>;
  /** Has a running server take over its present settings. */
  reconfigure(member: Member): Promise<void>;
  /** Waits for a replica to stream. */
  streaming(member: Member): Promise<void>;
  follow(member: Member, primary: LocalMember): Promise<void>;
}

/** @internal */
export class Member implements LocalMember {
  readonly name: string;
  readonly host = HOST;
  readonly server: Server;
  /** In a fleet with a network. */
  readonly proxy: NetworkProxy | undefined;
  port = 0;
  role: 'primary' | 'replica';
  /** Whom a replica follows. */
  upstream: Member | undefined;
  /** Whether a replica is to have a WAL receiver. */
  receives = true;
  /** Milliseconds by which a replica replays commits later than they were made. */
  replayDelayMs = 0;
  /** Where in its log it was given its present primary. */
  logBegin = 0;
  readonly #fleet: MemberFleet;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(
    server: Server,
    role: 'primary' | 'replica',
    fleet: MemberFleet,
    proxy: ((of: Member) => NetworkProxy) | undefined,
  ) {
    this.name = server.name;
    this.server = server;
    this.role = role;
    this.#fleet = fleet;
    this.proxy = proxy?.(this);
  }

  get target(): ControlTarget {
    return { ...this.#fleet.login, name: this.name, port: this.port };
  }

  get url(): string {
    return this.#urlOn(this.port);
  }

  get address(): MemberAddress {
    const port = this.proxy?.port ?? this.port;
    return { host: this.host, port, url: this.#urlOn(port) };
  }

  get network(): NetworkProxy {
    if (this.proxy) return this.proxy;
    throw new ReadfleetError(
      'READFLEET_LOCAL_NO_NETWORK',
      `${this.name}: clients reach this server without a network that could fail. Start the fleet with { network: true }.`,
    );
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
    this.mustRun('query');
    return withPlainClient(this.target, async (client) => (await client.query<Row>(text, values)).rows);
  }

  async pauseReplay(): Promise<void> {
    this.mustBeReplica('pauseReplay');
    await standby.pauseReplay(this.target);
  }

  async resumeReplay(): Promise<void> {
    this.mustBeReplica('resumeReplay');
    await standby.resumeReplay(this.target);
  }

  delayReplay(ms: number): Promise<void> {
    return this.inTurn(async () => {
      this.mustBeReplica('delayReplay');
      standby.checkDelay(this.name, ms);
      this.replayDelayMs = ms;
      await this.#fleet.reconfigure(this);
      await standby.delays(this.target, ms);
    });
  }

  stopReceiving(): Promise<void> {
    return this.inTurn(async () => {
      this.mustBeReplica('stopReceiving');
      this.receives = false;
      await this.#fleet.reconfigure(this);
      await standby.receiverGone(this.target);
    });
  }

  resumeReceiving(): Promise<void> {
    return this.inTurn(async () => {
      this.mustBeReplica('resumeReceiving');
      this.receives = true;
      await this.#fleet.reconfigure(this);
      await this.#fleet.streaming(this);
    });
  }

  follow(primary: LocalMember): Promise<void> {
    return this.inTurn(async () => {
      this.mustBeReplica('follow');
      await this.#fleet.follow(this, primary);
    });
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  async freeze(): Promise<void> {
    this.mustRun('freeze');
    await this.server.freeze();
  }

  async thaw(): Promise<void> {
    await this.server.thaw();
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.server.stop();
      this.receives = true;
      this.replayDelayMs = 0;
      await this.#fleet.bringUp(this);
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.server.stop());
  }

  promote(): Promise<void> {
    return this.inTurn(async () => {
      this.mustBeReplica('promote');
      await standby.promote(this.target, () => this.server.logTail());
      this.role = 'primary';
      this.upstream = undefined;
    });
  }

  /** One after the other, in the order of the calls: two starts of one server would each take the other for a stranger. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work, work);
    // Its failure is told to whoever asked for it.
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  mustRun(operation: string): void {
    if (this.state === 'running' || (operation === 'freeze' && this.state === 'frozen')) return;
    const fix = this.state === 'frozen' ? 'Call thaw() first.' : 'Call restart() first.';
    throw new ReadfleetError(
      'READFLEET_LOCAL_MEMBER_DOWN',
      `${this.name}: ${operation}() needs a running server, and this one is ${this.state}. ${fix}`,
    );
  }

  mustBeReplica(operation: string): void {
    if (this.role !== 'replica') {
      throw new ReadfleetError(
        'READFLEET_LOCAL_NOT_A_REPLICA',
        `${this.name}: ${operation}() is for replicas, and this is a primary.`,
      );
    }
    this.mustRun(operation);
  }

  #urlOn(port: number): string {
    const { user, password, database } = this.#fleet.login;
    return `postgres://${user}:${password}@${this.host}:${port}/${encodeURIComponent(database)}`;
  }
}
