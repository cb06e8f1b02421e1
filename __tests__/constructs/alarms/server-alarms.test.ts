import { alarm, fleet, metricAlarms, synthesised } from './support';

const instances = synthesised();
const GIB = 1024 ** 3;
const SUSTAINED = { datapoints_to_alarm: 5, evaluation_periods: 5, treat_missing_data: 'notBreaching', period: 60 };

describe('WAL that is held back', () => {
  test.each([
    ['slot-lag', 'OldestReplicationSlotLag', 10 * GIB],
    ['slot-disk', 'ReplicationSlotDiskUsage', 5 * GIB],
    ['wal-disk', 'TransactionLogsDiskUsage', 20 * GIB],
  ])('%s of the primary is %s in bytes, for five minutes', (what, metricName, threshold) => {
    expect(alarm(instances, `primary-${what}`)).toMatchObject({
      ...SUSTAINED,
      namespace: 'AWS/RDS',
      metric_name: metricName,
      dimensions: { DBInstanceIdentifier: 'orders-test-primary' },
      statistic: 'Maximum',
      comparison_operator: 'GreaterThanThreshold',
      threshold,
    });
  });

  test('is watched on whatever may write: the primary alone, or every server of a cluster', () => {
    const watched = (stack: typeof instances) =>
      Object.keys(metricAlarms(stack)).filter((id) => /-(slot-lag|slot-disk|wal-disk)$/.test(id)).length;

    expect(watched(instances)).toBe(3);
    expect(watched(synthesised(fleet('multi-az-cluster')))).toBe(9);
    expect(watched(synthesised(fleet('aurora')))).toBe(9);
  });
});

describe('storage', () => {
  test('is low when less than 15 % of what was asked for is left', () => {
    expect(alarm(instances, 'blue-free-storage')).toMatchObject({
      ...SUSTAINED,
      metric_name: 'FreeStorageSpace',
      dimensions: { DBInstanceIdentifier: 'orders-test-blue' },
      statistic: 'Minimum',
      comparison_operator: 'LessThanThreshold',
      threshold: 60 * GIB,
    });
    expect(alarm(instances, 'primary-free-storage')).toMatchObject({ threshold: 60 * GIB });
  });

  test('of Aurora grows by itself, and has no alarm', () => {
    expect(synthesised(fleet('aurora')).text).not.toContain('FreeStorageSpace');
  });

  test('of unknown size has no alarm', () => {
    const { storageGiB: _, ...members } = fleet().members;

    expect(synthesised(fleet('instances', { members })).text).not.toContain('FreeStorageSpace');
  });
});

describe('connections', () => {
  test('are short when more than 80 % of them are in use', () => {
    expect(alarm(instances, 'blue-connections')).toMatchObject({
      ...SUSTAINED,
      metric_name: 'DatabaseConnections',
      statistic: 'Maximum',
      comparison_operator: 'GreaterThanThreshold',
      threshold: 800,
    });
  });

  test('have no alarm when nobody knows how many there are, nor a composite that would wait for it', () => {
    const unknown = synthesised(fleet('instances', { maxConnections: undefined }));

    expect(unknown.text).not.toContain('DatabaseConnections"');
    expect(unknown.resource.aws_cloudwatch_composite_alarm).not.toHaveProperty('alarm-connections-high');
  });
});

test('CPU is high when it is above 85 % on average for a quarter of an hour', () => {
  expect(alarm(instances, 'primary-cpu')).toMatchObject({
    metric_name: 'CPUUtilization',
    statistic: 'Average',
    period: 300,
    comparison_operator: 'GreaterThanThreshold',
    threshold: 85,
    datapoints_to_alarm: 3,
    evaluation_periods: 3,
    treat_missing_data: 'notBreaching',
  });
});

test.each([
  ['primary-slot-lag', 2 * GIB],
  ['primary-slot-disk', 3 * GIB],
  ['primary-wal-disk', 4 * GIB],
  ['blue-free-storage', 20 * GIB],
  ['blue-connections', 600],
  ['blue-cpu', 70],
])('%s has the threshold that the environment says', (name, threshold) => {
  const { settings } = fleet();
  const thresholds = {
    ...settings.thresholds,
    replicationSlotLagGiB: 2,
    replicationSlotDiskGiB: 3,
    walDiskGiB: 4,
    freeStoragePercent: 5,
    connectionsPercent: 60,
    cpuPercent: 70,
  };

  expect(alarm(synthesised(fleet('instances', { settings: { ...settings, thresholds } })), name)).toMatchObject({
    threshold,
  });
});
