import { type Deployment, ofType, type Resource } from '../deployment';
import { vcpusOf } from '../instance-class';
import { HOURS_PER_MONTH, several, type Usage } from '../usage';
import { byRegion, counted } from './counted';
import { serverCount } from './servers';

/** A sample of enhanced monitoring, so that a month of one each minute is a quarter of a GiB: from AWS's documentation, recalled. */
const MONITORING_GIB_PER_MINUTELY_MONTH = 0.27;
/** Retention that Performance Insights has free of charge. */
const FREE_RETENTION_DAYS = 7;
/** Alarms over periods shorter than a minute are billed as such. */
const FAST_BELOW_SECONDS = 60;

/** Database Insights and enhanced monitoring, of each server. */
export function insightUsages(deployment: Deployment): Usage[] {
  const { instanceClass, insights, monitoringIntervalSeconds: every } = deployment.environment.database;
  const vcpus = vcpusOf(instanceClass);
  const perServer = vcpus === undefined ? instanceClass : `× ${vcpus} vCPU`;
  return [...serverCount(deployment)].flatMap(([region, servers]): Usage[] => {
    const all = vcpus === undefined ? undefined : servers * vcpus;
    const common = { part: 'insights', region, detail: `${servers} ${perServer}` } as const;
    return [
      ...(insights.mode === 'advanced'
        ? [
            {
              ...common,
              what: 'Database Insights, advanced',
              quantity: all === undefined ? undefined : all * HOURS_PER_MONTH,
              unit: 'vCPU-h',
              price: 'insights-vcpu-hour',
            } as const,
          ]
        : []),
      ...(insights.mode === 'standard' && insights.retentionDays > FREE_RETENTION_DAYS
        ? [
            {
              ...common,
              what: `Performance Insights for ${insights.retentionDays} days`,
              quantity: all,
              unit: 'vCPU',
              price: 'insights-retention-vcpu',
            } as const,
          ]
        : []),
      ...(every > 0
        ? [
            {
              part: 'insights',
              region,
              what: 'enhanced monitoring, logs',
              detail: `${several(servers, 'server')}, each ${every} s`,
              quantity: servers * MONITORING_GIB_PER_MINUTELY_MONTH * (60 / every),
              unit: 'GiB',
              price: 'log-gib',
            } as const,
          ]
        : []),
    ];
  });
}

/** Alarms, by the metrics that they look at, and the dashboard. */
export function alarmUsages(deployment: Deployment): Usage[] {
  const alarms = ofType(deployment, 'aws_cloudwatch_metric_alarm');
  const isFast = (alarm: Resource) => periodsOf(alarm).some((seconds) => seconds < FAST_BELOW_SECONDS);
  return [
    ...byRegion(alarms.filter((alarm) => !isFast(alarm))).map(
      ([region, some]): Usage => ({
        part: 'watching',
        what: 'CloudWatch alarms',
        detail: several(some.length, 'alarm'),
        region,
        quantity: sum(some.map(metricsOf)),
        unit: 'metrics',
        price: 'alarm-metric',
      }),
    ),
    ...byRegion(alarms.filter(isFast)).map(
      ([region, some]): Usage => ({
        part: 'watching',
        what: 'CloudWatch alarms under a minute',
        detail: several(some.length, 'alarm'),
        region,
        quantity: sum(some.map(metricsOf)),
        unit: 'metrics',
        price: 'fast-alarm-metric',
      }),
    ),
    ...counted(deployment, 'aws_cloudwatch_composite_alarm', {
      part: 'watching',
      what: 'composite alarms',
      price: 'composite-alarm',
    }),
    ...counted(deployment, 'aws_cloudwatch_dashboard', { part: 'watching', what: 'dashboard', price: 'dashboard' }),
  ];
}

interface MetricQuery {
  readonly metric?: { readonly period?: number };
}

/** An alarm over an expression is billed for each metric in it. */
function metricsOf({ attributes }: Resource): number {
  const queries = queriesOf(attributes);
  return queries.length === 0 ? 1 : Math.max(1, queries.filter(({ metric }) => metric !== undefined).length);
}

function periodsOf({ attributes }: Resource): number[] {
  return [attributes.period, ...queriesOf(attributes).map(({ metric }) => metric?.period)].filter(
    (period) => typeof period === 'number',
  );
}

function queriesOf(attributes: Resource['attributes']): readonly MetricQuery[] {
  return Array.isArray(attributes.metric_query) ? attributes.metric_query : [];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
