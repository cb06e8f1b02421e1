/**
 * What a routed read costs beside a bare `pg.Pool` on one replica: `npx tsx bench/reads.ts [rounds]`.
 *
 * The same statement, the same server, the same number of connections; rounds are interleaved, so that a busy moment of the machine hits all
 * candidates alike. The table shows medians of the rounds, and each candidate's ratio to the bare pool.
 */
import { Pool } from 'pg';
import { connect } from '../lib';
import { startLocalFleet } from '../local';

const CALLERS = [1, 10, 100];
const ROUND_MS = 1_000;
const rounds = Number(process.argv[2] ?? 7);
const TEXT = 'select id, body from note where id = $1';

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: 1 });
  const [reader] = local.contract.readers;
  const { auth } = local.contract;
  if (!reader || auth.kind !== 'password') throw new Error('a local fleet has a reader and a password');
  const fleet = await connect(local.contract);
  const pool = new Pool({
    ...reader,
    user: auth.user,
    password: auth.password,
    database: local.contract.database,
    max: 30,
  });
  try {
    await fleet.write(`create table note as select n as id, 'note ' || n as body from generate_series(1, 1000) n`);
    await fleet.write('create index on note (id)');

    const candidates: Record<string, (id: number) => Promise<unknown>> = {
      'pg.Pool on the replica': (id) => pool.query(TEXT, [id]),
      'fleet.query, routed by the statement': (id) => fleet.query(TEXT, [id]),
      'fleet.read with a bound of 5 s': (id) => fleet.read(TEXT, [id], { maxStalenessMs: 5_000 }),
    };
    for (const callers of CALLERS) {
      const rates = new Map<string, number[]>(Object.keys(candidates).map((name) => [name, []]));
      for (let round = 0; round <= rounds; round += 1) {
        for (const [name, ask] of Object.entries(candidates)) {
          const rate = await measure(callers, ask);
          // The first round warms up.
          if (round > 0) rates.get(name)?.push(rate);
        }
      }
      report(callers, rates);
    }
    const [primary] = fleet.status().members;
    console.log(`reads that went to the primary: ${primary?.reads}`);
  } finally {
    await pool.end();
    await fleet.close();
    await local.stop();
  }
}

/** Reads per second. */
async function measure(callers: number, ask: (id: number) => Promise<unknown>): Promise<number> {
  const end = performance.now() + ROUND_MS;
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) {
        await ask(1 + (done % 1_000));
        done += 1;
      }
    }),
  );
  return done / (ROUND_MS / 1_000);
}

function report(callers: number, rates: ReadonlyMap<string, number[]>): void {
  console.log(`${callers} caller${callers === 1 ? '' : 's'}`.padEnd(40), 'reads/s', '  ratio');
  let base: number | undefined;
  for (const [name, samples] of rates) {
    const rate = median(samples);
    base ??= rate;
    console.log(`  ${name.padEnd(38)} ${rate.toFixed(0).padStart(7)}   ${(rate / base).toFixed(2)}`);
  }
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? Number.NaN;
}

void main();
