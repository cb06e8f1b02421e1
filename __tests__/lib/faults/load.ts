import type { Fleet, ReadOptions } from '../../../lib';
import type { Operation, Read } from '../consistency/history';
import { Paces } from './paces';
import { type Met, told } from './report';

/** Holds one number for each writer: the heartbeat's, and each session's own. */
const TABLE = 'create table if not exists counter (name text primary key, n bigint not null)';
const WRITE = 'insert into counter values ($1, $2) on conflict (name) do update set n = excluded.n';
/** Who asks where he is is taken to mean the primary, unless he says otherwise. */
const READ = `
/* readfleet: replica */
select name, n, not pg_is_in_recovery() as "onPrimary" from counter where name = any($1)`;

/** Sampled at each 20 ms, as finely as staleness can be told. */
const BEAT_MS = 20;
/** How often due reads are sent: many at once, as timers are dear. */
const TICK_MS = 4;
/** A machine that cannot keep up sends less, rather than gathering reads for ever. */
const MOST_UNDER_WAY = 250;

/** A read that the load sends, and the bound to which its answer is held. */
export interface Asking {
  readonly read?: ReadOptions;
  readonly boundMs: number;
}

export interface LoadOptions {
  /** Reads of their own, besides those of the sessions, in turn. @default - half of them with the fleet's bound of 1 s, half with 400 ms of their own */
  readonly asking?: readonly Asking[];
  /** Reads per second, sessions left out. @default 450 */
  readonly readsPerSecond?: number;
  /** Writers that read what they wrote, each in a session. @default 8 */
  readonly sessions?: number;
  /** How the sessions read. */
  readonly sessionRead?: ReadOptions;
  /** Whether sessions look at the heartbeat too, which others write. @default true */
  readonly sessionsSeeOthers?: boolean;
}

const ASKING: readonly Asking[] = [{ boundMs: 1_000 }, { read: { maxStalenessMs: 400 }, boundMs: 400 }];

/** Pause of a session between two of its rounds, each a write and three reads: with eight sessions some 90 reads per second. */
const ROUND_MS = 250;

let loads = 0;

/**
 * Reads at a rate, whatever becomes of those before (an open loop: a stall holds up nobody else, and is seen in full), a heartbeat, and sessions
 * that read their own writes. Keeps all that was done and seen.
 */
export class Load {
  readonly history: Operation[] = [];
  readonly failures: string[] = [];
  readonly sessionFailures: string[] = [];
  readonly writeFailures: Error[] = [];
  /** Writes that were confirmed. */
  acknowledged = 0;
  private readonly name = `load-${++loads}`;
  private readonly paces = new Paces();
  private readonly began = performance.now();
  private readonly primaryReads: number;
  private sent = 0;
  private done = 0;
  private underWay = 0;
  private longestStallMs = 0;
  private mostInBulkhead = 0;
  private going = true;
  private ticker: NodeJS.Timeout | undefined;
  private readonly running: Promise<unknown>[] = [];

  private constructor(
    private readonly fleet: Fleet,
    private readonly options: Required<LoadOptions>,
  ) {
    this.primaryReads = readsOnPrimaries(fleet);
  }

  /** Resolves when the load runs, and every kind of it has been served. */
  static async start(fleet: Fleet, options: LoadOptions = {}): Promise<Load> {
    await fleet.write(TABLE);
    expect(fleet.internals.classifier.classify(READ).target).toBe('replica');
    const load = new Load(fleet, {
      ...{ asking: ASKING, readsPerSecond: 450, sessions: 8, sessionRead: {}, sessionsSeeOthers: true },
      ...options,
    });
    load.ticker = setInterval(() => load.tick(), TICK_MS);
    load.running.push(load.beat());
    for (let session = 0; session < load.options.sessions; session += 1) load.running.push(load.session(session));
    await load.pass(300);
    return load;
  }

  /** Resolves when so many reads more have begun after this and ended: the time for which a fault lasts, told in work. */
  pass(reads: number): Promise<void> {
    return this.paces.pass(reads);
  }

  /** Resolves when every read that is under way now has ended: nobody waits for a server that will not answer. */
  settled(): Promise<void> {
    return this.paces.settled();
  }

