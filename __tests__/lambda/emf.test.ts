import { toEmf } from '../../lambda/emf';

const FLEET = { fleet: 'orders', environment: 'production' };

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

test('a lag older than all that is remembered is told in bytes: JSON has no infinity', () => {
  const lag = { seconds: Number.POSITIVE_INFINITY, bytes: 10 };
  const emitted = toEmf(FLEET, { member: 'blue', state: { kind: 'lagging', lag }, lag }, 0);
  expect(emitted).toMatchObject({ replica_lag_bytes: 10, replica_health: 1 });
  expect(emitted).not.toHaveProperty('replica_lag_seconds');
});

test.each(['promoted', 'joining', 'demoted'] as const)('a member that is %s is not healthy', (kind) => {
  expect(toEmf(FLEET, { member: 'blue', state: { kind }, lag: undefined }, 0)).toMatchObject({ replica_health: 0 });
});
