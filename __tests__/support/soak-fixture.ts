/**
 * A process that lives long with a fleet, for `soak.test.ts`: three spans of everything that an app does, the fleet's contract and the number of turns
 * given by its parent, and after each span what it holds on to. It ends by itself once the fleet is closed, or something was left open.
 */
import { getEventListeners, setMaxListeners } from 'node:events';
import { connect, type Fleet } from '../../lib';
import type { FleetContract } from '../../lib/contract';
import { eventually } from './eventually';
import { kindOf, lifelong, TABLE } from './soak-kinds';

export interface SoakOrder {
  readonly contract: FleetContract;
  readonly turns: number;
}

/** What is held on to while nothing is under way. */
export interface Held {
  readonly heapBytes: number;
  /** The most on any one of its kind. */
  readonly listeners: Readonly<Record<string, number>>;
  /** Whatever should be nothing and is not. */
  readonly left: readonly string[];
}

export type SoakReport = {
  readonly turns: number;
  readonly strangeFailures: readonly string[];
  readonly warnings: readonly string[];
  readonly spans: readonly Held[];
  /** Open handles and timers that were not there before the fleet. */
  readonly leftOpen: readonly string[];
};

/** Callers at once. */
const CALLERS = 24;
const MAX = 8;
const SHOWN = 5;
/** Of one turn: by then it hangs. */
const PATIENCE_MS = 60_000;

const strangeFailures: string[] = [];
const warnings: string[] = [];
let turns = 0;
let restored = false;
const underWay = new Map<number, number>();

async function span(fleet: Fleet, count: number, goesOn: () => boolean): Promise<void> {
  const end = turns + count;
  const caller = async () => {
    while (turns < end || goesOn()) {
      turns += 1;
      const turn = turns;
      const kind = kindOf(turn);
      underWay.set(turn, performance.now());
      try {
        await kind.run(fleet, turn);
      } catch (error) {
        if (!kind.mayFail?.(error) && strangeFailures.length < SHOWN) strangeFailures.push(`turn ${turn}: ${error}`);
      } finally {
        underWay.delete(turn);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function held(fleet: Fleet): Promise<Held> {
  // What was cancelled may still be on its way back.
  await eventually(() => leftUnder(fleet).length === 0, { timeoutMs: 10_000 }).catch(() => undefined);
  const listeners = listenersOf(fleet);
  const left = leftUnder(fleet);
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    global.gc?.();
  }
  return { heapBytes: process.memoryUsage().heapUsed, listeners, left };
}

function leftUnder(fleet: Fleet): string[] {
  const { members, bulkhead } = fleet.status();
  const left = members.flatMap(({ name, inFlight, breaker, pool }) => [
    ...(inFlight === 0 ? [] : [`${name}: ${inFlight} in flight`]),
    ...(breaker.state === 'closed' ? [] : [`${name}: its breaker is ${breaker.state}`]),
    ...(pool.waiting === 0 ? [] : [`${name}: ${pool.waiting} wait`]),
    ...(pool.total <= MAX ? [] : [`${name}: ${pool.total} connections`]),
    ...(pool.total === pool.idle ? [] : [`${name}: ${pool.total - pool.idle} connections are not given back`]),
  ]);
  for (const { name, underWay, leases } of fleet.internals.members.all()) {
    if (underWay.first) left.push(`${name}: under way`);
    if (leases !== 0) left.push(`${name}: ${leases} leases`);
  }
  if (bulkhead.active + bulkhead.queued > 0) left.push(`bulkhead: ${bulkhead.active} and ${bulkhead.queued}`);
  const heard = getEventListeners(lifelong.signal, 'abort').length;
  if (heard > 0) left.push(`${heard} listeners on a signal`);
  return left;
}

interface Emitter {
  eventNames(): (string | symbol)[];
  listenerCount(event: string | symbol): number;
}

/** What `pg` keeps and its types do not tell. */
interface Innards {
  readonly _clients: readonly (Emitter & { readonly connection: Emitter & { readonly stream: Emitter } })[];
}

function listenersOf(fleet: Fleet): Record<string, number> {
  const most: Record<string, number> = {};
  const count = (kind: string, emitter: Emitter) => {
    for (const event of emitter.eventNames()) {
      const key = `${kind} ${String(event)}`;
      most[key] = Math.max(most[key] ?? 0, emitter.listenerCount(event));
    }
  };
  for (const { pool } of fleet.internals.members.all()) {
    count('pool', pool);
    for (const client of (pool as unknown as Innards)._clients) {
      count('client', client);
      count('connection', client.connection);
      // A stream adds some of its own while it is written to.
      most['stream error'] = Math.max(most['stream error'] ?? 0, client.connection.stream.listenerCount('error'));
    }
  }
  for (const pool of [fleet.pool, fleet.readPool, fleet.writePool]) count('facade', pool);
  count('process', process);
  return most;
}

/** Handles and timers; the channel to the parent was there before. */
function open(): string[] {
  return process.getActiveResourcesInfo();
}

function beyond(before: readonly string[], now: readonly string[]): string[] {
  const rest = [...before];
  return now.filter((kind) => {
    const known = rest.indexOf(kind);
    if (known === -1) return true;
    rest.splice(known, 1);
    return false;
  });
}

async function soak({ contract, turns: wanted }: SoakOrder): Promise<SoakReport> {
  const before = open();
  // As many as ask at once may listen; how many are left is counted.
  setMaxListeners(2 * CALLERS, lifelong.signal);
  const fleet = await connect(contract, {
    lag: { timeoutMs: 3_000 },
    pools: { primaryMax: MAX, replicaMax: MAX, connectTimeoutMs: 30_000 },
    bulkhead: { waitMs: 60_000 },
    retries: { burst: 1_000 },
  });
  await fleet.write(TABLE);
  await eventually(() => fleet.read('select from soak'));
  const third = Math.ceil(wanted / 3);
  const spans: Held[] = [];
  for (const number of [1, 2, 3]) {
    if (number === 2) process.send?.('break something');
    await span(fleet, third, () => number === 2 && !restored);
    await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
    spans.push(await held(fleet));
  }
  await fleet.close();
  await eventually(() => beyond(before, open()).length === 0, { timeoutMs: 2_000 }).catch(() => undefined);
  return { turns, strangeFailures, warnings, spans, leftOpen: beyond(before, open()) };
}

/** Whoever waits for an answer that never comes is to be told which. */
function watchForHangs(): void {
  setInterval(() => {
    const [oldest] = underWay;
    if (oldest === undefined || performance.now() - oldest[1] < PATIENCE_MS) return;
    console.error(`turn ${oldest[0]} has no answer after ${PATIENCE_MS} ms: ${kindOf(oldest[0]).run}`);
    process.exit(1);
  }, 1_000).unref();
}

watchForHangs();
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));
// Whoever listens to its parent keeps the channel open: from the beginning to the end, so that it is in every count.
process.on('message', (message: SoakOrder | 'restored') => {
  if (message === 'restored') {
    restored = true;
    return;
  }
  soak(message).then(
    (report) => process.send?.(report, () => process.disconnect()),
    (error) => {
      console.error(error);
      process.exitCode = 1;
      process.disconnect();
    },
  );
});
