import { alarmUsages, insightUsages } from '../../cost/usages/watching';
import { checked, checkedCluster } from '../constructs/support/environments';
import { deployed, inShort, resource } from './support';

const PRIMARY = resource('aws_db_instance', 'primary', { multi_az: true });
const BLUE = resource('aws_db_instance', 'replica-blue');

function insights(database: Parameters<typeof checked>[1]) {
  const off = { monitoringIntervalSeconds: 0 } as const;
  return inShort(insightUsages(deployed(checked({}, { ...off, ...database }), PRIMARY, BLUE)));
}

test('standard insights for 7 days are free', () => {
  expect(insights({ insights: { mode: 'standard', retentionDays: 7 } })).toEqual([]);
});

test('advanced insights bill the vCPUs of each server by the hour; a standby is not watched', () => {
  // 2 × 2 vCPU × 730 h
  expect(insights({ insights: { mode: 'advanced', retentionDays: 465 } })).toEqual([
    'Database Insights, advanced: 2920 vCPU-h at insights-vcpu-hour',
  ]);
});

test('a longer retention without the advanced mode has a price of its own', () => {
  expect(insights({ insights: { mode: 'standard', retentionDays: 31 } })).toEqual([
    'Performance Insights for 31 days: 4 vCPU at insights-retention-vcpu',
  ]);
});

test.each([
  [60, 0.54],
  [15, 2.16],
  [1, 32.4],
] as const)('enhanced monitoring each %i s of two servers writes about %d GiB of logs', (every, gib) => {
  const [usage] = insightUsages(deployed(checked({}, { monitoringIntervalSeconds: every }), PRIMARY, BLUE));

  expect(usage).toMatchObject({ what: 'enhanced monitoring, logs', price: 'log-gib' });
  expect(usage?.quantity).toBeCloseTo(gib, 9);
});

test('all three members of a Multi-AZ cluster are watched', () => {
  const cluster = resource('aws_rds_cluster', 'cluster', { db_cluster_instance_class: 'db.r6gd.large' });
  const environment = checkedCluster({}, { monitoringIntervalSeconds: 60 });

  expect(insightUsages(deployed(environment, cluster))[0]?.detail).toBe('3 servers, each 60 s');
});

test('an alarm is billed for each metric that it looks at', () => {
  const plain = resource('aws_cloudwatch_metric_alarm', 'plain', { period: 60 });
  const expression = resource('aws_cloudwatch_metric_alarm', 'expression', {
    metric_query: [{ expression: 'a / b' }, { metric: { period: 60 } }, { metric: { period: 60 } }],
  });

  const usages = alarmUsages(deployed(checked(), plain, expression));

  expect(inShort(usages)).toEqual(['CloudWatch alarms: 3 metrics at alarm-metric']);
  expect(usages[0]?.detail).toBe('2 alarms');
});

test('an alarm over less than a minute costs more', () => {
  const fast = resource('aws_cloudwatch_metric_alarm', 'fast', { period: 10 });
  const fastInside = resource('aws_cloudwatch_metric_alarm', 'inside', { metric_query: [{ metric: { period: 30 } }] });

  expect(inShort(alarmUsages(deployed(checked(), fast, fastInside)))).toEqual([
    'CloudWatch alarms under a minute: 2 metrics at fast-alarm-metric',
  ]);
});

test('composite alarms and the dashboard are billed by the piece', () => {
  const deployment = deployed(
    checked(),
    resource('aws_cloudwatch_composite_alarm', 'one'),
    resource('aws_cloudwatch_composite_alarm', 'two'),
    resource('aws_cloudwatch_dashboard', 'fleet'),
  );

  expect(inShort(alarmUsages(deployment))).toEqual([
    'composite alarms: 2 pieces at composite-alarm',
    'dashboard: 1 pieces at dashboard',
  ]);
});
