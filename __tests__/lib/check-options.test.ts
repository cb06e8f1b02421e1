import fc from 'fast-check';
import { checkReadOptions, resolveOptions } from '../../lib/check-options';
import { systemClock } from '../../lib/clock';
import type { InvalidConfigError } from '../../lib/errors';
import { poolConfig } from '../../lib/members/connection';
import type { ConnectOptions, ReadOptions } from '../../lib/options';
import { ManualClock } from '../support/manual-clock';

/** The paths of everything that is wrong. */
function problemPaths(check: () => unknown): string[] {
  try {
    check();
  } catch (error) {
    expect((error as InvalidConfigError).code).toBe('READFLEET_OPTIONS_INVALID');
    return [...new Set((error as InvalidConfigError).problems.map(({ path }) => path))].sort();
  }
  return [];
}

test('without options every default holds', () => {
  expect(resolveOptions({})).toEqual({
    readReplicas: true,
    tls: undefined,
    pooler: false,
    maxStalenessMs: 1_000,
    consistency: 'session',
    timeoutMs: undefined,
    endpoints: {},
    balancer: 'peak-ewma',
    zone: undefined,
    slowStartMs: 10_000,
    lag: { pollMs: 500, timeoutMs: 1_000 },
    pools: {
      primaryMax: 50,
      replicaMax: 30,
      idleTimeoutMs: 30_000,
      connectTimeoutMs: 2_000,
      maxLifetimeMs: 1_800_000,
      maxUses: Number.POSITIVE_INFINITY,
    },
    breaker: {
      failures: 3,
      failureRate: 0.5,
      minimum: 20,
      windowMs: 10_000,
      openMs: 30_000,
      longestMs: 300_000,
      successes: 5,
    },
    bulkhead: { max: 25, queue: 1_000, waitMs: 1_000 },
    retries: { ratio: 0.2, floorPerSecond: 10, burst: 100 },
    failover: { silenceMs: 1_000 },
    session: { waitMs: 10 },
    via: 'members',
    user: undefined,
    password: undefined,
    ca: undefined,
    applicationName: 'readfleet',
    closeTimeoutMs: 5_000,
    contractRefreshMs: 30_000,
    clock: systemClock,
    random: Math.random,
  });
});

test('each option overrides its default alone', () => {
  const settings = resolveOptions({
    maxStalenessMs: 0,
    lag: { pollMs: 100 },
    pools: { replicaMax: 5 },
    user: 'app',
    applicationName: 'shop',
  });
  expect(settings).toMatchObject({ maxStalenessMs: 0, user: 'app', applicationName: 'shop' });
  expect(settings.lag).toEqual({ pollMs: 100, timeoutMs: 1_000 });
  expect(settings.pools).toMatchObject({ replicaMax: 5, primaryMax: 50 });
});

test.each<[ConnectOptions]>([
  [{ consistency: 'strong' }],
  [{ timeoutMs: 5 }],
  [{ endpoints: { shop: { enabled: false, rollout: 5, hedge: true, priority: 'low' } } }],
  [{ balancer: 'weighted' }],
  [{ zone: 'eu-west-1a' }],
  [{ slowStartMs: 0 }],
  [{ pools: { maxUses: 7 } }],
  [{ breaker: { failures: 1, failureRate: 1, minimum: 2, windowMs: 3, openMs: 4, longestMs: 5, successes: 6 } }],
  [{ bulkhead: { max: 1, queue: 0, waitMs: 0 } }],
  [{ retries: { ratio: 0, floorPerSecond: 0, burst: 0 } }],
  [{ failover: { silenceMs: 0 } }],
  [{ session: { waitMs: 0 } }],
  [{ via: 'proxy' }],
  [{ ca: ['one', 'two'] }],
  [{ closeTimeoutMs: 1 }],
  [{ contractRefreshMs: 1 }],
  [{ clock: new ManualClock() }],
  [{ random: () => 0.5 }],
])('%j is taken', (options) => {
  expect(resolveOptions(options)).toMatchObject(options);
});

test.each<[string, ConnectOptions]>([
  ['breaker', { breaker: { openMs: 4 } }],
  ['bulkhead', { bulkhead: { max: 1 } }],
  ['retries', { retries: { burst: 1 } }],
])('of %s what is not said stays as it was', (name, options) => {
  const key = name as 'breaker' | 'bulkhead' | 'retries';
  expect(resolveOptions(options)[key]).toEqual({ ...resolveOptions({})[key], ...options[key] });
});

test('an option that is undefined leaves the default', () => {
  expect(resolveOptions({ lag: { pollMs: undefined } }).lag.pollMs).toBe(500);
});

test('every bad option is told at once', () => {
  const options = {
    maxStalenessMs: -1,
    lag: { pollMs: 0 },
    pools: { replicaMax: 1.5 },
    maxStaleness: 5,
    password: 7,
  } as unknown as ConnectOptions;
  try {
    resolveOptions(options);
    throw new Error('the options were taken');
  } catch (error) {
    const { code, problems } = error as InvalidConfigError;
    expect(code).toBe('READFLEET_OPTIONS_INVALID');
    expect(problems.map(({ path }) => path).sort()).toEqual([
      '',
      'lag.pollMs',
      'maxStalenessMs',
      'password',
      'pools.replicaMax',
    ]);
    expect((error as Error).message).toContain('maxStaleness');
  }
});

