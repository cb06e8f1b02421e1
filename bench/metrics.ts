/**
 * What metrics cost a routed read: a fleet that nobody measures, and the same with a registry of prom-client or an OpenTelemetry meter.
 *
 *   npx tsx bench/metrics.ts  --rounds 12  --callers 10  --turn-ms 500
 *
 * One replica, a one-row read. Each candidate is a process of its own, as an app is: what one of them taught the compiler would slow the next one down.
 * They take turns, in an order in which each follows each other equally often, and each is compared with the unmeasured one of the same round. A second
 * unmeasured one stands among them: how far it is from the first is what this measurement cannot tell apart. Then what one read tells is told alone,
 * without a fleet, a network or a server.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  channels,
  connect,
  type Decision,
  type Fleet,
  type FleetContract,
  type Outcome,
  type StatementEnd,
} from '../lib';
import { startLocalFleet } from '../local';
import { meterFleet } from '../monitoring/opentelemetry';
import { fleetRegistry } from '../monitoring/prometheus';
import { machine } from './figures';
import { median } from './measure';
import { orderOf } from './order';
import { aligned, type Table } from './table';

const NOTES = 1_000;
const NOBODY: Decision['passedOver'] = [];
const ENDPOINTS = ['list', 'page', 'search', 'feed'];
/** So many reads' messages at once. */
const TOLD = 50_000;

/** Scraped or exported by nobody, as between two scrapes. */
const CANDIDATES: Readonly<Record<string, (fleet: Fleet) => void>> = {
  'not measured': () => undefined,
  'not measured, again': () => undefined,
  'prom-client': (fleet) => {
    fleetRegistry(fleet);
  },
  OpenTelemetry: (fleet) => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    meterFleet(fleet, { meterProvider: new MeterProvider({ readers: [reader] }) });
  },
};
const LABELS = Object.keys(CANDIDATES);

/** What a candidate is asked for; it answers with a {@link Turn}, or with microseconds. */
type Ask =
  | { readonly kind: 'connect'; readonly contract: FleetContract }
  | { readonly kind: 'read'; readonly callers: number; readonly ms: number }
  | { readonly kind: 'tell' };

interface Turn {
  readonly perSecond: number;
  /** Of its process. */
  readonly processorUs: number;
}

async function main(): Promise<void> {
  const { values: args } = parseArgs({
    options: {
      rounds: { type: 'string', default: '12' },
      callers: { type: 'string', default: '10' },
      'turn-ms': { type: 'string', default: '500' },
    },
  });
  const rounds = Number(args.rounds);
  const callers = Number(args.callers);
  const reading: Ask = { kind: 'read', callers, ms: Number(args['turn-ms']) };
  const local = await startLocalFleet({ replicas: 1, parameters: { max_connections: 200 } });
  const children = LABELS.map((label) => fork(__filename, [label]));
  try {
    await local.primary.query('create table note (id bigint primary key, body text)');
    await local.primary.query(`insert into note select n, 'note ' || n from generate_series(1, ${NOTES}) n`);
    for (const child of children) await ask(child, { kind: 'connect', contract: local.contract });
    const turns = LABELS.map((): Turn[] => []);
    // The first rounds let the compiler see the code.
    for (let round = -2; round < rounds; round += 1) {
      for (const index of orderOf(Math.max(0, round), LABELS.length)) {
        const taken = (await ask(children[index] as ChildProcess, reading)) as Turn;
        if (round >= 0) turns[index]?.push(taken);
      }
    }
    console.log(`${machine(local.version)}\n\nrouted reads, ${callers} callers, medians of ${rounds} rounds`);
    console.log(aligned(readsTable(turns)));
    const told: number[][] = LABELS.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, child] of children.entries())
        told[index]?.push((await ask(child, { kind: 'tell' })) as number);
    }
    console.log('\nwhat one read tells, without fleet or server, processor µs: least of the rounds');
    console.log(aligned(toldTable(told)));
  } finally {
    for (const child of children) child.disconnect();
    await local.stop();
  }
}

async function ask(child: ChildProcess, question: Ask): Promise<unknown> {
  child.send(question);
  const [answer] = await once(child, 'message');
  return answer;
}

function readsTable(turns: readonly (readonly Turn[])[]): Table {
  const base = turns[0] as readonly Turn[];
  return {
    header: ['', 'reads/s', 'ratio', 'processor µs/read', 'more, µs'],
    rows: LABELS.map((label, index) => {
      const own = turns[index] as readonly Turn[];
      const beside = (compare: (one: Turn, other: Turn) => number) =>
        median(own.map((one, round) => compare(one, base[round] as Turn)));
      return [
        label,
        median(own.map(({ perSecond }) => perSecond)).toFixed(0),
        beside((one, other) => one.perSecond / other.perSecond).toFixed(3),
        median(own.map(({ processorUs }) => processorUs)).toFixed(1),
        beside((one, other) => one.processorUs - other.processorUs).toFixed(1),
      ];
    }),
  };
}

function toldTable(told: readonly (readonly number[])[]): Table {
  return {
    header: ['', 'µs'],
    rows: LABELS.map((label, index) => [label, Math.min(...(told[index] ?? [])).toFixed(2)]),
  };
}

/** One candidate, in a process of its own. */
function candidate(label: string): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let fleet: Fleet | undefined;
  const answer = async (question: Ask): Promise<unknown> => {
    if (question.kind === 'connect') {
      fleet = await connect(question.contract);
      CANDIDATES[label]?.(fleet);
      return true;
    }
    if (!fleet) throw new Error('ask it to connect first');
    collectGarbage();
    return question.kind === 'tell' ? tellReads(fleet) : turn(fleet, question.callers, question.ms);
  };
  process.on('message', (question: Ask) => {
    answer(question).then(
      (result) => process.send?.(result),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.once('disconnect', () => process.exit());
}

async function turn(fleet: Fleet, callers: number, ms: number): Promise<Turn> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let reads = 0;
  const caller = async () => {
    while (performance.now() < begin + ms) {
      reads += 1;
      await fleet.query('select body from note where id = $1', [1 + (reads % NOTES)], {
        endpoint: ENDPOINTS[reads % ENDPOINTS.length] as string,
      });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (reads * 1_000) / (performance.now() - begin), processorUs: (user + system) / reads };
}

/** A decision, a statement and an outcome, again and again: microseconds a read. */
function tellReads({ contract: { fleet, environment } }: Fleet): number {
  const cpu = process.cpuUsage();
  for (let read = 0; read < TOLD; read += 1) {
    const endpoint = ENDPOINTS[read % ENDPOINTS.length];
    const member = 'replica-1';
    const decision: Decision = {
      fleet,
      environment,
      endpoint,
      kind: 'read',
      member,
      target: 'replica',
      reason: 'replica',
      passedOver: NOBODY,
      ms: 0.01 + (read % 10) / 1_000,
    };
    channels.decision.publish(decision);
    const ms = 0.1 + (read % 100) / 10;
    const end: StatementEnd = { fleet, environment, member, role: 'replica', ms, failed: false };
    channels.statement.publish(end);
    const outcome: Outcome = { fleet, environment, endpoint, kind: 'read', member, error: undefined, ms };
    channels.outcome.publish(outcome);
  }
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / TOLD;
}

const [label] = process.argv.slice(2);
if (process.send && label !== undefined) candidate(label);
else {
  main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
