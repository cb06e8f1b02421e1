import type { Balancer } from '../../../../lib/routing/balancer';
import { type BalancerName, balancerOf } from '../../../../lib/routing/balancers';
import { type Read, type Setup, seeded, simulate } from './simulation';

/** Five replicas of four workers each; a read takes 5 ms on average, the last replica 20 times as long. */
export const ONE_SLOW: Setup = {
  servers: [5, 5, 5, 5, 100].map((meanMs) => ({ meanMs })),
  readsPerSecond: 1_000,
  forMs: 20_000,
};

/** After this a read of {@link ONE_SLOW} counts as failed, in milliseconds. */
export const DEADLINE_MS = 50;

export const FROZEN = [5_000, 7_000] as const;

/** The last of five replicas stands still for two seconds. */
export const ONE_FREEZES: Setup = {
  servers: [undefined, undefined, undefined, undefined, FROZEN].map((frozen) => ({ meanMs: 2, frozen })),
  readsPerSecond: 1_000,
  forMs: 30_000,
};

/** The last of three joins after five seconds and starts slowly for ten. */
export const ONE_JOINS: Setup = {
  servers: [{ meanMs: 2 }, { meanMs: 2 }, { meanMs: 2, joinsAtMs: 5_000 }],
  readsPerSecond: 500,
  forMs: 20_000,
  slowStartMs: 10_000,
};

const ZONES = [
  { meanMs: 2, zone: 'a' },
  { meanMs: 2, zone: 'b' },
  { meanMs: 2, zone: 'c' },
];

/** One replica a zone, of which the app's own bears its reads with ease. */
export const CALM_ZONES: Setup = { servers: ZONES, readsPerSecond: 200, forMs: 20_000 };

/** More reads than the replica of the app's own zone can bear, which is 2000 a second. */
export const CROWDED_ZONE: Setup = { servers: ZONES, readsPerSecond: 3_000, forMs: 10_000 };

export const SICK_UNTIL_MS = 10_000;

/** The replica of the app's own zone is 20 times slower for ten seconds. */
export const SICK_ZONE: Setup = {
  servers: ZONES.map((server) =>
    server.zone === 'a' ? { ...server, slow: { factor: 20, untilMs: SICK_UNTIL_MS } } : server,
  ),
  readsPerSecond: 500,
  forMs: 20_000,
};

/** The reads of a scenario, the same each time. */
export function readsOf(setup: Setup, name: BalancerName, zone?: string): Read[] {
  return run(setup, balancerOf(name, { random: seeded(1), zone }));
}

export function run(setup: Setup, balancer: Balancer): Read[] {
  return simulate(balancer, setup, seeded(2));
}

/** The share of reads that were answered in time. */
export function underDeadline(reads: readonly Read[], deadlineMs: number): number {
  return reads.filter(({ latencyMs }) => latencyMs <= deadlineMs).length / reads.length;
}

/** The share of a server, of the reads that began between two moments. */
export function shareOf(
  server: number,
  reads: readonly Read[],
  fromMs = 0,
  untilMs = Number.POSITIVE_INFINITY,
): number {
  const within = reads.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  return within.filter((read) => read.server === server).length / within.length;
}

/** Reads that waited for a server which stood still: no other takes a fifth of a second here. */
export function stuck(reads: readonly Read[]): number {
  return reads.filter(({ latencyMs }) => latencyMs > 200).length;
}
