import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { pin } from '../pin';
import { type AlarmSpec, describe } from './alarm';

/**
 * Makes the alarm. It tells nobody itself: its composite does (docs/decisions/0022-alarms.md).
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
