/**
 * What a database of its own costs a test, on a primary with two replicas: made from a template, on every replica, and dropped.
 *
 *   npx tsx bench/test-databases.ts [rounds]
 *
 * First the two ways in which PostgreSQL copies a database, one copy at a time; then `freshDatabase()` and `drop()`, by one process and by four at
 * once, each of which makes so many one after the other. Beside it: a fleet of its own (`startLocalFleet`). Then what faults cost, with their undoing.
 * Medians, in ms.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type LocalFleet, startLocalFleet } from '../local';
import { caughtUp, freshDatabase, startSharedFleet, template, withDown, withFrozen, withLag } from '../local/testing';
import { machine } from './figures';
import { median } from './measure';
import { ms, timed } from './messages';
import { markdown } from './table';

const rounds = Number(process.argv[2] ?? 15);
/** Rows of some 450 bytes, beside the 8 MB of an empty database. */
const SIZES: Readonly<Record<string, number>> = { '8 MB': 0, '100 MB': 212_000 };

interface Times {
  readonly made: number;
  readonly dropped: number;
}

function templateOf(size: string) {
  return template(`rows_${SIZES[size]}`, async ({ url }) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      `create table filler as select g, repeat('x', 400) as text from generate_series(1, ${SIZES[size]}) g`,
    );
    await client.query('vacuum freeze filler');
    await client.end();
  });
}

/** One after the other. */
async function makeAndDrop(size: string, times: number): Promise<Times[]> {
  const all: Times[] = [];
  const content = templateOf(size);
  for (let turn = 0; turn < times; turn += 1) {
    let drop = async () => undefined as unknown;
    const made = await timed(async () => {
      const db = await freshDatabase({ template: content });
      drop = () => db.drop();
    });
    all.push({ made, dropped: await timed(drop) });
  }
  return all;
}

async function strategies({ primary, replicas }: LocalFleet): Promise<string[][]> {
  const rows: string[][] = [];
  const [client, ...standbys] = await Promise.all([primary, ...replicas].map(({ url }) => connected(url)));
  for (const size of Object.keys(SIZES)) {
    const source = `readfleet_template_rows_${SIZES[size]}`;
    const times: Record<string, number[]> = { wal_log: [], file_copy: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const strategy of Object.keys(times)) {
        const statement = `create database bench_copy template ${source} strategy ${strategy}`;
        times[strategy]?.push(await timed(() => replicated(client as Client, standbys, statement)));
        await client?.query('drop database bench_copy with (force)');
      }
    }
    rows.push([size, ...Object.values(times).map((some) => ms(median(some)))]);
  }
  await Promise.all([client, ...standbys].map((one) => one?.end()));
  return rows;
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Runs a statement, until every standby shows what it did. */
async function replicated(primary: Client, standbys: readonly Client[], statement: string): Promise<void> {
  await primary.query(statement);
  const { rows } = await primary.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn');
  const shows = async (standby: Client) =>
    (await standby.query('select where pg_last_wal_replay_lsn() >= $1::pg_lsn', [rows[0]?.lsn])).rows.length > 0;
  await Promise.all(
    standbys.map(async (standby) => {
      while (!(await shows(standby))) await delay(1);
    }),
  );
}

/** Around work that does nothing: the fault, until it is undone and the fleet knows it. */
async function faults(): Promise<string[][]> {
  await using db = await freshDatabase();
  const fleet = await db.connect();
  const nothing = async () => undefined;
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    'caughtUp(fleet)': () => caughtUp(fleet),
    'withLag(fleet, { ms: 2_000 }, …)': () => withLag(fleet, { ms: 2_000 }, nothing),
    "withFrozen(fleet, 'replica-1', …)": () => withFrozen(fleet, 'replica-1', nothing),
    "withDown(fleet, 'replica-1', …)": () => withDown(fleet, 'replica-1', nothing),
    "withDown(fleet, 'primary', …)": () => withDown(fleet, 'primary', nothing),
    "withDown(fleet, 'all', …)": () => withDown(fleet, 'all', nothing),
  };
  const rows: string[][] = [];
  for (const [step, work] of Object.entries(steps)) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await timed(work));
    rows.push([step, ms(median(times))]);
  }
  return rows;
}

async function byWorkers(size: string, workers: number): Promise<Times[]> {
  const children = Array.from({ length: workers }, () => fork(__filename, ['worker', size, String(rounds)]));
  const told = await Promise.all(children.map(async (child) => (await once(child, 'message'))[0] as Times[]));
  return told.flat();
}

async function main(): Promise<void> {
  const own: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    let fleet: Awaited<ReturnType<typeof startLocalFleet>> | undefined;
    own.push(
      await timed(async () => {
        fleet = await startLocalFleet({ replicas: 2 });
      }),
    );
    await fleet?.stop();
  }
  await using shared = await startSharedFleet({ replicas: 2 });
  console.log(`${machine(shared.local.version)} ${rounds} databases for each process.\n`);
  const rows: string[][] = [];
  for (const size of Object.keys(SIZES)) {
    // The template itself is no part of it.
    await makeAndDrop(size, 1);
    for (const workers of [1, 4]) {
      const times = await byWorkers(size, workers);
      rows.push([
        size,
        String(workers),
        ...(['made', 'dropped'] as const).map((of) => ms(median(times.map((one) => one[of])))),
      ]);
    }
  }
  rows.push(['a fleet of its own', '1', ms(median(own)), '']);
  console.log(markdown({ header: ['template', 'processes at once', 'freshDatabase()', 'drop()'], rows }));
  console.log(
    `\n${markdown({ header: ['copied until replicas have it', 'wal_log', 'file_copy'], rows: await strategies(shared.local) })}`,
  );
  console.log(`\n${markdown({ header: ['step', 'ms'], rows: await faults() })}`);
}

if (process.argv[2] === 'worker') {
  void makeAndDrop(process.argv[3] as string, Number(process.argv[4])).then((times) => {
    process.send?.(times);
    process.disconnect();
  });
} else void main();
