import type { Offload } from './apps-offload';
import type { Throughput } from './apps-throughput';
import { median } from './measure';

/** What so many replicas answer, over what the primary alone does in the same round: the median. */
export function timesAlone(throughputs: readonly Throughput[], replicas: number): number {
  const alone = new Map(throughputs.filter((one) => one.replicas === 0).map(({ round, rate }) => [round, rate]));
  return middle(throughputs, replicas, ({ round, rate }) => rate / (alone.get(round) ?? Number.NaN));
}

export function changeOf(rounds: readonly Offload[], key: keyof Offload): number {
  const of = (offload: Offload) => offload[key];
  return middle(rounds, most(rounds), of) / middle(rounds, 0, of) - 1;
}

export function most(samples: readonly { readonly replicas: number }[]): number {
  return Math.max(...samples.map(({ replicas }) => replicas));
}

export function middle<T extends { readonly replicas: number }>(
  samples: readonly T[],
  replicas: number,
  of: (sample: T) => number,
): number {
  return median(samples.filter((sample) => sample.replicas === replicas).map(of));
}

export function ms(value = Number.NaN): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

export function times(value = Number.NaN): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ×`;
}

export function share(value: number): string {
  return `${(value * 100).toFixed(0)} %`;
}

export function percent(change: number): string {
  // What is nearly all is not all.
  const digits = change > -1 && change < -0.99 ? 1 : 0;
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change * 100).toFixed(digits)} %`;
}
