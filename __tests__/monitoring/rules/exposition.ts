import { gauge } from './processes';
import type { InputSeries } from './promtool';

/** What one scrape found: values by series, as they are written. */
export type Scrape = ReadonlyMap<string, number>;

/** Reads Prometheus's text format, as far as prom-client writes it. */
export function parseScrape(text: string): Scrape {
  const samples = text.split('\n').flatMap((line) => {
    const [, series, value] = /^([a-z_]+\{.*\}) (\S+)$/.exec(line) ?? [];
    return series === undefined ? [] : [[series, Number(value?.replace('Inf', 'Infinity'))] as const];
  });
  return new Map(samples);
}

/** The value of the one series that has all of these in its text, if it is there. */
export function valueIn(scrape: Scrape, metric: string, ...matchers: readonly string[]): number | undefined {
  const found = [...scrape].find(
    ([series]) => series.startsWith(`${metric}{`) && matchers.every((one) => series.includes(one)),
  );
  return found?.[1];
}

/**
 * What Prometheus would have of one process of which it scraped each of these for so many minutes, one after the other. Without buckets, of which
 * there are many.
 */
export function scraped(...phases: readonly (readonly [Scrape, number])[]): readonly InputSeries[] {
  const names = new Set(
    phases.flatMap(([scrape]) => [...scrape.keys()]).filter((series) => !series.includes('_bucket{')),
  );
  return [...names].map((series) => ({
    series: series.replace(/\}$/, ',instance="app-1",job="app"}'),
    values: gauge(...phases.map(([scrape, minutes]) => [scrape.get(series) ?? null, minutes] as const)),
  }));
}
