import type { PoolClient } from 'pg';
import type { Fleet } from '../../lib';
import { classifyFailure } from '../../lib/execution/failure';

/** One thing that an app does with a fleet. */
export interface Kind {
  run(fleet: Fleet, turn: number): Promise<unknown>;
  /** Whether it may fail so. @default - it may not fail */
  readonly mayFail?: (error: unknown) => boolean;
}

export const TABLE = 'create table if not exists soak (id bigint primary key, n bigint not null)';

const READ = 'select n from soak where id = $1';
const WRITE = 'insert into soak values ($1, $2) on conflict (id) do update set n = excluded.n';
/** Longer than those wait who give up. */
const SLOW = 'select pg_sleep(0.03)';
const ROWS = 64;

/** Of a whole app's life: what listens to it must not pile up. */
export const lifelong = new AbortController();

const code = (error: unknown) => (error as { code?: string }).code;
/** What is bound to one connection fails with it. */
const broke = (error: unknown) => classifyFailure(error, true) === 'lost';

async function onClient<T>(connected: Promise<PoolClient>, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connected;
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

const read = (fleet: Fleet, turn: number) => fleet.query(READ, [turn % ROWS]);
const write = (fleet: Fleet, turn: number) => fleet.write(WRITE, [turn % ROWS, turn]);

const COMMON: readonly Kind[] = [
  { run: read },
  { run: (fleet, turn) => fleet.read(READ, [turn % ROWS], { signal: lifelong.signal }) },
  { run: (fleet, turn) => fleet.query(READ, [turn % ROWS], { hedge: true }) },
  { run: (fleet, turn) => fleet.query(READ, [turn % ROWS], { timeoutMs: 60_000, attemptTimeoutMs: 50_000 }) },
  { run: (fleet, turn) => fleet.pool.query({ name: 'soak', text: READ, values: [turn % ROWS] }) },
  // A text of its own each time: what is kept of texts must not be kept for ever.
  { run: (fleet, turn) => fleet.query(`select ${turn} as turn, n from soak limit 1`) },
  { run: (fleet, turn) => new Promise((resolve) => fleet.readPool.query(READ, [turn % ROWS], resolve)) },
];

const RARER: readonly Kind[] = [
  { run: write },
  {
    run: (fleet, turn) =>
      fleet.session(async () => {
        await write(fleet, turn);
        await read(fleet, turn);
      }),
  },
  {
    run: (fleet, turn) =>
      fleet.session(async () => {
        await write(fleet, turn);
        return fleet.session.resume(await fleet.session.token(), () => read(fleet, turn));
      }),
  },
  { run: (fleet, turn) => fleet.transaction((transaction) => transaction.query(WRITE, [turn % ROWS, turn])) },
  {
    run: (fleet, turn) =>
      fleet.transaction((transaction) => transaction.query(READ, [turn % ROWS]), {
        ...{ readOnly: true, timeoutMs: 60_000, signal: lifelong.signal },
      }),
    mayFail: broke,
  },
  { run: (fleet) => fleet.query('select nonsense from nowhere'), mayFail: (error) => code(error) === '42P01' },
  {
    run: (fleet, turn) =>
      onClient(fleet.pool.connect(), async (client) => {
        await client.query(READ, [turn % ROWS]);
        await client.query('begin');
        await client.query(WRITE, [turn % ROWS, turn]);
        await client.query('commit');
      }),
  },
  {
    run: (fleet, turn) => onClient(fleet.readPool.connect(), (client) => client.query(READ, [turn % ROWS])),
    mayFail: broke,
  },
  { run: (fleet, turn) => onClient(fleet.writePool.connect(), (client) => client.query(READ, [turn % ROWS])) },
  {
    run: (fleet) => {
      const caller = new AbortController();
      setImmediate(() => caller.abort());
      return fleet.query(SLOW, [], { signal: caller.signal });
    },
    mayFail: (error) => (error as Error).name === 'AbortError',
  },
  { run: (fleet) => fleet.query(SLOW, [], { timeoutMs: 5 }), mayFail: (error) => code(error) === 'READFLEET_TIMEOUT' },
  { run: (fleet) => fleet.query(SLOW, [], { attemptTimeoutMs: 5 }) },
  {
    run: (fleet) => fleet.transaction((transaction) => transaction.query(SLOW), { timeoutMs: 5 }),
    mayFail: (error) => code(error) === 'READFLEET_TIMEOUT',
  },
];

/** Mostly reads, as in life; each of the rarer kinds once in ninety. */
export function kindOf(turn: number): Kind {
  const kinds = turn % 7 === 0 ? RARER : COMMON;
  return kinds[Math.floor(turn / 7) % kinds.length] as Kind;
}