  /** Resolves when every statement under way has ended. */
  async end(): Promise<Met> {
    this.going = false;
    clearInterval(this.ticker);
    const seconds = (performance.now() - this.began) / 1_000;
    await Promise.all(this.running);
    await this.settled();
    const { done, failures, sessionFailures, writeFailures, longestStallMs, mostInBulkhead, history } = this;
    const onPrimary = readsOnPrimaries(this.fleet) - this.primaryReads;
    return {
      ...{
        done,
        seconds,
        failures,
        sessionFailures,
        writeFailures,
        longestStallMs,
        mostInBulkhead,
        onPrimary,
        history,
      },
    };
  }

  /** The heartbeat's row, then those of the sessions. */
  private get keys(): string[] {
    return [this.beatKey, ...Array.from({ length: this.options.sessions }, (_, session) => this.keyOf(session))];
  }

  private get beatKey(): string {
    return `${this.name}:beat`;
  }

  private keyOf(session: number): string {
    return `${this.name}:${session}`;
  }

  private tick(): void {
    const { readsPerSecond, asking } = this.options;
    const due = Math.floor(((performance.now() - this.began) * readsPerSecond) / 1_000);
    while (this.sent < due) {
      const dueAt = this.began + (this.sent * 1_000) / readsPerSecond;
      const kind = asking[this.sent % asking.length];
      this.sent += 1;
      if (kind && this.underWay < MOST_UNDER_WAY) void this.readAlone(kind, dueAt);
    }
  }

  private async readAlone({ read = {}, boundMs }: Asking, dueAt: number): Promise<void> {
    const begin = performance.now();
    const answer = await this.ask(this.keys, read, this.failures, Math.min(dueAt, begin));
    if (answer) this.history.push({ kind: 'read', begin, end: performance.now(), ...answer, boundMs });
  }

  private async beat(): Promise<void> {
    for (let value = 1; this.going; value += 1) {
      await this.write('beat', this.beatKey, value);
      await pause(BEAT_MS);
    }
  }

  /** One session for as long as the load lasts. */
  private session(number: number): Promise<void> {
    const session = `session ${number}`;
    const key = this.keyOf(number);
    return this.fleet.session(async () => {
      // Not all at once.
      await pause((ROUND_MS * number) / this.options.sessions);
      for (let value = 1; this.going; value += 1) {
        await this.write(session, key, value);
        await this.readWithin(session, key);
        await Promise.all([this.readWithin(session, key), this.readWithin(session, key)]);
        await pause(ROUND_MS);
      }
    });
  }

  private async readWithin(session: string, key: string): Promise<void> {
    const begin = performance.now();
    const keys = this.options.sessionsSeeOthers ? [key, this.beatKey] : [key];
    const answer = await this.ask(keys, this.options.sessionRead, this.sessionFailures, begin);
    if (answer) this.history.push({ kind: 'read', session, begin, end: performance.now(), ...answer });
  }

  private async write(session: string, key: string, value: number): Promise<void> {
    const begin = performance.now();
    const acknowledged = await this.fleet.write(WRITE, [key, value]).then(
      () => {
        this.acknowledged += 1;
        return true;
      },
      (error: Error) => {
        this.writeFailures.push(error);
        return false;
      },
    );
    this.history.push({ kind: 'write', session, begin, end: performance.now(), key, value, acknowledged });
  }

  private async ask(
    keys: readonly string[],
    read: ReadOptions,
    failures: string[],
    dueAt: number,
  ): Promise<Pick<Read, 'seen' | 'onPrimary'> | undefined> {
    const pace = this.paces.begin();
    this.underWay += 1;
    try {
      const asked = this.fleet.query<{ name: string; n: string; onPrimary: boolean }>(READ, [keys], read);
      this.mostInBulkhead = Math.max(this.mostInBulkhead, this.fleet.internals.executor.bulkhead.active);
      const { rows } = await asked;
      this.done += 1;
      return {
        seen: new Map(rows.map(({ name, n }) => [name, Number(n)])),
        onPrimary: rows.some(({ onPrimary }) => onPrimary),
      };
    } catch (error) {
      failures.push(told(error));
      return undefined;
    } finally {
      this.underWay -= 1;
      this.longestStallMs = Math.max(this.longestStallMs, performance.now() - dueAt);
      pace.end();
    }
  }
}

/** Also of primaries that a failover has replaced. */
function readsOnPrimaries(fleet: Fleet): number {
  return fleet
    .status()
    .members.filter(({ role }) => role === 'primary')
    .reduce((sum, { reads }) => sum + reads, 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
