import * as metrics from '../../../constructs/alarms/metrics';
import { toEmf } from '../../../lambda/emf';
import { LAG_METRICS, METRIC_NAMESPACE } from '../../../lib/lag/metrics';

const FLEET = { fleet: 'orders', environment: 'test' };
const server = { namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: 'orders-test-blue' } };

describe('what the emitter measures', () => {
  const emf = toEmf(
    { ...FLEET, topology: 'instances' },
    { member: 'blue', state: { kind: 'serving', lag: { seconds: 2, bytes: 3 } }, lag: { seconds: 2, bytes: 3 } },
    0,
  ) as {
    readonly _aws: {
      readonly CloudWatchMetrics: readonly {
        readonly Namespace: string;
        readonly Dimensions: readonly (readonly string[])[];
        readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
      }[];
    };
    readonly [property: string]: unknown;
  };
  const [emitted] = emf._aws.CloudWatchMetrics;

  test.each([
    ['lag in seconds', metrics.lagSeconds(FLEET, 'blue'), LAG_METRICS.seconds, 'Maximum'],
    ['lag in bytes', metrics.lagBytes(FLEET, 'blue'), LAG_METRICS.bytes, 'Maximum'],
    ['health', metrics.health(FLEET, 'blue'), LAG_METRICS.health, 'Minimum'],
    ['the number of samples', metrics.samples(FLEET, 'blue'), LAG_METRICS.health, 'SampleCount'],
  ] as const)(
    '%s is watched under the very name, dimensions and unit that it is emitted with',
    (_, metric, name, statistic) => {
      expect(metric).toMatchObject({ namespace: METRIC_NAMESPACE, name, statistic, period: 60 });
      expect(emitted?.Namespace).toBe(metric.namespace);
      expect(emitted?.Metrics).toContainEqual({ Name: metric.name, Unit: metric.unit });
      expect(emitted?.Dimensions).toEqual([Object.keys(metric.dimensions)]);
      for (const [dimension, value] of Object.entries(metric.dimensions)) expect(emf[dimension]).toBe(value);
    },
  );
});

describe("AWS's own lag", () => {
  test.each([
    ['instances', 'ReplicaLag', 'Seconds'],
    ['multi-az-cluster', 'ReplicaLag', 'Seconds'],
    ['aurora', 'AuroraReplicaLag', 'Milliseconds'],
  ] as const)('of %s is %s, in %s', (topology, name, unit) => {
    expect(metrics.replicaLag(topology, 'orders-test-blue')).toMatchObject({
      ...server,
      name,
      unit,
      statistic: 'Maximum',
    });
  });
});

test.each([
  ['CPUUtilization', metrics.cpu('orders-test-blue'), 'Percent', 'Average'],
  ['DatabaseConnections', metrics.connections('orders-test-blue'), 'Count', 'Maximum'],
  ['OldestReplicationSlotLag', metrics.slotLag('orders-test-blue'), 'Bytes', 'Maximum'],
  ['ReplicationSlotDiskUsage', metrics.slotDisk('orders-test-blue'), 'Bytes', 'Maximum'],
  ['TransactionLogsDiskUsage', metrics.walDisk('orders-test-blue'), 'Bytes', 'Maximum'],
  ['FreeStorageSpace', metrics.freeStorage('instances', 'orders-test-blue'), 'Bytes', 'Minimum'],
  ['FreeLocalStorage', metrics.freeLocalStorage('aurora', 'orders-test-blue'), 'Bytes', 'Minimum'],
  ['EngineUptime', metrics.uptime('aurora', 'orders-test-blue'), 'Seconds', 'Maximum'],
] as const)('%s is of one server, in its unit', (name, metric, unit, statistic) => {
  expect(metric).toMatchObject({ ...server, name, unit, statistic });
});

test.each([
  ['DatabaseConnectionsBorrowLatency', metrics.borrowLatency('p'), 'Microseconds', 'Average'],
  ['DatabaseConnectionsSetupFailed', metrics.failedConnections('p'), 'Count', 'Sum'],
  ['ClientConnectionsSetupFailedAuth', metrics.refusedClients('p'), 'Count', 'Sum'],
  ['ClientConnections', metrics.clientConnections('p'), 'Count', 'Sum'],
  ['DatabaseConnections', metrics.proxiedConnections('p'), 'Count', 'Sum'],
  ['DatabaseConnectionsCurrentlySessionPinned', metrics.pinnedConnections('p'), 'Count', 'Sum'],
] as const)('%s is of the whole proxy', (name, metric, unit, statistic) => {
  expect(metric).toMatchObject({ namespace: 'AWS/RDS', dimensions: { ProxyName: 'p' }, name, unit, statistic });
});

test.each([
  ['AWS/Lambda', 'Invocations', metrics.invocations('x'), { FunctionName: 'x' }, 'Count'],
  ['AWS/Lambda', 'Errors', metrics.errors('x'), { FunctionName: 'x' }, 'Count'],
  ['AWS/Lambda', 'Duration', metrics.duration('x'), { FunctionName: 'x' }, 'Milliseconds'],
  ['AWS/Events', 'FailedInvocations', metrics.failedInvocations('x'), { RuleName: 'x' }, 'Count'],
  ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', metrics.visibleMessages('x'), { QueueName: 'x' }, 'Count'],
] as const)('%s %s has the dimension of its service', (namespace, name, metric, dimensions, unit) => {
  expect(metric).toMatchObject({ namespace, name, dimensions, unit });
});
