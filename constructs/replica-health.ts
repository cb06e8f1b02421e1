import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';
import type { LagThresholds } from '../lib/contract';
import { LAG_METRICS, METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../lib/lag/metrics';
import { prefix } from './environment';
import { pin } from './pin';

/** Route 53 reads metrics of standard resolution: a value a minute. */
const PERIOD_SECONDS = 60;

/** The replica that is judged, the lag past which it is unhealthy, and what it is while nobody measures it. */
export interface ReplicaHealthProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region, in which the metrics are. */
  readonly region: string;
  /** Name of the replica. */
  readonly replica: string;
  readonly lag: LagThresholds;
  /** What the replica counts as while nobody measures it. */
  readonly withoutData: 'healthy' | 'unhealthy';
}

/**
 * Whether a replica may serve, as Route 53 can know it: healthy in most samples of the last minute, and on average no further
 * behind than `lag.criticalSeconds`.
 *
 * Route 53's health checkers reach no private address. They read the metric of an alarm instead: one metric for each check, no
 * percentile, no metric math, no "m of n". So there are two checks, and one that wants both.
 */
export class ReplicaHealth extends Construct {
  /** Id of the check that wants both (token). */
  readonly checkId: string;

  constructor(scope: Construct, id: string, props: ReplicaHealthProps) {
    super(scope, id);
    const { lag, replica } = props;
    const name = `${prefix(props.fleet, props.environment)}-${replica}-read-name`;
    const health = this.check('health', name, props, {
      metricName: LAG_METRICS.health,
      comparisonOperator: 'LessThanThreshold',
      threshold: 0.5,
      alarmDescription: `${replica} is unhealthy: it leaves the read name. Tells nobody; other alarms do.`,
    });
    const fresh = this.check('lag', `${name}-lag`, props, {
      metricName: LAG_METRICS.seconds,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: lag.criticalSeconds,
      alarmDescription: `${replica} is more than ${lag.criticalSeconds} s behind: it leaves the read name. Tells nobody; other alarms do.`,
    });
    const both = new Route53HealthCheck(this, 'both', {
      type: 'CALCULATED',
      childHealthchecks: [health.id, fresh.id],
      childHealthThreshold: 2,
      tags: { Name: name },
    });
    this.checkId = pin(both, `read-name-${replica}`).id;
  }

  private check(
    what: 'health' | 'lag',
    name: string,
    props: ReplicaHealthProps,
    condition: {
      readonly metricName: string;
      readonly comparisonOperator: string;
      readonly threshold: number;
      readonly alarmDescription: string;
    },
  ): Route53HealthCheck {
    const { environment, fleet, region, replica, withoutData } = props;
    const [ofFleet, ofEnvironment, ofMember] = METRIC_DIMENSIONS;
    const logicalId = `read-name-${replica}-${what}`;
    const alarm = pin(
      new CloudwatchMetricAlarm(this, `${what}-alarm`, {
        ...condition,
        alarmName: name,
        namespace: METRIC_NAMESPACE,
        dimensions: { [ofFleet]: fleet, [ofEnvironment]: environment, [ofMember]: replica },
        statistic: 'Average',
        period: PERIOD_SECONDS,
        evaluationPeriods: 1,
        treatMissingData: withoutData === 'unhealthy' ? 'breaching' : 'notBreaching',
      }),
      logicalId,
    );
    return pin(
      new Route53HealthCheck(this, `${what}-check`, {
        type: 'CLOUDWATCH_METRIC',
        cloudwatchAlarmName: alarm.alarmName,
        cloudwatchAlarmRegion: region,
        insufficientDataHealthStatus: withoutData === 'unhealthy' ? 'Unhealthy' : 'Healthy',
        // Route 53 copied the alarm's condition when the check was made. A change here makes it look again.
        triggers: {
          metric: condition.metricName,
          operator: condition.comparisonOperator,
          threshold: String(condition.threshold),
        },
        tags: { Name: name },
      }),
      logicalId,
    );
  }
}
