import type { InvalidConfigError } from '../../lib/errors';
import { type ConnectOptions, checkReadOptions, type ReadOptions, resolveOptions } from '../../lib/options';

test('without options every default holds', () => {
  expect(resolveOptions({})).toMatchObject({
    maxStalenessMs: 1_000,
    lag: { pollMs: 500, timeoutMs: 1_000 },
    pools: { primaryMax: 50, replicaMax: 30, idleTimeoutMs: 30_000, connectTimeoutMs: 2_000, maxLifetimeMs: 1_800_000 },
    user: undefined,
    password: undefined,
    ca: undefined,
    applicationName: 'readfleet',
    closeTimeoutMs: 5_000,
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

test('read options that are right are taken', () => {
  checkReadOptions({ maxStalenessMs: 0 });
  checkReadOptions({ maxStalenessMs: Number.POSITIVE_INFINITY, consistency: 'strong' });
  checkReadOptions({});
});
