import { resolveOptions } from '../../../lib/check-options';
import type { ConnectOptions, ReadOptions } from '../../../lib/options';
import { Flags } from '../../../lib/policy/flags';
import type { Policy } from '../../../lib/policy/policy';
import { PolicyResolver } from '../../../lib/policy/resolver';
import { Session } from '../../../lib/session/session';

const SESSION = new Session();

function resolver(options: ConnectOptions = {}) {
  const flags = new Flags({}, () => undefined);
  return { flags, resolver: new PolicyResolver(resolveOptions(options), flags) };
}

function resolve(read: ReadOptions | undefined, options: ConnectOptions = {}, session?: Session): Policy {
  return resolver(options).resolver.resolve(read, session);
}

test('a read that says nothing gets the fleet’s defaults', () => {
  const defaults: Policy = {
    endpoint: undefined,
    maxStalenessMs: 1_000,
    explicit: false,
    toPrimary: undefined,
    priority: 'normal',
    timeoutMs: undefined,
    attemptTimeoutMs: undefined,
    signal: undefined,
    hedge: false,
    session: undefined,
  };
  expect(resolve(undefined)).toEqual(defaults);
  expect(resolve({})).toEqual(defaults);
});

test('a read that says nothing gets the same object each time: it costs no allocation', () => {
  const { resolver: policies } = resolver();
  expect(policies.resolve(undefined, undefined)).toBe(policies.resolve(undefined, undefined));
});

test('what the fleet is told holds for each read', () => {
  expect(resolve(undefined, { maxStalenessMs: 50, timeoutMs: 70 })).toMatchObject({
    maxStalenessMs: 50,
    timeoutMs: 70,
    explicit: false,
  });
});

const SHOP = {
  maxStalenessMs: 20,
  consistency: 'eventual',
  priority: 'low',
  timeoutMs: 30,
  attemptTimeoutMs: 40,
  hedge: true,
} as const;
const OF_SHOP = {
  endpoint: 'shop',
  maxStalenessMs: 20,
  explicit: true,
  priority: 'low',
  timeoutMs: 30,
  attemptTimeoutMs: 40,
  hedge: true,
  session: undefined,
  toPrimary: undefined,
};
const FLEET = { maxStalenessMs: 500, consistency: 'strong', timeoutMs: 600, endpoints: { shop: SHOP } } as const;

test('what an endpoint is told is nearer than what the fleet is told', () => {
  expect(resolve({ endpoint: 'shop' }, FLEET, SESSION)).toMatchObject(OF_SHOP);
});

test('what a call says is nearest', () => {
  const { signal } = new AbortController();
  const call = {
    endpoint: 'shop',
    maxStalenessMs: 1,
    consistency: 'session',
    priority: 'high',
    timeoutMs: 2,
    attemptTimeoutMs: 3,
    hedge: false,
    signal,
  } as const;
  expect(resolve(call, FLEET, SESSION)).toEqual({
    endpoint: 'shop',
    maxStalenessMs: 1,
    explicit: true,
    priority: 'high',
    timeoutMs: 2,
    attemptTimeoutMs: 3,
    hedge: false,
    signal,
    session: SESSION,
    toPrimary: undefined,
  });
});

test('what a call leaves undefined is as if it said nothing', () => {
  const call = { endpoint: 'shop', maxStalenessMs: undefined, timeoutMs: undefined, hedge: undefined };
  expect(resolve(call, FLEET)).toMatchObject(OF_SHOP);
});

test('an endpoint that nobody told of has the fleet’s defaults under its own name', () => {
  expect(resolve({ endpoint: 'cart' }, { maxStalenessMs: 50, endpoints: { shop: SHOP } })).toMatchObject({
    endpoint: 'cart',
    maxStalenessMs: 50,
    explicit: false,
    priority: 'normal',
    hedge: false,
  });
});

test.each(['constructor', 'toString', '__proto__'])('an endpoint may be called %s', (endpoint) => {
  expect(resolve({ endpoint }, { endpoints: { shop: SHOP } })).toMatchObject({ endpoint, maxStalenessMs: 1_000 });
});

