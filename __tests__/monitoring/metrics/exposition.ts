/** One metric of an exposition. */
export interface Family {
  readonly type: string;
  readonly help: string;
  /** By `name{label="value"}`, labels in the order of the alphabet. */
  readonly samples: ReadonlyMap<string, number>;
}

export interface Exposition {
  readonly families: ReadonlyMap<string, Family>;
  /** The value of one sample; undefined when there is none. Labels in any order. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** The sum over all samples of that name which have these labels, be there others; 0 when there is none. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const NUMBER = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** What a registry shows now. */
export async function scrape(registry: { metrics(): Promise<string> }): Promise<Exposition> {
  return parseExposition(await registry.metrics());
}

/**
 * Reads Prometheus' text format, and takes nothing that the specification does not say.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 *
 * @throws Error with the line that is wrong
 */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  const labelled: Sample[] = [];
  let help: { name: string; text: string } | undefined;
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const refuse = (why: string) => new Error(`${why}: ${line}`);
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      if (!NAME.test(name)) throw refuse('no name of a metric');
      if (families.has(name)) throw refuse('a metric that was there before');
      if (kind === 'HELP') help = { name, text: rest };
      else {
        if (help?.name !== name) throw refuse('a type without its help before it');
        if (!['counter', 'gauge', 'histogram'].includes(rest)) throw refuse('no type');
        families.set(name, { type: rest, help: help.text, samples: new Map() });
        current = name;
      }
      continue;
    }
    const sample = /^([^{\s]+)(?:\{(.*)\})? (\S+)$/s.exec(line);
    if (!sample) throw refuse('no sample');
    const [, name = '', inBraces = '', number = ''] = sample;
    const family = families.get(current ?? '');
    const parts = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    if (!family || !parts.some((part) => name === `${current}${part}`)) throw refuse('a sample of another metric');
    if (!NUMBER.test(number)) throw refuse('no number');
    const labels = parseLabels(inBraces, refuse);
    const key = keyOf(name, labels);
    if (family.samples.has(key)) throw refuse('a sample that was there before');
    const value = numberOf(number);
    family.samples.set(key, value);
    labelled.push({ name, labels, value });
  }
  const matching = (name: string, wanted: Readonly<Record<string, string>>) =>
    labelled.filter(
      (sample) =>
        sample.name === name && Object.entries(wanted).every(([label, value]) => sample.labels.get(label) === value),
    );
  const exposition: Exposition = {
    families,
    value: (name, wanted = {}) => {
      const found = matching(name, wanted);
      if (found.length > 1) throw new Error(`${name}${JSON.stringify(wanted)} is ${found.length} samples`);
      return found[0]?.value;
    },
    sum: (name, wanted = {}) => matching(name, wanted).reduce((sum, { value }) => sum + value, 0),
  };
  checkHistograms(families, labelled);
  return exposition;
}

function parseLabels(text: string, refuse: (why: string) => Error): Map<string, string> {
  const labels = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const match = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/.exec(rest);
    if (!match) throw refuse('no labels');
    const [all, name = '', value = ''] = match;
    if (labels.has(name)) throw refuse(`the label ${name} twice`);
    labels.set(
      name,
      value.replace(/\\(["\\n])/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)),
    );
    rest = rest.slice(all.length);
  }
  return labels;
}

function keyOf(name: string, labels: ReadonlyMap<string, string>): string {
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}

/** Of each series: buckets grow, the last one is of all, and as many as the count says. */
function checkHistograms(families: ReadonlyMap<string, Family>, all: readonly Sample[]): void {
  for (const [name, { type, samples }] of families) {
    if (type !== 'histogram') continue;
    const series = new Map<string, Sample[]>();
    for (const sample of all.filter((other) => other.name === `${name}_bucket`)) {
      const { le: _, ...rest } = Object.fromEntries(sample.labels);
      const key = keyOf('', new Map(Object.entries(rest)));
      series.set(key, [...(series.get(key) ?? []), sample]);
    }
    for (const [key, buckets] of series) {
      const bounds = buckets.map(({ labels }) => numberOf(labels.get('le') ?? ''));
      const counts = buckets.map(({ value }) => value);
      if (!grows(bounds) || !grows(counts)) throw new Error(`${name}${key}: buckets that shrink: ${bounds}; ${counts}`);
      if (bounds.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`${name}${key}: no bucket +Inf`);
      if (samples.get(`${name}_count${key}`) !== counts.at(-1)) throw new Error(`${name}${key}: another count`);
      if (!samples.has(`${name}_sum${key}`)) throw new Error(`${name}${key}: no sum`);
    }
  }
}

function grows(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= (values[index - 1] as number));
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
