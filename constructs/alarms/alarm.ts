import { type Amount, inUnit, type Quantity } from './amount';
import type { CompositeName } from './composites';
import type { Metric } from './metrics';

/** A metric beyond a threshold, in the metric's own unit. */
export interface Condition {
  readonly metric: Metric;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
}

/** An alarm on one metric. */
export interface AlarmSpec {
  /** Within the fleet, e.g. `blue-lag-critical`. */
  readonly name: string;
  readonly condition: Condition;
  /** So many data points of the last so many. */
  readonly points: { readonly breaching: number; readonly of: number };
  /** What silence means. */
  readonly missing: 'breaching' | 'notBreaching';
  /** What it means when it goes off. */
  readonly meaning: string;
  /** What to look at first. */
  readonly first: string;
  /** The composite alarm that tells people. */
  readonly feeds: CompositeName;
}

export function above<Q extends Quantity>(metric: Metric<Q>, amount: Amount<NoInfer<Q>>): Condition {
  return condition(metric, 'GreaterThanThreshold', amount);
}

export function below<Q extends Quantity>(metric: Metric<Q>, amount: Amount<NoInfer<Q>>): Condition {
  return condition(metric, 'LessThanThreshold', amount);
}

function condition(metric: Metric, comparison: Condition['comparison'], amount: Amount): Condition {
  return { metric, comparison, threshold: inUnit(amount, metric.unit) };
}

/** For whoever is woken: what it means, and where to look. */
export function describe({ meaning, first }: { readonly meaning: string; readonly first: string }): string {
  return `${meaning} First: ${first}`;
}
