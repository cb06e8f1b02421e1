import { APP_METRICS } from '../../../monitoring/metrics/names';
import { type InputSeries, SCRAPE_SECONDS } from './promtool';

export const CONTRACT = {
  fleet: 'orders',
  environment: 'production',
  lag: { warningSeconds: 1, criticalSeconds: 5 },
} as const;

/** Samples of a gauge: `[value, minutes]` one after the other; at `null` it is gone, as Prometheus marks what a scrape did not find. */
export function gauge(...phases: readonly (readonly [number | null, number])[]): string {
  return phases
    .map(([value, minutes]) => {
      const repeats = (minutes * 60) / SCRAPE_SECONDS - 1;
      return value === null ? `stale _x${repeats}` : `${String(value).replace('Infinity', 'Inf')}+0x${repeats}`;
    })
    .join(' ');
}

/** Samples of a counter that begins at 0 and grows by so much each minute: `[per minute, minutes]` one after the other. */
export function counter(...phases: readonly (readonly [number, number])[]): string {
  const samples: number[] = [0];
  for (const [perMinute, minutes] of phases) {
    for (let scrape = 0; scrape < (minutes * 60) / SCRAPE_SECONDS; scrape += 1) {
      samples.push((samples.at(-1) ?? 0) + (perMinute * SCRAPE_SECONDS) / 60);
    }
  }
  return samples.join(' ');
}

type Labels = Readonly<Record<string, string>>;

/** The series of a metric, one for each process, in turn. */
export function told(
  metric: keyof typeof APP_METRICS,
  labels: Labels,
  values: readonly string[],
  suffix = '',
): readonly InputSeries[] {
  return values.map((samples, index) => {
    const all = {
      fleet: CONTRACT.fleet,
      environment: CONTRACT.environment,
      ...labels,
      job: 'app',
      instance: `app-${index + 1}`,
    };
    const text = Object.entries(all).map(([key, value]) => `${key}="${value}"`);
    return { series: `${APP_METRICS[metric]}${suffix}{${text.join(', ')}}`, values: samples };
  });
}

/** Three processes that say the same. */
export const all = (samples: string): readonly string[] => [samples, samples, samples];
/** One of three says something else. */
export const one = (samples: string, others: string): readonly string[] => [samples, others, others];
/** Two of three do. */
export const two = (samples: string, other: string): readonly string[] => [samples, samples, other];

/** An hour and more: none of these tests is longer. */
const LONG = 90;

/** Three processes of a fleet that is well, but for what is said of it here. */
export function fleetBut(...series: readonly InputSeries[]): readonly InputSeries[] {
  const said = new Set(series.map((one) => one.series));
  const well = [
    ...told('health', { member: 'primary', role: 'primary' }, all(gauge([1, LONG]))),
    ...['blue', 'green'].flatMap((member) => [
      ...told('health', { member, role: 'replica' }, all(gauge([1, LONG]))),
      ...told('state', { member, role: 'replica', state: 'serving' }, all(gauge([1, LONG]))),
      ...told('lagSeconds', { member }, all(gauge([0.2, LONG]))),
    ]),
  ];
  return [...well.filter((one) => !said.has(one.series)), ...series];
}
