/**
 * What a routed read costs beside a bare `pg.Pool` on one replica, and what peers cost: `npx tsx bench/reads.ts`.
 *
 * One process, one statement, one replica, as many connections for each. In each round every candidate reads for a moment, after a
 * collection of garbage, in an order in which each follows each other equally often. Each is compared with the bare pool of the same round;
 * the table shows medians over the rounds. A second bare pool stands among the candidates: how far its ratio is from 1 is what this
 * measurement cannot tell apart.
 *
 *   --rounds 20  --callers 1,10,100  --round-ms 400  --candidates session,Drizzle   (parts of labels)
 *   --write      writes docs/figures also after a run with arguments; one without any writes them always
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startLocalFleet } from '../local';
import { installPeers, prepare, targetOf } from './candidates';
import { barChart } from './chart';
import { machine, writeFigure } from './figures';
import { LatencyHistogram } from './histogram';
import { orderOf } from './order';
import { openReadings, type Reading, type Readings } from './reads-candidates';
import { callersText, type Round, type Rounds, readsBars, readsTable } from './reads-report';
import { aligned, markdown } from './table';

const POOL = 30;
const NOTES = 1_000;

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    callers: { type: 'string', default: '1,10,100' },
    'round-ms': { type: 'string', default: '400' },
    candidates: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(args.rounds);
const roundMs = Number(args['round-ms']);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function main(): Promise<void> {
  installPeers();
  const local = await startLocalFleet({ replicas: 1, parameters: { max_connections: 600 } });
  let readings: Readings | undefined;
  try {
    await prepare(local);
    // Connections are kept: the candidates take turns, and none shall pay for opening its own again.
    readings = await openReadings(targetOf(local, { poolMax: POOL, connectTimeoutMs: 10_000, idleTimeoutMs: 0 }));
    for (const text of readings.leftOut) console.log(`Left out: ${text}`);
    const chosen = choose(readings.all);
    const results = new Map<number, Rounds>();
    for (const callers of args.callers.split(',').map(Number)) {
      const taken = await measureAll(chosen, callers);
      results.set(callers, taken);
      console.log(`\n${callersText(callers)}\n${aligned(readsTable(taken))}`);
    }
    const strayed = `Reads of readfleet that went to the primary: ${readings.readsOnPrimary()}.`;
    console.log(`\n${strayed}`);
    if (args.write || process.argv.length === 2) report(chosen, results, local.version, [strayed, ...readings.leftOut]);
  } finally {
    await readings?.close();
    await local.stop();
  }
}

/** The bare pool always, and what was asked for. */
function choose(all: readonly Reading[]): readonly Reading[] {
  if (args.candidates === undefined) return all;
  const wanted = args.candidates.toLowerCase().split(',');
  const [base, ...others] = all;
  const found = others.filter(({ label }) => wanted.some((part) => label.toLowerCase().includes(part)));
  if (found.length === 0)
    throw new Error(`--candidates ${args.candidates}: there are ${all.map(({ label }) => label).join(', ')}.`);
  return base ? [base, ...found] : found;
}

async function measureAll(readings: readonly Reading[], callers: number): Promise<Rounds> {
  const taken = new Map<string, Round[]>(readings.map(({ label }) => [label, []]));
  // The first round opens connections and lets the compiler see the code.
  for (let round = -1; round < rounds; round += 1) {
    for (const index of orderOf(Math.max(0, round), readings.length)) {
      const reading = readings[index];
      if (!reading) continue;
      collectGarbage();
      const measured = await measure(reading, callers);
      if (round >= 0) taken.get(reading.label)?.push(measured);
    }
  }
  return taken;
}

async function measure({ ask, within }: Reading, callers: number): Promise<Round> {
  const histogram = new LatencyHistogram();
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let waiting = callers;
  let begin = 0;
  let next = 0;
  const caller = async () => {
    waiting -= 1;
    if (waiting === 0) {
      begin = performance.now();
      open?.();
    }
    await gate;
    for (let asked = performance.now(); asked < begin + roundMs; ) {
      next += 1;
      await ask(1 + (next % NOTES));
      const answered = performance.now();
      histogram.record(answered - asked);
      asked = answered;
    }
  };
  await Promise.all(Array.from({ length: callers }, () => (within ? within(caller) : caller())));
  const seconds = (performance.now() - begin) / 1_000;
  return { rate: histogram.count / seconds, p50: histogram.quantile(0.5), p99: histogram.quantile(0.99) };
}

function report(
  readings: readonly Reading[],
  results: ReadonlyMap<number, Rounds>,
  version: string,
  remarks: readonly string[],
): void {
  const ours = (label: string) => readings.some((reading) => reading.ours && reading.label === label);
  const settings = `${machine(version)} ${rounds} rounds of ${roundMs} ms for each candidate; ${POOL} connections to the replica for each.`;
  const meaning =
    'Ratios are to `pg.Pool` in the same round; all figures are medians over the rounds. The second `pg.Pool` shows what this measurement cannot tell apart.';
  writeFigure({
    name: 'reads',
    title: 'One row by its key: routers beside a bare pool',
    command: 'npx tsx bench/reads.ts',
    sections: [
      settings,
      meaning,
      ...[...results].flatMap(([callers, taken]) => [`## ${callersText(callers)}`, markdown(readsTable(taken))]),
      '## How each was asked',
      readings.map(({ label, how }) => `- ${label}: ${how}`).join('\n'),
      ...remarks,
    ],
    svg: barChart({
      title: 'Reads per second, as a share of a bare pg.Pool',
      subtitle: 'One row by its key from one replica; longer is better, the line is the bare pool',
      groups: [...results].map(([callers, taken]) => readsBars(callers, taken, ours)),
      reference: 1,
    }),
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
