import { toEmf } from '../../lambda/emf';

const FLEET = { fleet: 'orders', environment: 'production', topology: 'instances' } as const;

test('seconds, bytes and health of a replica become metrics under the names that alarms watch', () => {
  const lag = { seconds: 1.5, bytes: 4_096 };
  expect(toEmf(FLEET, { member: 'blue', state: { kind: 'serving', lag }, lag }, 1_700_000_000_000)).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Readfleet',
          Dimensions: [['Fleet', 'Environment', 'Member']],
          Metrics: [
            { Name: 'replica_lag_seconds', Unit: 'Seconds' },
            { Name: 'replica_lag_bytes', Unit: 'Bytes' },
            { Name: 'replica_health', Unit: 'None' },
          ],
        },
      ],
    },
    Fleet: 'orders',
    Environment: 'production',
    Member: 'blue',
    state: 'serving',
    replica_lag_seconds: 1.5,
    replica_lag_bytes: 4_096,
    replica_health: 1,
  });
});

test('what is not known is not emitted, and unknown is not healthy', () => {
  const emitted = toEmf(FLEET, { member: 'blue', state: { kind: 'unreachable', error: 'x' }, lag: undefined }, 0);
  expect(emitted).toMatchObject({ state: 'unreachable', replica_health: 0 });
  expect(emitted).not.toHaveProperty('replica_lag_seconds');
  expect(emitted).not.toHaveProperty('replica_lag_bytes');
});

test('seconds that are only the least are told as they are, and the log says so', () => {
  const lag = { seconds: 5, bytes: 10 };
  const emitted = toEmf(FLEET, { member: 'blue', state: { kind: 'serving', lag }, lag, atLeast: true }, 0);
  expect(emitted).toMatchObject({ replica_lag_seconds: 5, atLeast: true });
});

test('a lag older than all that is remembered is told in bytes: JSON has no infinity', () => {
  const lag = { seconds: Number.POSITIVE_INFINITY, bytes: 10 };
  const emitted = toEmf(FLEET, { member: 'blue', state: { kind: 'lagging', lag }, lag }, 0);
  expect(emitted).toMatchObject({ replica_lag_bytes: 10, replica_health: 1 });
  expect(emitted).not.toHaveProperty('replica_lag_seconds');
});

test.each(['promoted', 'joining', 'demoted'] as const)('a member that is %s is not healthy', (kind) => {
  expect(toEmf(FLEET, { member: 'blue', state: { kind }, lag: undefined }, 0)).toMatchObject({ replica_health: 0 });
});

describe('a reader that was promoted', () => {
  const promoted = { member: 'blue', state: { kind: 'promoted' }, lag: undefined } as const;

  test.each(['multi-az-cluster', 'aurora'] as const)('is the present writer of a %s, and sound', (topology) => {
    const emitted = toEmf({ ...FLEET, topology }, promoted, 0);
    expect(emitted).toMatchObject({ state: 'promoted', replica_health: 1 });
    expect(emitted).not.toHaveProperty('replica_lag_seconds');
  });

  test('has left a fleet of instances', () => {
    expect(toEmf(FLEET, promoted, 0)).toMatchObject({ replica_health: 0 });
  });
});

test.each([
  [{ kind: 'unreachable', error: 'no answer within 3000 ms' }, 'no answer within 3000 ms'],
  [{ kind: 'disconnected', lag: undefined, reason: 'no WAL receiver' }, 'no WAL receiver'],
] as const)('why a member is not well stands beside the metrics: %j', (state, reason) => {
  const emitted = toEmf(FLEET, { member: 'blue', state, lag: undefined }, 0);
  expect(emitted).toMatchObject({ reason, replica_health: 0 });
  expect(JSON.stringify(emitted._aws)).not.toContain('reason');
});
