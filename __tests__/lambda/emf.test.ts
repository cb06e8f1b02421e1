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
  const emitted = toEmf(FLEET, { member: 'blue', state: { kind: 'ejected', reason: 'x' }, lag: undefined }, 0);
  expect(emitted).toMatchObject({ state: 'ejected', replica_health: 0 });
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

test('a lag whose distance is not counted in bytes is told in seconds alone', () => {
  const lag = { seconds: 0.02, bytes: undefined };
  const emitted = toEmf({ ...FLEET, topology: 'aurora' }, { member: 'blue', state: { kind: 'serving', lag }, lag }, 0);
  expect(emitted).toMatchObject({ replica_lag_seconds: 0.02, replica_health: 1 });
  expect(emitted).not.toHaveProperty('replica_lag_bytes');
  expect(JSON.stringify(emitted._aws)).not.toContain('replica_lag_bytes');
});

describe.each(['instances', 'multi-az-cluster', 'aurora'] as const)('of %s', (topology) => {
  test.each(['promoted', 'joining', 'demoted', 'draining', 'gone'] as const)(
    'a member that is %s is not healthy',
    (kind) => {
      const emitted = toEmf({ ...FLEET, topology }, { member: 'blue', state: { kind }, lag: undefined }, 0);
      expect(emitted).toMatchObject({ state: kind, replica_health: 0 });
    },
  );
});

describe('a reader that is the present writer', () => {
  const writing = { member: 'blue', state: { kind: 'writing' }, lag: undefined } as const;

  test.each(['multi-az-cluster', 'aurora'] as const)('is sound in a %s, whose members change places', (topology) => {
    const emitted = toEmf({ ...FLEET, topology }, writing, 0);
    expect(emitted).toMatchObject({ state: 'writing', replica_health: 1 });
    expect(emitted).not.toHaveProperty('replica_lag_seconds');
  });

  test('is not of instances: whatever its timeline, nobody there may write beside the primary', () => {
    expect(toEmf(FLEET, writing, 0)).toMatchObject({ replica_health: 0 });
  });
});

test.each([
  [{ kind: 'ejected', reason: 'no answer within 3000 ms' }, 'no answer within 3000 ms'],
  [{ kind: 'fenced', reason: 'green is the primary' }, 'green is the primary'],
  [{ kind: 'disconnected', lag: undefined, reason: 'no WAL receiver' }, 'no WAL receiver'],
] as const)('why a member is not well stands beside the metrics: %j', (state, reason) => {
  const emitted = toEmf(FLEET, { member: 'blue', state, lag: undefined }, 0);
  expect(emitted).toMatchObject({ reason, replica_health: 0 });
  expect(JSON.stringify(emitted._aws)).not.toContain('reason');
});

describe('what a server says of itself', () => {
  const lag = { seconds: 0, bytes: 0 };
  const at = { at: 0, lsn: 1n };
  const replica = {
    member: 'blue',
    state: { kind: 'serving', lag },
    lag,
    sighting: { ...at, recovering: true, receiving: true, timeline: 2 },
    server: { connections: 7, maxConnections: 100, slot: { name: 'blue_slot', lagBytes: 512 } },
  } as const;
  const metricsOf = (emitted: Record<string, unknown>) =>
    (emitted._aws as { CloudWatchMetrics: [{ Metrics: { Name: string; Unit: string }[] }] }).CloudWatchMetrics[0]
      .Metrics;

  test('stands in the document, and costs no metric', () => {
    const emitted = toEmf(FLEET, replica, 0);
    expect(emitted).toMatchObject({
      role: 'replica',
      server_timeline: 2,
      replica_connected: 1,
      server_connections: 7,
      server_max_connections: 100,
      replication_slot: 'blue_slot',
      replication_slot_lag_bytes: 512,
    });
    expect(metricsOf(emitted).map(({ Name }) => Name)).toEqual([
      'replica_lag_seconds',
      'replica_lag_bytes',
      'replica_health',
    ]);
  });

  test('becomes metrics beside those of lag when it is asked for', () => {
    const emitted = toEmf(FLEET, replica, 0, { serverMetrics: true });
    expect(metricsOf(emitted).slice(3)).toEqual([
      { Name: 'replica_connected', Unit: 'None' },
      { Name: 'server_timeline', Unit: 'None' },
      { Name: 'server_connections', Unit: 'Count' },
      { Name: 'replication_slot_lag_bytes', Unit: 'Bytes' },
    ]);
  });

  test('of which nothing is known is no metric', () => {
    const { server: _, ...unasked } = replica;
    const emitted = toEmf(FLEET, { ...unasked, server: { failure: 'permission denied' } }, 0, { serverMetrics: true });
    expect(metricsOf(emitted).map(({ Name }) => Name)).not.toContain('server_connections');
    expect(emitted).toMatchObject({ server_failure: 'permission denied', replica_health: 1, replica_lag_seconds: 0 });
  });

  test('of a primary has no word on whether it receives', () => {
    const emitted = toEmf(
      FLEET,
      { ...replica, member: 'primary', sighting: { ...at, recovering: false, receiving: false, timeline: 2 } },
      0,
      { serverMetrics: true },
    );
    expect(emitted).toMatchObject({ role: 'primary', server_timeline: 2 });
    expect(emitted).not.toHaveProperty('replica_connected');
  });

  test('of a replica that hears of no primary, or of another history, is that it is not connected', () => {
    const state = { kind: 'disconnected', lag, reason: 'follows timeline 1, the primary is on 2' } as const;
    expect(toEmf(FLEET, { ...replica, state }, 0)).toMatchObject({ replica_connected: 0, replica_health: 0 });
  });

  test('is silence when it does not answer, with the one reason', () => {
    const emitted = toEmf(
      FLEET,
      { member: 'blue', state: { kind: 'ejected', reason: 'gone' }, lag: undefined, server: { failure: 'gone too' } },
      0,
      { serverMetrics: true },
    );
    expect(emitted).toMatchObject({ state: 'ejected', reason: 'gone', replica_health: 0 });
    expect(Object.keys(emitted).sort()).toEqual(
      ['Environment', 'Fleet', 'Member', '_aws', 'reason', 'replica_health', 'state'].sort(),
    );
  });
});

test('in high resolution CloudWatch keeps each sample of every metric', () => {
  const lag = { seconds: 1.5, bytes: 4_096 };
  const measurement = { member: 'blue', state: { kind: 'serving', lag }, lag } as const;
  const emitted = JSON.stringify(toEmf(FLEET, measurement, 0, { highResolution: true }));
  expect(emitted.match(/"StorageResolution":1\}/g)).toHaveLength(3);
  expect(JSON.stringify(toEmf(FLEET, measurement, 0))).not.toContain('StorageResolution');
});
