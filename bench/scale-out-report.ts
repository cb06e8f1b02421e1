import { type Bar, barChart } from './chart';
import { machine, writeFigure } from './figures';
import { median } from './measure';
import { markdown, type Table } from './table';

/** How much one number of replicas could read in one round. */
export interface Capacity {
  readonly round: number;
  readonly replicas: number;
  /** Reads a second. */
  readonly rate: number;
  readonly readsOnPrimary: number;
  /** CPU that the least busy of them used, as a share of one core: at its cap, or the servers were not the limit. */
  readonly replicaShare: number;
  readonly primaryShare: number;
}

/** What a mix of reads and writes did in one round. */
export interface Mix {
  readonly replicas: number;
  readonly failed: number;
  /** Of reads, in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly readsOnPrimary: number;
  /** CPU of the primary, as a share of one core. */
  readonly primaryShare: number;
}

export interface Conditions {
  /** Of PostgreSQL. */
  readonly version: string;
  /** Of one core, for each server. */
  readonly share: number;
  readonly rounds: number;
  readonly lengthMs: number;
  /** Of the mix, a second. */
  readonly rate: number;
  readonly writes: number;
}

/** Reads a second of so many replicas: the median of the rounds. */
export function rateOf(capacities: readonly Capacity[], replicas: number): number {
  return middle(capacities, replicas, ({ rate }) => rate);
}

/** What so many replicas read, over what one read in the same round, so that a slow moment of the machine cancels out: the median. */
export function timesOne(capacities: readonly Capacity[], replicas: number): number {
  const one = new Map(capacities.filter((capacity) => capacity.replicas === 1).map(({ round, rate }) => [round, rate]));
  return middle(capacities, replicas, ({ round, rate }) => rate / (one.get(round) ?? Number.NaN));
}

export function capacityTable(capacities: readonly Capacity[]): Table {
  return {
    header: [
      'replicas',
      'reads/s',
      'times one',
      'of N × one',
      'CPU of a replica',
      'CPU of the primary',
      'reads on the primary',
    ],
    rows: kinds(capacities).map((replicas) => {
      const of = (figure: (capacity: Capacity) => number) => middle(capacities, replicas, figure);
      return [
        String(replicas),
        rateOf(capacities, replicas).toFixed(0),
        timesOne(capacities, replicas).toFixed(2),
        (timesOne(capacities, replicas) / replicas).toFixed(3),
        cores(of(({ replicaShare }) => replicaShare)),
        cores(of(({ primaryShare }) => primaryShare)),
        String(of(({ readsOnPrimary }) => readsOnPrimary)),
      ];
    }),
  };
}

export function mixTable(mixes: readonly Mix[]): Table {
  const row = (replicas: number) => {
    const of = (figure: (mix: Mix) => number) => middle(mixes, replicas, figure);
    return [
      replicas === 0 ? 'primary alone' : `with ${replicas} replicas`,
      of(({ p50 }) => p50).toFixed(1),
      of(({ p95 }) => p95).toFixed(1),
      String(of(({ readsOnPrimary }) => readsOnPrimary)),
      cores(of(({ primaryShare }) => primaryShare)),
      String(of(({ failed }) => failed)),
    ];
  };
  const change = [
    'change',
    ...(['p50', 'p95', 'readsOnPrimary', 'primaryShare'] as const).map((key) => percent(changeOf(mixes, key))),
    '',
  ];
  return {
    header: ['', 'p50 ms', 'p95 ms', 'reads on the primary', 'CPU of the primary', 'failed'],
    rows: [...kinds(mixes).map(row), change],
  };
}

/** With the most replicas, over without any, less one: -0.6 is 60 % less. */
export function changeOf(mixes: readonly Mix[], key: keyof Mix): number {
  const all = kinds(mixes);
  const of = (replicas: number) => middle(mixes, replicas, (mix) => mix[key]);
  return of(all.at(-1) ?? 0) / of(0) - 1;
}

export function writeScaleOut(capacities: readonly Capacity[], mixes: readonly Mix[], conditions: Conditions): void {
  const { version, share, rounds, lengthMs, rate, writes } = conditions;
  writeFigure({
    name: 'scale-out',
    title: 'What replicas add',
    command: 'npx tsx bench/scale-out.ts',
    sections: [
      machine(version),
      `Every server may use ${cores(share)} of a core, by a cpu cgroup, so that the servers are the limit. Medians of ${rounds} rounds of ` +
        `${lengthMs / 1_000} s each.`,
      '## As many reads as they take',
      markdown(capacityTable(capacities)),
      `## ${rate} reads and ${writes} writes a second`,
      markdown(mixTable(mixes)),
      'The rate comes of itself, and the primary can bear it alone. Waits are counted from the moment a read was due.',
    ],
    svg: barChart({
      title: 'What replicas add',
      subtitle: 'Reads as a multiple of one replica; below, what is left of it with replicas',
      groups: [
        {
          label: 'Reads per second: longer is better',
          bars: kinds(capacities).map((replicas) => capacityBar(capacities, replicas)),
        },
        ...(
          [
            ['p95', 'p95 of reads: shorter is better', (value: number) => `${value.toFixed(1)} ms`],
            ['readsOnPrimary', 'Reads that the primary serves', (value: number) => value.toFixed(0)],
            ['primaryShare', 'CPU of the primary', cores],
          ] as const
        ).map(([key, label, shown]) => ({ label, bars: mixBars(mixes, key, shown) })),
      ],
    }),
  });
}

function capacityBar(capacities: readonly Capacity[], replicas: number): Bar {
  const rate = rateOf(capacities, replicas);
  const times = timesOne(capacities, replicas);
  return {
    label: `${replicas} replica${replicas === 1 ? '' : 's'}`,
    value: times,
    text: `${times.toFixed(2)} · ${rate.toFixed(0)} reads/s`,
    ours: true,
  };
}

function mixBars(mixes: readonly Mix[], key: keyof Mix, shown: (value: number) => string): readonly Bar[] {
  const of = (replicas: number) => middle(mixes, replicas, (mix) => mix[key]);
  return kinds(mixes).map((replicas) => ({
    label: replicas === 0 ? 'primary alone' : `with ${replicas} replicas`,
    value: of(replicas) / of(0),
    text: replicas === 0 ? shown(of(0)) : `${shown(of(replicas))} · ${percent(of(replicas) / of(0) - 1)}`,
    ours: replicas > 0,
  }));
}

function kinds(samples: readonly { readonly replicas: number }[]): number[] {
  return [...new Set(samples.map(({ replicas }) => replicas))].sort((a, b) => a - b);
}

function middle<T extends { readonly replicas: number }>(
  samples: readonly T[],
  replicas: number,
  of: (sample: T) => number,
): number {
  return median(samples.filter((sample) => sample.replicas === replicas).map(of));
}

function cores(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function percent(change: number): string {
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change * 100).toFixed(0)} %`;
}
