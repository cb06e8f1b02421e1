/**
 * What replicas add, with servers too small to serve all: `npx tsx bench/scale-out.ts`.
 *
 * Every server has the same small share of a core, by a cpu cgroup, so that the servers are the limit and not the machine that all of
 * them and the client share. Needs Linux with cgroup version 1, and root; ends with code 1 where there is none.
 *
 * First as many reads as one, two and three replicas can take. Then a mix of reads and writes that comes at its own rate, and that the
 * primary can bear alone: without replicas, and with three.
 *
 *   --share 0.2  --rounds 3  --seconds 4  --load 0.6 (of what one server can read)
 *   --write      writes docs/figures also after a run with arguments; one without any writes them always
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, type Fleet } from '../lib';
import { type LocalFleet, startLocalFleet } from '../local';
import { CpuCap, findControllers } from './cgroup';
import { LatencyHistogram } from './histogram';
import { openLoop, tick } from './open-loop';
import { type Capacity, capacityTable, type Mix, mixTable, rateOf, writeScaleOut } from './scale-out-report';
import { aligned } from './table';

const REPLICAS = 3;
/** Enough that no server runs out of work by chance: with three replicas each has eight under way. */
const CALLERS = 24;
const WARM_UP_MS = 1_000;
const WRITES_PER_READ = 0.1;
const DRAIN_MS = 10_000;
/** A scan of some rows: a millisecond or two of a server's time, and next to none of the client's. */
const READ = 'select count(*) as n, max(body) as last from item where price > $1';
const WRITE = 'update item set body = $1 where id = $2';

const { values: args } = parseArgs({
  options: {
    share: { type: 'string', default: '0.2' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    load: { type: 'string', default: '0.6' },
    write: { type: 'boolean', default: false },
  },
});
const share = Number(args.share);
const rounds = Number(args.rounds);
const lengthMs = Number(args.seconds) * 1_000;

interface Capped {
  readonly local: LocalFleet;
  readonly caps: ReadonlyMap<string, CpuCap>;
}

async function main(): Promise<void> {
  const controllers = findControllers();
  // An interrupted run goes through `exit`, where the groups are removed.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const local = await startLocalFleet({ replicas: REPLICAS });
  const caps = new Map<string, CpuCap>();
  try {
    await local.primary.query(
      `create table item as select n as id, n % 100 as price, repeat('x', 40) as body from generate_series(1, 5000) n`,
    );
    await local.primary.query('alter table item add primary key (id)');
    await local.primary.query('vacuum analyze');
    for (const { name, pid } of local.members) {
      const cap = new CpuCap(controllers, name, share);
      caps.set(name, cap);
      if (pid !== undefined) await cap.add(pid);
    }
    await measureAll({ local, caps });
  } finally {
    await local.stop();
    for (const cap of caps.values()) await cap.remove();
  }
}

async function measureAll(capped: Capped): Promise<void> {
  const capacities: Capacity[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let replicas = 1; replicas <= REPLICAS; replicas += 1) {
      capacities.push(
        await withFleet(capped, replicas, (fleet) => measureCapacity(capped, fleet, { round, replicas })),
      );
    }
  }
  console.log(aligned(capacityTable(capacities)));
  const rate = Math.round(Number(args.load) * rateOf(capacities, 1));
  const mixes: Mix[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const replicas of [0, REPLICAS]) {
      mixes.push(await withFleet(capped, replicas, (fleet) => measureMix(capped, fleet, replicas, rate)));
    }
  }
  console.log(`\n${aligned(mixTable(mixes))}`);
  if (args.write || process.argv.length === 2) {
    const writes = Math.round(rate * WRITES_PER_READ);
    writeScaleOut(capacities, mixes, { version: capped.local.version, share, rounds, lengthMs, rate, writes });
  }
}

async function withFleet<T>({ local }: Capped, replicas: number, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const contract = local.contract;
  const fleet = await connect({ ...contract, readers: contract.readers.slice(0, replicas) });
  try {
    return await work(fleet);
  } finally {
    await fleet.close();
  }
}

/** As many reads as it takes, by callers who wait for their answers. */
async function measureCapacity(
  capped: Capped,
  fleet: Fleet,
  { round, replicas }: Pick<Capacity, 'round' | 'replicas'>,
): Promise<Capacity> {
  await read(fleet, WARM_UP_MS);
  const before = snapshot(capped, fleet);
  const begin = performance.now();
  const reads = await read(fleet, lengthMs);
  const seconds = (performance.now() - begin) / 1_000;
  const used = since(capped, fleet, before, seconds);
  const busy = [...used.shares].filter(([name]) => Number(name.split('-')[1]) <= replicas).map(([, of]) => of);
  return {
    round,
    replicas,
    rate: reads / seconds,
    readsOnPrimary: used.readsOnPrimary,
    replicaShare: Math.min(...busy),
    primaryShare: used.shares.get('primary') ?? Number.NaN,
  };
}

async function read(fleet: Fleet, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let done = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await fleet.query(READ, [50]);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done;
}

/** Reads at a steady rate, and writes among them. */
async function measureMix(capped: Capped, fleet: Fleet, replicas: number, rate: number): Promise<Mix> {
  const every = Math.round(1 / WRITES_PER_READ) + 1;
  let latencies = new LatencyHistogram();
  let failed = 0;
  let pending = 0;
  const send = async (index: number, due: number) => {
    const writes = index % every === 0;
    const into = latencies;
    pending += 1;
    try {
      await (writes ? fleet.write(WRITE, [`x${index}`, 1 + (index % 5_000)]) : fleet.query(READ, [50]));
      if (!writes) into.record(performance.now() - due);
    } catch {
      // Counted, and told in the table: a server that is small must not make an app fail.
      failed += 1;
    }
    pending -= 1;
  };
  const total = rate * (1 + WRITES_PER_READ);
  await openLoop(total, WARM_UP_MS, (index, due) => void send(index, due));
  latencies = new LatencyHistogram();
  const before = snapshot(capped, fleet);
  const begin = performance.now();
  await openLoop(total, lengthMs, (index, due) => void send(index, due));
  const used = since(capped, fleet, before, (performance.now() - begin) / 1_000);
  for (const end = performance.now() + DRAIN_MS; pending > 0 && performance.now() < end; ) await tick();
  await delay(0);
  return {
    replicas,
    failed: failed + pending,
    p50: latencies.quantile(0.5),
    p95: latencies.quantile(0.95),
    readsOnPrimary: used.readsOnPrimary,
    primaryShare: used.shares.get('primary') ?? Number.NaN,
  };
}

interface Snapshot {
  readonly used: ReadonlyMap<string, number>;
  readonly readsOnPrimary: number;
}

function snapshot({ caps }: Capped, fleet: Fleet): Snapshot {
  return {
    used: new Map([...caps].map(([name, cap]) => [name, cap.usedSeconds()])),
    readsOnPrimary: fleet.status().members.find(({ name }) => name === 'primary')?.reads ?? Number.NaN,
  };
}

/** What was used since then: of each server as a share of one core. */
function since(capped: Capped, fleet: Fleet, before: Snapshot, seconds: number) {
  const now = snapshot(capped, fleet);
  return {
    shares: new Map([...now.used].map(([name, used]) => [name, (used - (before.used.get(name) ?? 0)) / seconds])),
    readsOnPrimary: now.readsOnPrimary - before.readsOnPrimary,
  };
}

main().catch((error) => {
  console.error(`bench/scale-out.ts: ${(error as Error).message}`);
  process.exitCode = 1;
});
