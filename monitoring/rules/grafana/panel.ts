/** The data source that whoever looks has chosen. */
export const DATASOURCE = { type: 'prometheus', uid: '$datasource' } as const;

/** One question to Prometheus. */
export interface Query {
  readonly expr: string;
  /** What its series are called: Grafana's template, e.g. `{{member}}`. */
  readonly legend: string;
}

/** From this value on it has this colour. */
export interface Step {
  readonly color: 'green' | 'orange' | 'red' | 'blue' | 'transparent';
  /** Null for all below the next. */
  readonly value: number | null;
}

/** How a value is told in words. */
export type Words = Readonly<Record<string, { readonly text: string; readonly color: Step['color'] }>>;

/** A panel but for its place. */
export interface Panel {
  readonly type: 'stat' | 'timeseries' | 'state-timeline' | 'table' | 'heatmap';
  readonly title: string;
  readonly description: string;
  readonly targets: readonly Readonly<Record<string, unknown>>[];
  readonly fieldConfig: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly transformations?: readonly unknown[];
}

interface Common {
  readonly title: string;
  /** What one sees, and what is well. */
  readonly description: string;
}

interface Measured extends Common {
  /** Grafana's name of the unit: `s`, `bytes`, `percentunit`, `reqps`, `short`. */
  readonly unit: string;
  readonly steps?: readonly Step[];
  readonly words?: Words;
}

const GREEN: readonly Step[] = [{ color: 'green', value: null }];

/** One figure, as of now, in the colour of what it means. */
export function stat(panel: Measured & { readonly expr: string }): Panel {
  const { description, expr, title } = panel;
  return {
    type: 'stat',
    title,
    description,
    targets: targets([{ expr, legend: '' }], { instant: true, range: false }),
    fieldConfig: { defaults: { ...measured(panel), min: 0 }, overrides: [] },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'background',
      graphMode: 'none',
    },
  };
}

/** Lines over time; with `steps`, the thresholds are drawn; with `shares`, what each is of all together. */
export function graph(
  panel: Measured & { readonly queries: readonly Query[]; readonly shares?: boolean; readonly max?: number },
): Panel {
  const { description, max, queries, shares = false, steps, title } = panel;
  const custom = {
    lineWidth: 1,
    fillOpacity: shares ? 60 : 5,
    showPoints: 'never',
    stacking: { mode: shares ? 'percent' : 'none', group: 'A' },
    thresholdsStyle: { mode: steps ? 'dashed' : 'off' },
  };
  return {
    type: 'timeseries',
    title,
    description,
    targets: targets(queries),
    fieldConfig: {
      defaults: {
        ...measured(panel),
        min: 0,
        ...(max === undefined ? {} : { max }),
        color: { mode: 'palette-classic' },
        custom,
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** What state each was in, over time. */
export function timeline(panel: Common & { readonly queries: readonly Query[]; readonly words: Words }): Panel {
  const { description, queries, title } = panel;
  return {
    type: 'state-timeline',
    title,
    description,
    targets: targets(queries),
    fieldConfig: {
      defaults: { ...measured({ ...panel, unit: 'short' }), custom: { fillOpacity: 80, lineWidth: 0 } },
      overrides: [],
    },
    options: {
      mergeValues: true,
      showValue: 'never',
      rowHeight: 0.8,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    },
  };
}

/** The series of a query as lines of a table, as of now; `hidden` are columns of no interest. */
export function table(
  panel: Common & { readonly expr: string; readonly valueIs: string; readonly hidden: readonly string[] },
): Panel {
  const { description, expr, hidden, title, valueIs } = panel;
  return {
    type: 'table',
    title,
    description,
    targets: targets([{ expr, legend: '' }], { instant: true, range: false, format: 'table' }),
    fieldConfig: { defaults: { custom: { align: 'auto' } }, overrides: [] },
    options: { showHeader: true },
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(hidden.map((column) => [column, true])),
          renameByName: { Value: valueIs },
        },
      },
    ],
  };
}

/** How many took how long, over time, from the buckets of a histogram by `le`. */
export function heatmap(panel: Common & { readonly expr: string }): Panel {
  const { description, expr, title } = panel;
  return {
    type: 'heatmap',
    title,
    description,
    targets: targets([{ expr, legend: '{{le}}' }], { format: 'heatmap' }),
    fieldConfig: { defaults: {}, overrides: [] },
    options: {
      calculate: false,
      yAxis: { unit: 's', axisPlacement: 'left' },
      color: { mode: 'scheme', scheme: 'Blues', steps: 64 },
      cellGap: 1,
      tooltip: { mode: 'single', yHistogram: true },
    },
  };
}

function targets(queries: readonly Query[], more: Readonly<Record<string, unknown>> = {}): Panel['targets'] {
  return queries.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr,
    legendFormat: legend,
    ...more,
  }));
}

function measured({ steps = GREEN, unit, words }: Pick<Measured, 'unit' | 'steps' | 'words'>): Record<string, unknown> {
  const options =
    words &&
    Object.fromEntries(Object.entries(words).map(([value, { text, color }], index) => [value, { text, color, index }]));
  return {
    unit,
    thresholds: { mode: 'absolute', steps },
    mappings: options ? [{ type: 'value', options }] : [],
  };
}