test.each<[string, object]>([
  ['balancer', { balancer: 'best' }],
  ['breaker.failureRate', { breaker: { failureRate: 1.1 } }],
  ['breaker.failures', { breaker: { failures: 0 } }],
  ['bulkhead.max', { bulkhead: { max: 0 } }],
  ['bulkhead.queue', { bulkhead: { queue: -1 } }],
  ['consistency', { consistency: 'weak' }],
  ['endpoints.shop', { endpoints: { shop: { maxStaleness: 5 } } }],
  ['endpoints.shop.enabled', { endpoints: { shop: { enabled: 'no' } } }],
  ['endpoints.shop.priority', { endpoints: { shop: { priority: 'urgent' } } }],
  ['endpoints.shop.rollout', { endpoints: { shop: { rollout: 101 } } }],
  ['failover.silenceMs', { failover: { silenceMs: -1 } }],
  ['pools.maxUses', { pools: { maxUses: 0 } }],
  ['retries.ratio', { retries: { ratio: -0.1 } }],
  ['session.waitMs', { session: { waitMs: Number.NaN } }],
  ['slowStartMs', { slowStartMs: -1 }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['via', { via: 'tunnel' }],
  ['zone', { zone: '' }],
])('%s is checked', (path, options) => {
  expect(problemPaths(() => resolveOptions(options))).toEqual([path]);
});

test('a time with which pg sets a timer is as long as a timer can be, at most', () => {
  const ever = Number.MAX_SAFE_INTEGER;
  const pools = { idleTimeoutMs: ever, connectTimeoutMs: 2 ** 31, maxLifetimeMs: ever };
  const settings = resolveOptions({ pools, lag: { pollMs: ever, timeoutMs: ever }, timeoutMs: ever });
  const latest = poolConfig({}, 'primary', settings.pools, () => 1 - Number.EPSILON);
  expect(latest.idleTimeoutMillis).toBe(2 ** 31 - 1);
  expect((latest.maxLifetimeSeconds as number) * 1_000).toBeLessThanOrEqual(2 ** 31 - 1);
  expect(settings).toMatchObject({
    pools: { connectTimeoutMs: 2 ** 31 - 1, primaryMax: 50, maxUses: Number.POSITIVE_INFINITY },
    // Of the clock, which takes any.
    lag: { pollMs: ever, timeoutMs: 2 ** 31 - 1 },
    timeoutMs: ever,
  });
  expect(resolveOptions({ pools: { idleTimeoutMs: 0, maxLifetimeMs: 5 } }).pools).toMatchObject({
    idleTimeoutMs: 0,
    maxLifetimeMs: 5,
  });
});

test('a bound may be infinite, and a password a function', () => {
  const password = () => 'token';
  expect(resolveOptions({ maxStalenessMs: Number.POSITIVE_INFINITY, password })).toMatchObject({
    maxStalenessMs: Number.POSITIVE_INFINITY,
    password,
  });
});

test.each<[unknown]>([
  [{ maxStalenessMs: -1 }],
  [{ maxStalenessMs: Number.NaN }],
  [{ consistency: 'maybe' }],
  [{ maxStaleness: 1 }],
])('read options %j are refused', (options) => {
  expect(() => checkReadOptions(options as ReadOptions)).toThrow(
    expect.objectContaining({ code: 'READFLEET_OPTIONS_INVALID' }),
  );
});

test.each([null, 5, 'strong', true])('%j are no read options', (options) => {
  expect(problemPaths(() => checkReadOptions(options as never))).not.toEqual([]);
});

test('every read option that is wrong is told at once', () => {
  const options = {
    maxStalenessMs: '5',
    consistency: 'weak',
    priority: 7,
    timeoutMs: Number.POSITIVE_INFINITY,
    attemptTimeoutMs: 0,
    hedge: 1,
    endpoint: '',
    signal: {},
    rolloutKey: 7,
  };
  expect(problemPaths(() => checkReadOptions(options as never))).toEqual(Object.keys(options).sort());
});

test('each read option is checked when it is the only one: nothing slips past the quick look', () => {
  const values = fc.oneof(
    fc.constantFrom<unknown>('eventual', 'session', 'strong', 'low', 'normal', 'high', '', undefined, null, {}, []),
    fc.constantFrom<unknown>(0, -1, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.constantFrom<unknown>(true, false, new AbortController().signal, 5n),
  );
  const right: Record<keyof ReadOptions, (value: unknown) => boolean> = {
    maxStalenessMs: (value) => typeof value === 'number' && value >= 0,
    consistency: (value) => ['eventual', 'session', 'strong'].includes(value as string),
    priority: (value) => ['low', 'normal', 'high'].includes(value as string),
    timeoutMs: (value) => Number.isFinite(value) && (value as number) > 0,
    attemptTimeoutMs: (value) => Number.isFinite(value) && (value as number) > 0,
    hedge: (value) => typeof value === 'boolean',
    endpoint: (value) => typeof value === 'string' && value.length > 0,
    signal: (value) => value instanceof AbortSignal,
    rolloutKey: (value) => typeof value === 'string',
  };
  const names = Object.keys(right) as (keyof ReadOptions)[];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), values), (options) => {
      const wrong = Object.entries(options).filter(
        ([name, value]) => value !== undefined && !right[name as keyof ReadOptions](value),
      );
      expect(problemPaths(() => checkReadOptions(options as ReadOptions))).toEqual(wrong.map(([name]) => name).sort());
    }),
  );
});

test('read options that are right are taken', () => {
  checkReadOptions({ maxStalenessMs: 0 });
  checkReadOptions({ maxStalenessMs: Number.POSITIVE_INFINITY, consistency: 'strong' });
  checkReadOptions({});
});
