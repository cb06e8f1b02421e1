import { METRIC_NAMESPACE } from '../../../lib/lag/metrics';
import { alarm, fleet, metricAlarms, synthesised } from './support';

const instances = synthesised();
const cluster = synthesised(fleet('multi-az-cluster'));
const aurora = synthesised(fleet('aurora'));
const ofReads = (stack: typeof instances) =>
  Object.keys(metricAlarms(stack)).filter((id) => /-(lag-warning|lag-critical|unhealthy|backstop-lag)$/.test(id));

const OF_BLUE = { Fleet: 'orders', Environment: 'test', Member: 'blue' };

describe('a replica', () => {
  test("is warned of past the warning threshold, by the emitter's seconds, in three minutes of five", () => {
    expect(alarm(instances, 'blue-lag-warning')).toMatchObject({
      alarm_name: 'orders-test-blue-lag-warning',
      namespace: METRIC_NAMESPACE,
      metric_name: 'replica_lag_seconds',
      dimensions: OF_BLUE,
      statistic: 'Maximum',
      period: 60,
      comparison_operator: 'GreaterThanThreshold',
      threshold: 1,
      datapoints_to_alarm: 3,
      evaluation_periods: 5,
      treat_missing_data: 'notBreaching',
    });
  });

  test('is critical past the critical threshold, in two minutes of three', () => {
    expect(alarm(instances, 'blue-lag-critical')).toMatchObject({
      metric_name: 'replica_lag_seconds',
      dimensions: OF_BLUE,
      statistic: 'Maximum',
      period: 60,
      comparison_operator: 'GreaterThanThreshold',
      threshold: 5,
      datapoints_to_alarm: 2,
      evaluation_periods: 3,
      treat_missing_data: 'notBreaching',
    });
  });

  test('is unhealthy when one sample of each of two minutes was, or none came', () => {
    expect(alarm(instances, 'blue-unhealthy')).toMatchObject({
      namespace: METRIC_NAMESPACE,
      metric_name: 'replica_health',
      dimensions: OF_BLUE,
      statistic: 'Minimum',
      period: 60,
      comparison_operator: 'LessThanThreshold',
      threshold: 1,
      datapoints_to_alarm: 2,
      evaluation_periods: 2,
      treat_missing_data: 'breaching',
    });
  });

  test("has AWS's own lag as a backstop, past what an idle primary shows", () => {
    expect(alarm(instances, 'blue-backstop-lag')).toMatchObject({
      namespace: 'AWS/RDS',
      metric_name: 'ReplicaLag',
      dimensions: { DBInstanceIdentifier: 'orders-test-blue' },
      statistic: 'Maximum',
      comparison_operator: 'GreaterThanThreshold',
      threshold: 600,
      datapoints_to_alarm: 3,
      evaluation_periods: 3,
      treat_missing_data: 'notBreaching',
    });
  });

  test.each([
    ['blue-lag-warning', 'threshold', 0.5],
    ['blue-lag-critical', 'threshold', 30],
    ['blue-unhealthy', 'evaluation_periods', 7],
    ['blue-unhealthy', 'datapoints_to_alarm', 7],
    ['blue-backstop-lag', 'threshold', 1_200],
  ])('%s has the %s that the environment says', (name, attribute, value) => {
    const { settings } = fleet();
    const thresholds = { ...settings.thresholds, unhealthyMinutes: 7, backstopLagMinutes: 20 };
    const lag = { warningSeconds: 0.5, criticalSeconds: 30 };

    expect(alarm(synthesised(fleet('instances', { lag, settings: { ...settings, thresholds } })), name)).toMatchObject({
      [attribute]: value,
    });
  });

  test('has these four, and the primary has none of them', () => {
    expect(ofReads(instances).sort()).toEqual(
      ['blue', 'green'].flatMap((name) =>
        ['backstop-lag', 'lag-critical', 'lag-warning', 'unhealthy'].map((what) => `alarm-${name}-${what}`),
      ),
    );
  });
});

describe('a Multi-AZ cluster', () => {
  test('has the alarms of a replica on all three: each may be a reader or the writer', () => {
    expect(ofReads(cluster)).toHaveLength(12);
    expect(alarm(cluster, 'three-lag-critical')).toMatchObject({ metric_name: 'replica_lag_seconds', threshold: 5 });
    expect(alarm(cluster, 'three-unhealthy')).toMatchObject({ treat_missing_data: 'breaching' });
  });

  test("has AWS's ReplicaLag behind them, of which the present writer has none: silence is well", () => {
    expect(alarm(cluster, 'one-backstop-lag')).toMatchObject({
      metric_name: 'ReplicaLag',
      dimensions: { DBInstanceIdentifier: 'orders-test-one' },
      treat_missing_data: 'notBreaching',
    });
  });
});

describe('Aurora', () => {
  test('has the same thresholds on AuroraReplicaLag, in milliseconds', () => {
    expect(alarm(aurora, 'blue-lag-warning')).toMatchObject({
      namespace: 'AWS/RDS',
      metric_name: 'AuroraReplicaLag',
      dimensions: { DBInstanceIdentifier: 'orders-test-blue' },
      statistic: 'Maximum',
      threshold: 1_000,
      treat_missing_data: 'notBreaching',
    });
    expect(alarm(aurora, 'blue-lag-critical')).toMatchObject({ metric_name: 'AuroraReplicaLag', threshold: 5_000 });
  });

  test('calls a server unhealthy that says nothing of its uptime', () => {
    expect(alarm(aurora, 'blue-unhealthy')).toMatchObject({
      metric_name: 'EngineUptime',
      comparison_operator: 'LessThanThreshold',
      threshold: 1,
      evaluation_periods: 2,
      treat_missing_data: 'breaching',
    });
  });

  test('has them on every server, since the one that writes today may read tomorrow, and no backstop', () => {
    expect(ofReads(aurora).sort()).toEqual(
      ['blue', 'green', 'primary'].flatMap((name) =>
        ['lag-critical', 'lag-warning', 'unhealthy'].map((what) => `alarm-${name}-${what}`),
      ),
    );
  });
});

test('no alarm has the lag metric of another topology', () => {
  expect(instances.text + cluster.text).not.toContain('AuroraReplicaLag');
  expect(aurora.text).not.toContain('"ReplicaLag"');
  expect(aurora.text).not.toContain('replica_');
});
