import { APP_METRICS } from '../metrics/names';

/** Names a metric's series: of one fleet, and of those alone that the further matchers leave, e.g. `role="replica"`. */
export type Series = (metric: keyof typeof APP_METRICS, ...matchers: readonly string[]) => string;

/** Names series of what `matchers` say, e.g. of one fleet and environment. */
export function seriesOf(...matchers: readonly string[]): Series {
  return (metric, ...further) => `${APP_METRICS[metric]}{${[...matchers, ...further].join(',')}}`;
}

/** What a histogram is made of: `_bucket`, `_count` or `_sum`. */
export function part(series: string, suffix: 'bucket' | 'count' | 'sum'): string {
  return series.replace('{', `_${suffix}{`);
}

/**
 * More than half of the app's processes that know of something say so. Each process measures for itself: one whose own network is broken wakes
 * nobody, and what is broken for most of them is broken.
 *
 * @param by  labels of what is judged
 * @param bad a series for each process that says so
 * @param all a series for each process that says anything about it
 * @returns the share, 0 to 1, where it is more than half
 */
export function mostProcesses(by: string, bad: string, all: string): string {
  return `count by (${by}) (${bad}) / count by (${by}) (${all}) > 0.5`;
}

/** Of one fleet; and of one of its members. */
export const FLEET = 'fleet, environment';
export const MEMBER = `${FLEET}, member`;
