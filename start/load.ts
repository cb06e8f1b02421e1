import type { Fleet } from '../lib';
import { SAMPLE } from './sample';

/** What the load has seen, from the app's side of the library. */
export interface LoadReport {
  readonly reads: number;
  readonly writes: number;
  readonly failedReads: number;
  readonly failedWrites: number;
  /** The longest time that a read took, in milliseconds. */
  readonly longestReadMs: number;
  /** The last error that reached the app. */
  readonly lastError: string | undefined;
}

type Work = (fleet: Fleet, customer: number) => Promise<unknown>;

/** What an app does: most of it plain queries that the library routes, and now and then each other way to ask. */
const READS: readonly Work[] = [
  (fleet, customer) => fleet.query('select * from customer where id = $1', [customer]),
  (fleet, customer) =>
    fleet.query('select * from purchase where customer_id = $1 order by placed_at desc limit 10', [customer]),
  (fleet, customer) => fleet.query('select count(*), sum(cents) from purchase where customer_id = $1', [customer]),
  (fleet, customer) =>
    fleet.read('select max(placed_at) from purchase where customer_id = $1', [customer], { maxStalenessMs: 5_000 }),
  (fleet, customer) =>
    fleet.transaction(
      async (transaction) => {
        await transaction.query('select name from customer where id = $1', [customer]);
        await transaction.query('select sum(cents) from purchase where customer_id = $1', [customer]);
      },
      { readOnly: true },
    ),
];

const WRITES: readonly Work[] = [
  (fleet, customer) => fleet.query('insert into purchase (customer_id, cents) values ($1, 499)', [customer]),
  (fleet, customer) =>
    fleet.transaction(async (transaction) => {
      await transaction.query('update customer set name = name where id = $1', [customer]);
      await transaction.query('insert into purchase (customer_id, cents) values ($1, 999)', [customer]);
    }),
];

const TICK_MS = 20;

/** So many statements under way at most: a fleet that hangs is to be seen, not buried. */
const MOST_UNDER_WAY = 500;

/** A steady load of reads and writes on a fleet, through the library alone. */
export class Load {
  private timer: NodeJS.Timeout | undefined;
  private readonly underWay = new Set<Promise<void>>();
  private readonly seen = {
    reads: 0,
    writes: 0,
    failedReads: 0,
    failedWrites: 0,
    longestReadMs: 0,
    lastError: undefined as string | undefined,
  };
  private owed = { reads: 0, writes: 0 };
  private turn = 0;

  constructor(
    private readonly fleet: Fleet,
    private readonly rate: { readonly readsPerSecond: number; readonly writesPerSecond: number },
  ) {}

  start(): void {
    let before = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      // Owed by the clock, not by the tick: a late timer does not lower the rate. What a stalled second owes is not caught up in one burst.
      const seconds = Math.min(now - before, 1_000) / 1_000;
      before = now;
      this.owed.reads += seconds * this.rate.readsPerSecond;
      this.owed.writes += seconds * this.rate.writesPerSecond;
      for (; this.owed.reads >= 1; this.owed.reads -= 1) this.run('reads', READS);
      for (; this.owed.writes >= 1; this.owed.writes -= 1) this.run('writes', WRITES);
    }, TICK_MS);
  }

  /** Ends the load; resolves when every statement under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  get report(): LoadReport {
    return { ...this.seen };
  }

  private run(kind: 'reads' | 'writes', mix: readonly Work[]): void {
    if (this.underWay.size >= MOST_UNDER_WAY) return;
    this.turn += 1;
    const work = mix[this.turn % mix.length] as Work;
    const began = performance.now();
    const done = work(this.fleet, 1 + (this.turn % SAMPLE.customers))
      .catch((error: Error) => {
        this.seen[kind === 'reads' ? 'failedReads' : 'failedWrites'] += 1;
        this.seen.lastError = error.message;
      })
      .then(() => {
        this.seen[kind] += 1;
        if (kind === 'reads') this.seen.longestReadMs = Math.max(this.seen.longestReadMs, performance.now() - began);
        this.underWay.delete(done);
      });
    this.underWay.add(done);
  }
}
