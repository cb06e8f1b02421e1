import { middle, most, ms, percent, times, timesAlone } from './apps-figures';
import type { Offload } from './apps-offload';
import type { Measured } from './apps-report';
import { type BarGroup, barChart } from './chart';

/** What the example apps gain, as one picture. */
export function appsChart({ pages, distantLists, offloads: { rounds }, throughputs }: Measured): string {
  const replicas = most(throughputs);
  const factor = timesAlone(throughputs, replicas);
  const offloaded = (label: string, of: (offload: Offload) => number, shown: (value: number) => string) =>
    pair(label, middle(rounds, 0, of), middle(rounds, most(rounds), of), shown);
  return barChart({
    title: 'What the example apps gain',
    subtitle: 'Keyset instead of OFFSET, batched instead of one by one, replicas instead of the primary alone',
    most: 1,
    groups: [
      pair('Page 1000: shorter is better', pages.at(-1)?.naiveMs, pages.at(-1)?.oursMs, ms),
      pair(
        'List of 1000 conversations, 1 ms of network each way',
        distantLists.at(-1)?.naiveMs,
        distantLists.at(-1)?.oursMs,
        ms,
      ),
      offloaded(
        'Reads on the primary',
        ({ readsPerSecond }) => readsPerSecond,
        (value) => `${value.toFixed(0)}/s`,
      ),
      offloaded('p95 of reads', ({ p95 }) => p95, ms),
      {
        label: 'Throughput: longer is better',
        bars: [
          { label: 'without', value: 1 / factor, text: '' },
          { label: `with ${replicas} replicas`, value: 1, text: times(factor), ours: true },
        ],
      },
    ],
  });
}

function pair(
  label: string,
  before = Number.NaN,
  after = Number.NaN,
  shown: (value: number) => string = String,
): BarGroup {
  return {
    label,
    bars: [
      { label: 'without', value: 1, text: shown(before) },
      { label: 'with', value: after / before, text: `${shown(after)} · ${percent(after / before - 1)}`, ours: true },
    ],
  };
}
