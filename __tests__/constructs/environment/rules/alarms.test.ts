import { environment, environmentProblems } from '../../../../constructs/environment';
import {
  checked,
  checkedAurora,
  checkedCluster,
  MINIMAL,
  MINIMAL_AURORA,
  MINIMAL_CLUSTER,
} from '../../support/environments';

const GIB_20 = { sizeGiB: 20 };
const told = (changes: object, database: object = {}) =>
  environmentProblems({ ...MINIMAL, ...changes, database: { ...MINIMAL.database, ...database } });

describe('defaults', () => {
  test('of thresholds on large storage are the ones documented', () => {
    expect(checked({}, { storage: { sizeGiB: 400 } }).alarms).toEqual({
      enabled: true,
      subscriptions: [],
      thresholds: {
        unhealthyMinutes: 2,
        backstopLagMinutes: 10,
        replicationSlotLagGiB: 10,
        replicationSlotDiskGiB: 5,
        walDiskGiB: 20,
        freeStoragePercent: 15,
        connectionsPercent: 80,
        cpuPercent: 85,
        proxyWaitSeconds: 1,
      },
    });
  });

  test('on small storage an alarm comes before the disk is full', () => {
    expect(checked({}, { storage: { sizeGiB: 20 } }).alarms.thresholds).toMatchObject({
      replicationSlotLagGiB: 5,
      replicationSlotDiskGiB: 5,
      walDiskGiB: 10,
    });
    expect(checkedCluster({}, { storage: { type: 'gp3', sizeGiB: 20 } }).alarms.thresholds.walDiskGiB).toBe(10);
  });

  test('of Aurora know no size', () => {
    expect(checkedAurora().alarms.thresholds).toMatchObject({ replicationSlotLagGiB: 10, walDiskGiB: 20 });
  });

  test('go behind what the environment says, each by itself', () => {
    expect(checked({ alarms: { thresholds: { cpuPercent: 60 } } }).alarms.thresholds).toMatchObject({
      cpuPercent: 60,
      connectionsPercent: 80,
    });
  });
});

describe('a threshold that the disk does not reach', () => {
  const beyond = (thresholds: object, storage: object = GIB_20) =>
    told({ alarms: { thresholds } }, { storage }).filter(({ code }) => code === 'READFLEET_ALARM_BEYOND_STORAGE');

  test.each(['replicationSlotLagGiB', 'replicationSlotDiskGiB', 'walDiskGiB'])('is refused: %s', (key) => {
    expect(beyond({ [key]: 20 })).toMatchObject([
      { path: `alarms.thresholds.${key}`, got: 20, fix: expect.stringMatching(/^Set less than 20, or drop it/) },
    ]);
    expect(beyond({ [key]: 19.5 })).toEqual([]);
  });

  test('is one that it does reach once it has grown', () => {
    expect(beyond({ walDiskGiB: 30 }, { sizeGiB: 20, maxSizeGiB: 100 })).toEqual([]);
    expect(beyond({ walDiskGiB: 100 }, { sizeGiB: 20, maxSizeGiB: 100 })).toHaveLength(1);
  });

  test('is refused in a cluster too, and not in Aurora, whose storage grows', () => {
    const alarms = { thresholds: { walDiskGiB: 100 } };

    expect(environmentProblems({ ...MINIMAL_CLUSTER, alarms })).toMatchObject([
      { code: 'READFLEET_ALARM_BEYOND_STORAGE' },
    ]);
    expect(environmentProblems({ ...MINIMAL_AURORA, alarms })).toEqual([]);
  });
});

