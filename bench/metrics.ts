/**
 * What metrics cost a routed read: a fleet that nobody measures, and the same with a registry of prom-client or an OpenTelemetry meter.
 *
 *   npx tsx bench/metrics.ts  --rounds 12  --callers 10  --turn-ms 400
 *
 * One process, one replica, a one-row read. In each round every candidate connects, warms up and reads for a moment, in an order in which each follows
 * each other equally often; each is compared with the unmeasured fleet of the same round. A second unmeasured one stands among them: how far it is
 * from the first is what this measurement cannot tell apart. Then what one read tells is told alone, without a fleet, a network or a server.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { channels, connect, type Decision, type Fleet, type Outcome, type StatementEnd } from '../lib';
import { type LocalFleet, startLocalFleet } from '../local';
import { meterFleet } from '../monitoring/opentelemetry';
import { fleetRegistry } from '../monitoring/prometheus';
import { machine } from './figures';
import { median } from './measure';
import { orderOf } from './order';
import { aligned, type Table } from './table';

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    callers: { type: 'string', default: '10' },
    'turn-ms': { type: 'string', default: '400' },
  },
});
const rounds = Number(args.rounds);
const callers = Number(args.callers);
const turnMs = Number(args['turn-ms']);
const NOTES = 1_000;
const NOBODY: Decision['passedOver'] = [];
const ENDPOINTS = ['list', 'page', 'search', 'feed'];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Begins to measure; scraped or exported by nobody, as between two scrapes. */
type Attach = (fleet: Fleet) => void;

const CANDIDATES: readonly (readonly [label: string, attach: Attach])[] = [
  ['not measured', () => undefined],
  ['not measured, again', () => undefined],
  ['prom-client', (fleet) => void fleetRegistry(fleet)],
  ['OpenTelemetry', (fleet) => void meterFleet(fleet, { meterProvider: provider() })],
];

function provider(): MeterProvider {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  return new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 1_000 }),
    ],
  });
}

/** Of one turn. */
interface Turn {
  readonly perSecond: number;
  /** Of this process. */
  readonly processorUs: number;
}

async function main(): Promise<void> {
  const local = await startLocalFleet({ replicas: 1, parameters: { max_connections: 200 } });
  try {
    await local.primary.query('create table note (id bigint primary key, body text)');
    await local.primary.query(`insert into note select n, 'note ' || n from generate_series(1, ${NOTES}) n`);
    const turns = CANDIDATES.map((): Turn[] => []);
    for (let round = -1; round < rounds; round += 1) {
      for (const index of orderOf(Math.max(0, round), CANDIDATES.length)) {
        const taken = await turn(local, CANDIDATES[index]?.[1] as Attach);
        if (round >= 0) turns[index]?.push(taken);
      }
    }
    console.log(`${machine(local.version)}\n\nrouted reads, ${callers} callers, medians of ${rounds} rounds`);
    console.log(aligned(readsTable(turns)));
    console.log('\nwhat one read tells, without fleet or server, processor µs: least of the rounds');
    console.log(aligned(await messagesTable(local)));
  } finally {
    await local.stop();
  }
}

async function turn(local: LocalFleet, attach: Attach): Promise<Turn> {
  const fleet = await connect(local.contract);
  try {
    attach(fleet);
    await readFor(fleet, turnMs / 2);
    collectGarbage();
    const cpu = process.cpuUsage();
    const begin = performance.now();
    const reads = await readFor(fleet, turnMs);
    const { user, system } = process.cpuUsage(cpu);
    return { perSecond: (reads * 1_000) / (performance.now() - begin), processorUs: (user + system) / reads };
  } finally {
    await fleet.close();
  }
}

async function readFor(fleet: Fleet, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let reads = 0;
  const caller = async () => {
    while (performance.now() < end) {
      reads += 1;
      await fleet.query('select body from note where id = $1', [1 + (reads % NOTES)], {
        endpoint: ENDPOINTS[reads % ENDPOINTS.length] as string,
      });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return reads;
}

function readsTable(turns: readonly (readonly Turn[])[]): Table {
  const base = turns[0] as readonly Turn[];
  return {
    header: ['', 'reads/s', 'ratio', 'processor µs/read', 'more, µs'],
    rows: CANDIDATES.map(([label], index) => {
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

/** A decision, a statement and an outcome: told as often as it takes to see them. */
async function messagesTable(local: LocalFleet): Promise<Table> {
  const rows: string[][] = [];
  for (const [label, attach] of CANDIDATES.slice(1)) {
    const fleet = await connect(local.contract);
    attach(fleet);
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) least = Math.min(least, tellReads(fleet, 50_000));
    await fleet.close();
    rows.push([label.replace(', again', ''), least.toFixed(2)]);
  }
  return { header: ['', 'µs'], rows };
}

/** Microseconds a read. */
function tellReads({ contract: { fleet, environment } }: Fleet, count: number): number {
  const cpu = process.cpuUsage();
  for (let read = 0; read < count; read += 1) {
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
  return (user + system) / count;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
