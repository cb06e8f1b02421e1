import type { BarGroup } from './chart';
import { median } from './measure';
import type { Table } from './table';

/** What one candidate did in one round. */
export interface Round {
  /** Reads a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Rounds of each candidate, by its label; the first is what the others are compared with. */
export type Rounds = ReadonlyMap<string, readonly Round[]>;

/** Medians over the rounds; ratios are to the first candidate in the same round, so that a slow moment of the machine cancels out. */
export interface Summary {
  readonly label: string;
  readonly rate: number;
  readonly ratio: number;
  /** Half of all rounds had a ratio between these two. */
  readonly quartiles: readonly [number, number];
  readonly p50: number;
  readonly p99: number;
  readonly p99Ratio: number;
}

export function summaries(rounds: Rounds): readonly Summary[] {
  const [base = []] = rounds.values();
  return [...rounds].map(([label, own]) => {
    const ratios = paired(own, base, ({ rate }) => rate);
    return {
      label,
      rate: median(own.map(({ rate }) => rate)),
      ratio: median(ratios),
      quartiles: [at(ratios, 0.25), at(ratios, 0.75)],
      p50: median(own.map(({ p50 }) => p50)),
      p99: median(own.map(({ p99 }) => p99)),
      p99Ratio: median(paired(own, base, ({ p99 }) => p99)),
    };
  });
}

export function readsTable(rounds: Rounds): Table {
  return {
    header: ['candidate', 'reads/s', 'ratio', 'half of rounds', 'p50 ms', 'p99 ms', 'p99 ratio'],
    rows: summaries(rounds).map(({ label, rate, ratio, quartiles, p50, p99, p99Ratio }) => [
      label,
      rate.toFixed(0),
      ratio.toFixed(3),
      quartiles.map((quartile) => quartile.toFixed(3)).join(' – '),
      p50.toFixed(3),
      p99.toFixed(3),
      p99Ratio.toFixed(2),
    ]),
  };
}

/** Bars of one number of callers: throughput as a share of the first candidate's. */
export function readsBars(callers: number, rounds: Rounds, ours: (label: string) => boolean): BarGroup {
  return {
    label: callersText(callers),
    bars: summaries(rounds).map(({ label, rate, ratio }) => ({
      label,
      value: ratio,
      text: `${ratio.toFixed(2)} · ${rate.toFixed(0)} reads/s`,
      ours: ours(label),
    })),
  };
}

export function callersText(callers: number): string {
  return `${callers} caller${callers === 1 ? '' : 's'}`;
}

function paired(own: readonly Round[], base: readonly Round[], of: (round: Round) => number): number[] {
  return own.map((round, index) => of(round) / (base[index] ? of(base[index]) : Number.NaN));
}

/** By nearest rank. */
function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