describe('a threshold that WAL is always past', () => {
  const always = (alarms: object | undefined, max_wal_size: string, storage: object = { sizeGiB: 400 }) =>
    told({ ...(alarms ? { alarms } : {}) }, { storage, parameters: { max_wal_size } }).filter(
      ({ code }) => code === 'READFLEET_ALARM_WAL_ALWAYS',
    );

  test('is refused: PostgreSQL keeps max_wal_size when all is well', () => {
    expect(always({ thresholds: { walDiskGiB: 4 } }, '4GB')).toMatchObject([
      { path: 'alarms.thresholds.walDiskGiB', got: 4, fix: 'Set more than 4, or lower max_wal_size.' },
    ]);
    expect(always({ thresholds: { walDiskGiB: 4.1 } }, '4GB')).toEqual([]);
  });

  test('may be the default', () => {
    expect(always(undefined, '32GB')).toMatchObject([{ got: 20 }]);
    expect(always({}, '12GB', GIB_20)).toMatchObject([{ got: 10 }]);
    expect(always(undefined, '16GB')).toEqual([]);
  });

  test('is none when there are no alarms', () => {
    expect(always({ enabled: false }, '32GB')).toEqual([]);
  });
});

describe('subscriptions', () => {
  const problems = (subscriptions: readonly object[]) => told({ alarms: { subscriptions } });

  test('of one address twice are refused', () => {
    const email = { kind: 'email', address: 'oncall@example.com' };
    const https = { kind: 'https', url: 'https://alarms.example.com' };

    expect(problems([email, https, email])).toMatchObject([
      { code: 'READFLEET_ALARM_SUBSCRIPTION_TWICE', path: 'alarms.subscriptions[2]', got: 'oncall@example.com' },
    ]);
    expect(problems([email, https])).toEqual([]);
  });

  test('with credentials in the address are refused: they would stand in the state', () => {
    expect(problems([{ kind: 'https', url: 'https://user:secret@example.com/in' }])).toMatchObject([
      { code: 'READFLEET_ALARM_URL_CREDENTIALS', path: 'alarms.subscriptions[0].url' },
    ]);
    expect(problems([{ kind: 'https', url: 'https://example.com/in?to=a@b.c' }])).toEqual([]);
  });
});

describe('thresholds', () => {
  test.each([
    [{ unhealthyMinutes: 1 }, 'Must be a whole number, 2 to 1440.'],
    [{ backstopLagMinutes: 5 }, 'Must be a whole number, 6 to 1440.'],
    [{ proxyWaitSeconds: 0 }, 'Must be more than 0 seconds.'],
    [{ replicationSlotDiskGiB: 0 }, 'Must be more than 0 GiB.'],
    [{ cpuPercent: 100 }, 'Must be a whole number, 1 to 99.'],
  ])('are refused where the alarm would cry wolf or never go off: %j', (thresholds, message) => {
    expect(told({ alarms: { thresholds } })).toMatchObject([{ message }]);
  });
});

describe('an Aurora fleet with many readers of long names', () => {
  const fleet = (length: number, changes: object = {}) => {
    const name = (index: number) => `r${index}`.padEnd(length, 'x');
    const readers = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [name(index), { zone: 'eu-central-1b' }]),
    );
    return environmentProblems({ ...MINIMAL_AURORA, readers, ...changes }).filter(
      ({ code }) => code === 'READFLEET_ALARM_RULE_LENGTH',
    );
  };

  test('is refused when the rule over all of them is longer than CloudWatch takes', () => {
    expect(fleet(52)).toMatchObject([{ path: 'readers', got: '15 readers', fix: expect.stringContaining('Shorten') }]);
    expect(fleet(30)).toEqual([]);
  });

  test('is none of CloudWatch’s business without alarms', () => {
    expect(fleet(52, { alarms: { enabled: false } })).toEqual([]);
  });
});

test('what is said well is taken', () => {
  const subscriptions = [{ kind: 'email', address: 'oncall@example.com' }] as const;

  expect(environment({ ...MINIMAL, alarms: { subscriptions, thresholds: { walDiskGiB: 8 } } }).alarms).toMatchObject({
    subscriptions,
    thresholds: { walDiskGiB: 8 },
  });
});
