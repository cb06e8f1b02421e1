import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { pin } from '../pin';
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

/**
 * Makes the alarm. It tells nobody itself: its composite does (docs/decisions/0018-alarms.md).
 *
 * It refers to no other resource. Terraform makes and destroys whatever such an alarm depends on in its own order, new before old,
 * and no database must ever be replaced in that one.
 *
 * @param prefix e.g. `orders-production`
 */
export function metricAlarm(scope: Construct, prefix: string, spec: AlarmSpec): CloudwatchMetricAlarm {
  const { condition, points } = spec;
  const { metric } = condition;
  return pin(
    new CloudwatchMetricAlarm(scope, spec.name, {
      alarmName: `${prefix}-${spec.name}`,
      alarmDescription: describe(spec),
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: { ...metric.dimensions },
      statistic: metric.statistic,
      period: metric.period,
      comparisonOperator: condition.comparison,
      threshold: condition.threshold,
      evaluationPeriods: points.of,
      datapointsToAlarm: points.breaching,
      treatMissingData: spec.missing,
      // CloudWatch deletes no alarm that a composite alarm speaks of. In Terraform's other order, the alarm of a replica that is
      // taken away would go first and fail; in this one, the composite is changed before.
      lifecycle: { createBeforeDestroy: true },
    }),
    `alarm-${spec.name}`,
  );
}

/** For whoever is woken: what it means, and where to look. */
export function describe({ meaning, first }: { readonly meaning: string; readonly first: string }): string {
  return `${meaning} First: ${first}`;
}
