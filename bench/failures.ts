/**
 * What users see of a fault, by router: `npx tsx bench/failures.ts`.
 *
 * A primary and two replicas, 500 reads a second that come at their own rate, and after a second one fault: the same for a bare pool on the
 * replica that is hit, for readfleet and for the peers. Each pair has a fleet and a process of its own. The row that is read counts up fifty
 * times a second on the primary, so that each answer tells how old it is.
 *
 *   --seconds 6  --rate 500  --faults killed,frozen  --candidates raw,readfleet,drizzle,typeorm,sequelize,kysely
 *   --write      writes docs/figures also after a run with arguments; one without any writes them always
 */
import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLocalFleet } from '../local';
import { candidateOf, installPeers, prepare, ROUTERS, targetOf } from './candidates';
import { type Outcome, outcomesTable, writeFailures } from './failures-report';
import type { Order, Report } from './failures-worker';
import { FAULTS, type Fault } from './faults';
import { aligned } from './table';

/** As readfleet's own defaults; the peers get the same. */
const LIMITS = { poolMax: 30, connectTimeoutMs: 2_000, idleTimeoutMs: 30_000 };
const STRIKE_AFTER_MS = 1_000;
const GRACE_MS = 5_000;
const STALE_MS = 1_000;
/** What has not connected by then is said to hang. */
const OPEN_MS = 15_000;

const { values: args } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rate: { type: 'string', default: '500' },
    faults: { type: 'string' },
    candidates: { type: 'string', default: ROUTERS.join(',') },
    write: { type: 'boolean', default: false },
  },
});
const load = {
  rate: Number(args.rate),
  lengthMs: Number(args.seconds) * 1_000,
  graceMs: GRACE_MS,
  staleMs: STALE_MS,
};

async function main(): Promise<void> {
  installPeers();
  const names = args.faults?.split(',');
  const faults = FAULTS.filter(({ name }) => names?.includes(name) ?? true);
  if (faults.length === 0) throw new Error(`--faults: there are ${FAULTS.map(({ name }) => name).join(', ')}.`);
  const results = new Map<Fault, Outcome[]>();
  let version = '';
  for (const fault of faults) {
    const outcomes: Outcome[] = [];
    results.set(fault, outcomes);
    for (const name of args.candidates.split(',')) {
      const { label } = candidateOf(name);
      const { outcome, postgres } = await suffer(name, fault);
      version = postgres;
      outcomes.push({ label, ours: name === 'readfleet', ...outcome });
    }
    console.log(`\n${fault.what}\n${aligned(outcomesTable(outcomes))}`);
  }
  if (args.write || process.argv.length === 2) writeFailures(results, { version, ...load, ...LIMITS });
}

type Suffered = Omit<Outcome, 'label' | 'ours'>;

async function suffer(candidate: string, fault: Fault): Promise<{ outcome: Suffered; postgres: string }> {
  const parameters = fault.parameters ? { parameters: fault.parameters } : {};
  const local = await startLocalFleet({ replicas: 2, ...parameters });
  try {
    await prepare(local);
    await fault.before?.(local);
    const over = new AbortController();
    let striking: Promise<void> | undefined;
    const outcome = await inWorker(
      { candidate, target: targetOf(local, LIMITS), slowEvery: fault.slowEvery, load },
      () => {
        striking = delay(STRIKE_AFTER_MS).then(() => fault.strike?.(local, over.signal));
      },
    );
    over.abort();
    await striking;
    return { outcome, postgres: local.version };
  } finally {
    await local.stop();
  }
}

function inWorker(order: Order, reading: () => void): Promise<Suffered> {
  return new Promise((resolve) => {
    const worker = fork(path.join(__dirname, 'failures-worker.ts'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let died: string | undefined;
    const settle = (outcome: Suffered) => {
      clearTimeout(timer);
      resolve(outcome);
      // Not asked to close: a router may wait there for a server that never answers.
      worker.kill('SIGKILL');
    };
    const wait = (ms: number, refused: string) => setTimeout(() => settle({ refused }), ms);
    let timer = wait(OPEN_MS, `hangs, cut off after ${OPEN_MS / 1_000} s`);
    worker.once('exit', () => settle({ refused: `process died: ${died ?? 'without a word'}` }));
    worker.on('message', (report: Report) => {
      if (report.kind === 'ready') worker.send(order);
      if (report.kind === 'died') died = report.error;
      if (report.kind === 'refused') settle({ refused: `does not start: ${report.error}` });
      if (report.kind === 'done') settle({ result: report.result });
      if (report.kind === 'reading') {
        clearTimeout(timer);
        timer = wait(order.load.lengthMs + 3 * GRACE_MS, 'process hangs');
        reading();
      }
    });
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
