import type { Balanced, Balancer } from '../../../../lib/routing/balancer';
import { Load } from '../../../../lib/routing/load';
import { effectiveWeight } from '../../../../lib/routing/slow-start';

/** A server that works on a few reads at once and lets the others wait in line. */
export interface ServerSetup {
  /** Mean time of work for a read, in milliseconds. */
  readonly meanMs: number;
  /** @default 4 */
  readonly workers?: number;
  /** @default 1 */
  readonly weight?: number;
  readonly zone?: string;
  /** Stands still from the first to the second moment, in milliseconds of the simulation, and goes on afterwards. */
  readonly frozen?: readonly [number, number];
  /** Is slower by this factor until that moment. */
  readonly slow?: { readonly factor: number; readonly untilMs: number };
  /** Is no candidate before that moment, and starts slowly then. @default 0 */
  readonly joinsAtMs?: number;
}

export interface Setup {
  readonly servers: readonly ServerSetup[];
  /** Reads arrive independently of each other, so many in a second on average. */
  readonly readsPerSecond: number;
  readonly forMs: number;
  readonly slowStartMs?: number;
  /** So many of a thousand reads are reports, which take that long. */
  readonly reports?: { readonly perMille: number; readonly ms: number };
}

/** One read, as its caller saw it. */
export interface Read {
  /** Index of the server. */
  readonly server: number;
  readonly atMs: number;
  readonly latencyMs: number;
  readonly report: boolean;
}

/** A small generator with a seed (mulberry32, public domain), so that a simulation is the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Server implements Balanced {
  readonly load = new Load();
  readonly zone: string | undefined;
  weight: number;
  /** When each worker has done what it was given. */
  private readonly freeAt: number[];

  constructor(
    readonly name: string,
    readonly index: number,
    readonly setup: ServerSetup,
  ) {
    this.zone = setup.zone;
    this.weight = setup.weight ?? 1;
    this.freeAt = new Array(setup.workers ?? 4).fill(0);
  }

  /** When a read that arrives now will have been answered. */
  take(now: number, workMs: number): number {
    const worker = this.freeAt.indexOf(Math.min(...this.freeAt));
    const begin = Math.max(now, this.freeAt[worker] ?? 0);
    const slow = this.setup.slow && begin < this.setup.slow.untilMs ? this.setup.slow.factor : 1;
    const end = this.standStill(begin, workMs * slow);
    this.freeAt[worker] = end;
    return end;
  }

  private standStill(begin: number, workMs: number): number {
    const [from, until] = this.setup.frozen ?? [0, 0];
    if (begin >= until || begin + workMs <= from) return begin + workMs;
    return until + workMs - Math.max(0, from - begin);
  }
}

/** Runs reads against servers in simulated time: the next event is always the earliest, and nothing depends on a real clock. */
export function simulate(balancer: Balancer, setup: Setup, random: () => number): Read[] {
  const servers = setup.servers.map((server, index) => new Server(`replica-${index}`, index, server));
  const reads: Read[] = [];
  const ends = new Queue();
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;

  let now = exponential(1_000 / setup.readsPerSecond);
  while (now < setup.forMs) {
    ends.upTo(now, ({ server, read }) => settle(server, read));
    const candidates = servers.filter((server) => now >= (server.setup.joinsAtMs ?? 0));
    for (const server of candidates) server.weight = weightOf(server, setup, now);
    const server = balancer.choose(candidates, now);
    const report = setup.reports !== undefined && random() * 1_000 < setup.reports.perMille;
    const end = server.take(now, report ? (setup.reports?.ms ?? 0) : exponential(server.setup.meanMs));
    server.load.begin(now);
    const read = { server: server.index, atMs: now, latencyMs: end - now, report };
    reads.push(read);
    ends.add(end, { server, read });
    now += exponential(1_000 / setup.readsPerSecond);
  }
  return reads;
}

function settle({ load }: Server, { atMs, latencyMs }: Read): void {
  load.end();
  load.observe(latencyMs, atMs + latencyMs);
}

function weightOf({ setup }: Server, { slowStartMs = 0 }: Setup, now: number): number {
  const { weight = 1, joinsAtMs } = setup;
  return joinsAtMs === undefined ? weight : effectiveWeight(weight, joinsAtMs, now, slowStartMs);
}

interface End {
  readonly server: Server;
  readonly read: Read;
}

/** What is yet to happen, earliest first: a binary heap. */
class Queue {
  private readonly heap: { readonly at: number; readonly end: End }[] = [];

  add(at: number, end: End): void {
    const { heap } = this;
    let index = heap.push({ at, end }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.at(parent) <= at) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  /** Calls `happen` with all that is due by `now`, in its order. */
  upTo(now: number, happen: (end: End) => void): void {
    for (let first = this.heap[0]; first && first.at <= now; first = this.heap[0]) {
      const last = this.heap.pop();
      if (last && this.heap.length > 0) {
        this.heap[0] = last;
        this.sink();
      }
      happen(first.end);
    }
  }

  private sink(): void {
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const least = this.at(left + 1) < this.at(left) ? left + 1 : left;
      if (this.at(least) >= this.at(index)) return;
      this.swap(index, least);
      index = least;
    }
  }

  private at(index: number): number {
    return this.heap[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  private swap(one: number, other: number): void {
    const { heap } = this;
    const kept = heap[one] as (typeof heap)[number];
    heap[one] = heap[other] as (typeof heap)[number];
    heap[other] = kept;
  }
}
