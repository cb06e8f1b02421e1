/**
 * What choosing a replica costs, and what comes of it.
 *
 *   npx tsx bench/balancers.ts
 *
 * The second table is a simulation with a seed: the same everywhere, each time.
 */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import {
  CALM_ZONES,
  CROWDED_ZONE,
  DEADLINE_MS,
  FROZEN,
  ONE_FREEZES,
  ONE_SLOW,
  readsOf,
  SICK_UNTIL_MS,
  SICK_ZONE,
  shareOf,
  stuck,
  underDeadline,
} from '../__tests__/lib/routing/balancers/scenarios';
import type { Read } from '../__tests__/lib/routing/balancers/simulation';
import type { Balanced } from '../lib/routing/balancer';
import { type BalancerName, balancerOf } from '../lib/routing/balancers';
import { Load } from '../lib/routing/load';

const NAMES: readonly BalancerName[] = ['peak-ewma', 'least-connections', 'round-robin', 'random'];
const ROUNDS = 20;
const CALLS = 200_000;
const SIZES = [2, 3, 5];

function main(): void {
  const [name, zone] = process.argv.slice(2);
  if (name) choices(name, zone);
  else everything();
}

function choices(name: string, zone: string | undefined): void {
  const head = zone ? `${name}, zoned` : name;
  console.log(
    row(
      head,
      SIZES.map((size) => ns(perChoice(size, name, zone))),
    ),
  );
}

function everything(): void {
  console.log('one choice among so many candidates, ns: least of the rounds, latencies just seen / half forgotten');
  console.log(row('', SIZES.map(String)));
  // In a process of its own, as in an app: what one of them taught the compiler slows the next one down.
  for (const args of [...NAMES.map((name) => [name]), ...NAMES.map((name) => [name, 'a'])])
    execFileSync(process.execPath, [...process.execArgv, __filename, ...args], { stdio: 'inherit' });

  console.log('\nfive replicas: one 20 times slower; then one that stands still for 2 s');
  console.log(row('', [`< ${DEADLINE_MS} ms`, 'p99 ms', 'slow %', 'stuck', 'back after']));
  for (const name of NAMES) {
    const slow = readsOf(ONE_SLOW, name);
    const freezes = readsOf(ONE_FREEZES, name);
    console.log(
      row(name, [
        percent(underDeadline(slow, DEADLINE_MS), 2),
        p99(slow),
        percent(shareOf(4, slow), 1),
        String(stuck(freezes)),
        `${backAfterS(freezes).toFixed(1)} s`,
      ]),
    );
  }

  console.log('\none replica in each of three zones: share that stays in the own zone');
  console.log(row('', ['calm', 'crowded', 'sick', 'well again']));
  for (const name of NAMES) {
    const sick = readsOf(SICK_ZONE, name, 'a');
    console.log(
      row(name, [
        percent(shareOf(0, readsOf(CALM_ZONES, name, 'a')), 1),
        percent(shareOf(0, readsOf(CROWDED_ZONE, name, 'a')), 1),
        percent(shareOf(0, sick, 0, SICK_UNTIL_MS), 1),
        percent(shareOf(0, sick, SICK_UNTIL_MS + 5_000), 1),
      ]),
    );
  }
}

/** Nanoseconds, with latencies that need no computing and with such that have to be forgotten in part. */
function perChoice(size: number, name: string, zone: string | undefined): readonly [number, number] {
  const balancer = balancerOf(name as BalancerName, { random: Math.random, zone });
  const members: Balanced[] = Array.from({ length: size }, (_, index) => ({
    name: `replica-${index}`,
    weight: 1,
    load: new Load(),
    zone: index % 2 === 0 ? 'a' : 'b',
  }));
  for (const { load } of members) load.observe(2 + Math.random(), 0);
  return [
    leastOf((_) => balancer.choose(members, 1)),
    leastOf((call) => balancer.choose(members, 1_000 + call / 1_000)),
  ];
}

/** The least, since all that disturbs a measurement makes it longer. */
function leastOf(choose: (call: number) => Balanced): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let call = 0; call < CALLS; call++) chosen = choose(call);
    least = Math.min(least, performance.now() - start);
  }
  return (least / CALLS) * 1e6;
}

/** So that no choice is optimised away. */
export let chosen: Balanced | undefined;

/** Seconds from the thaw to the first second in which the replica has half of its share again. */
function backAfterS(reads: readonly Read[]): number {
  const thaw = FROZEN[1];
  for (let second = 0; second < 23; second += 0.5) {
    const from = thaw + second * 1_000;
    if (shareOf(4, reads, from, from + 1_000) >= 0.1) return second;
  }
  return Number.POSITIVE_INFINITY;
}

function p99(reads: readonly Read[]): string {
  const sorted = reads.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN).toFixed(0);
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}

function ns([fresh, old]: readonly [number, number]): string {
  return `${fresh.toFixed(0)} / ${old.toFixed(0)}`;
}

function row(head: string, cells: readonly string[]): string {
  return head.padEnd(26) + cells.map((cell) => cell.padStart(12)).join('');
}

main();
