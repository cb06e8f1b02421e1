import { type Amount, inUnit } from '../alarms/amount';
import type { Metric } from '../alarms/metrics';
import type { Place, Sized } from './grid';

/** A row of a widget's metrics, as CloudWatch expects it: namespace, name, dimensions one after another, and how to draw it. */
export type MetricRow = readonly [
  ...string[],
  { readonly label: string; readonly stat: string; readonly period: number },
];

interface Annotation {
  readonly label: string;
  readonly value: number;
  readonly color: string;
}

interface Properties {
  readonly title: string;
  readonly region: string;
  readonly view: 'timeSeries';
  readonly stacked: false;
  readonly metrics: readonly MetricRow[];
  readonly yAxis: { readonly left: { readonly min: number; readonly label: string; readonly showUnits: false } };
  readonly annotations?: { readonly horizontal: readonly Annotation[] };
}

/** What CloudWatch takes as a widget, but for its place. */
export type Widget = Sized &
  (
    | { readonly type: 'metric'; readonly properties: Properties }
    | { readonly type: 'alarm'; readonly properties: { readonly title: string; readonly alarms: readonly string[] } }
    | { readonly type: 'text'; readonly properties: { readonly markdown: string; readonly background: 'transparent' } }
  );

/** A widget and where it stands in CloudWatch's grid, which is 24 cells wide. */
export type PlacedWidget = Widget & Place;

/** A metric on a graph, and what it is called there. */
export type Line<M extends Metric = Metric> = readonly [label: string, metric: M];

/** A threshold on a graph. */
export interface Mark {
  readonly label: string;
  readonly at: Amount;
  readonly color: string;
}

export const ORANGE = '#ff7f0e';
export const RED = '#d62728';

/** Cells that a graph is high. */
const HEIGHT = 6;
/** Of this many lines on, the legend needs room of its own. */
const MANY_LINES = 8;

/**
 * A graph of one or more metrics that measure the same in the same unit, which its axis names.
 *
 * @returns nothing without a metric: an empty graph says "no data" for ever, which looks like a fault
 */
export function graph(region: string, title: string, lines: readonly Line[], marks: readonly Mark[] = []): Widget[] {
  const [first] = lines;
  if (!first) return [];
  const { unit } = first[1];
  return [
    {
      type: 'metric',
      height: lines.length > MANY_LINES ? HEIGHT + 2 : HEIGHT,
      properties: {
        title,
        region,
        view: 'timeSeries',
        stacked: false,
        metrics: lines.map(([label, metric]) => row(label, metric)),
        // Without it, a graph of 1 and 0 begins at 0.999.
        yAxis: { left: { min: 0, label: unit, showUnits: false } },
        ...(marks.length > 0 ? { annotations: { horizontal: marks.map((mark) => annotation(mark, unit)) } } : {}),
      },
    },
  ];
}

function row(label: string, { dimensions, name, namespace, period, statistic }: Metric): MetricRow {
  return [namespace, name, ...Object.entries(dimensions).flat(), { label, stat: statistic, period }];
}

function annotation({ at, color, label }: Mark, unit: Metric['unit']): Annotation {
  return { label, value: inUnit<Amount['quantity']>(at, unit), color };
}

/** Where alarms stand at present. */
export function alarmStatus(title: string, arns: readonly string[]): Widget[] {
  return arns.length === 0 ? [] : [{ type: 'alarm', height: 3, properties: { title, alarms: arns } }];
}

export function text(markdown: string): Widget {
  return { type: 'text', height: 1, properties: { markdown, background: 'transparent' } };
}