describe('a bound is the caller’s own', () => {
  test('when the call names it, were it the default itself', () => {
    expect(resolve({ maxStalenessMs: 1_000 }).explicit).toBe(true);
    expect(resolve({ maxStalenessMs: Number.POSITIVE_INFINITY }).explicit).toBe(true);
  });

  test('when its endpoint names it', () => {
    expect(resolve({ endpoint: 'shop' }, { endpoints: { shop: { maxStalenessMs: 5 } } }).explicit).toBe(true);
    expect(resolve({ endpoint: 'shop' }, { endpoints: { shop: { priority: 'low' } } }).explicit).toBe(false);
  });
});

describe('a session', () => {
  test.each<[string, ReadOptions | undefined, ConnectOptions, Session | undefined]>([
    ['is heeded by default', undefined, {}, SESSION],
    ['is heeded by default, whatever else the call says', { timeoutMs: 5 }, {}, SESSION],
    ['is not heeded by an eventual read', { consistency: 'eventual' }, {}, undefined],
    ['is not heeded where the fleet is eventual', undefined, { consistency: 'eventual' }, undefined],
    ['is heeded by a call that asks for it', { consistency: 'session' }, { consistency: 'eventual' }, SESSION],
    ['is heeded by a strong read: what it saw, later reads must see too', { consistency: 'strong' }, {}, SESSION],
  ])('%s', (_, read, options, heeded) => {
    expect(resolve(read, options, SESSION).session).toBe(heeded);
  });
});

describe('a read goes to the primary', () => {
  test('when it is strong, by its own word, its endpoint’s or the fleet’s', () => {
    expect(resolve({ consistency: 'strong' }).toPrimary).toBe('strong');
    expect(resolve({ endpoint: 'shop' }, { endpoints: { shop: { consistency: 'strong' } } }).toPrimary).toBe('strong');
    expect(resolve(undefined, { consistency: 'strong' }).toPrimary).toBe('strong');
  });

  test('when everything is switched off, and no more once it is on again', () => {
    const { flags, resolver: policies } = resolver();
    for (const read of [undefined, {}]) {
      flags.disableAll();
      expect(policies.resolve(read, undefined).toPrimary).toBe('switched off');
      flags.enableAll();
      expect(policies.resolve(read, undefined).toPrimary).toBeUndefined();
    }
  });

  test('when its endpoint is disabled', () => {
    const { flags, resolver: policies } = resolver();
    flags.disable('shop');
    expect(policies.resolve({ endpoint: 'shop' }, undefined).toPrimary).toBe('endpoint disabled');
    expect(policies.resolve({ endpoint: 'cart' }, undefined).toPrimary).toBeUndefined();
  });

  test('when its key is not in the rollout; without a key each read is drawn', () => {
    const draws = [0.2, 0.3];
    const { flags, resolver: policies } = resolver({ random: () => draws.shift() ?? 1 });
    flags.rollout('shop', 25);
    const drawn = [1, 2].map(() => policies.resolve({ endpoint: 'shop' }, undefined).toPrimary);
    expect(drawn).toEqual([undefined, 'not in the rollout']);

    const ofKey = (rolloutKey: string) => policies.resolve({ endpoint: 'shop', rolloutKey }, undefined).toPrimary;
    const keys = Array.from({ length: 400 }, (_, index) => `user ${index}`);
    const share = keys.filter((key) => ofKey(key) === undefined).length;
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
    expect(keys.map(ofKey)).toEqual(keys.map(ofKey));
  });

  test('strong is said first, since it stays when the switches are on again', () => {
    const { flags, resolver: policies } = resolver();
    flags.disableAll();
    expect(policies.resolve({ consistency: 'strong' }, undefined).toPrimary).toBe('strong');
  });
});

test('what a call says is checked', () => {
  expect(() => resolve({ maxStalenessMs: -1 })).toThrow(expect.objectContaining({ code: 'READFLEET_OPTIONS_INVALID' }));
});
