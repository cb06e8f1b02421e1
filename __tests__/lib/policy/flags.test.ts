import fc from 'fast-check';
import type { ReadfleetError } from '../../../lib/errors';
import { type FlagOptions, Flags } from '../../../lib/policy/flags';
import { shareOf } from '../../../lib/policy/share';

const never = () => {
  throw new Error('no chance was to be drawn');
};

function flagsWith(initial: Readonly<Record<string, FlagOptions>> = {}): { flags: Flags; changes: () => number } {
  let changes = 0;
  const flags = new Flags(initial, () => {
    changes += 1;
  });
  return { flags, changes: () => changes };
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
const admitted = (flags: Flags, endpoint: string, among: readonly string[]) =>
  among.filter((key) => flags.refusal(endpoint, key, never) === undefined);

describe('without flags', () => {
  test('nothing is refused', () => {
    const { flags } = flagsWith();
    expect(flags.refusal('search', 'user-1', never)).toBeUndefined();
    expect(flags.refusal(undefined, undefined, never)).toBeUndefined();
    expect(flags.list()).toEqual([]);
    expect(flags.allOff).toBe(false);
  });
});

describe('an endpoint', () => {
  test('that is disabled is refused, and no other', () => {
    const { flags } = flagsWith();
    flags.disable('search');
    expect(flags.refusal('search', 'user-1', never)).toBe('endpoint disabled');
    expect(flags.refusal('search', undefined, never)).toBe('endpoint disabled');
    expect(flags.refusal('orders', 'user-1', never)).toBeUndefined();
    expect(flags.refusal(undefined, 'user-1', never)).toBeUndefined();
  });

  test('is created when a flag is first set for it', () => {
    const { flags } = flagsWith();
    flags.disable('search');
    flags.rollout('orders', 25);
    flags.enable('users');
    expect(flags.list()).toEqual([
      { endpoint: 'search', enabled: false, percent: 0 },
      { endpoint: 'orders', enabled: true, percent: 25 },
      { endpoint: 'users', enabled: true, percent: 100 },
    ]);
  });

  test('that is enabled is open to all keys, whatever share had it before', () => {
    const { flags } = flagsWith();
    flags.rollout('search', 10);
    flags.disable('search');
    flags.enable('search');
    expect(flags.list()).toEqual([{ endpoint: 'search', enabled: true, percent: 100 }]);
    expect(admitted(flags, 'search', keys(100))).toHaveLength(100);
  });

  test('that was disabled is enabled by a rollout, for its share', () => {
    const { flags } = flagsWith();
    flags.disable('search');
    flags.rollout('search', 50);
    expect(flags.list()).toEqual([{ endpoint: 'search', enabled: true, percent: 50 }]);
  });

  test.each(['__proto__', 'constructor', 'a b', '…'])('may be called %s', (name) => {
    const { flags } = flagsWith();
    expect(flags.refusal(name, undefined, never)).toBeUndefined();
    flags.disable(name);
    expect(flags.refusal(name, undefined, never)).toBe('endpoint disabled');
  });
});

describe('the switch of everything', () => {
  test('refuses every read, also of no endpoint', () => {
    const { flags } = flagsWith();
    flags.disableAll();
    expect(flags.allOff).toBe(true);
    expect(flags.refusal('search', 'user-1', never)).toBe('switched off');
    expect(flags.refusal(undefined, undefined, never)).toBe('switched off');
  });

  test('leaves the flags of endpoints as they are', () => {
    const { flags } = flagsWith({ search: { enabled: false } });
    flags.disableAll();
    flags.enableAll();
    expect(flags.allOff).toBe(false);
    expect(flags.refusal('search', 'user-1', never)).toBe('endpoint disabled');
    expect(flags.refusal('orders', 'user-1', never)).toBeUndefined();
  });

  test('an endpoint enabled meanwhile waits for it', () => {
    const { flags } = flagsWith();
    flags.disableAll();
    flags.enable('search');
    expect(flags.refusal('search', 'user-1', never)).toBe('switched off');
  });
});

describe('flags of the start', () => {
  test('are enabled for all unless they say otherwise', () => {
    const { flags } = flagsWith({ search: {}, orders: { rollout: 25 }, users: { enabled: false, rollout: 25 } });
    expect(flags.list()).toEqual([
      { endpoint: 'search', enabled: true, percent: 100 },
      { endpoint: 'orders', enabled: true, percent: 25 },
      { endpoint: 'users', enabled: false, percent: 0 },
    ]);
    expect(flags.refusal('users', 'user-1', never)).toBe('endpoint disabled');
  });

  test('are no change', () => {
    expect(flagsWith({ search: { enabled: false } }).changes()).toBe(0);
  });
});

test('each change is told, and what changes nothing is not', () => {
  const { flags, changes } = flagsWith();
  const acts = [
    () => flags.disable('search'),
    () => flags.enable('search'),
    () => flags.rollout('search', 5),
    () => flags.disableAll(),
    () => flags.enableAll(),
  ];
  for (const [index, act] of acts.entries()) {
    act();
    act();
    expect(changes()).toBe(index + 1);
  }
});

describe('a rollout', () => {
  test('at 0 lets no key in, at 100 every one', () => {
    const { flags } = flagsWith();
    flags.rollout('search', 0);
    expect(admitted(flags, 'search', keys(1_000))).toEqual([]);
    expect(flags.refusal('search', 'user-1', never)).toBe('not in the rollout');
    flags.rollout('search', 100);
    expect(admitted(flags, 'search', keys(1_000))).toHaveLength(1_000);
  });

  test('without a key each read is drawn anew', () => {
    const { flags } = flagsWith({ search: { rollout: 25 } });
    expect(flags.refusal('search', undefined, () => 0.2499)).toBeUndefined();
    expect(flags.refusal('search', undefined, () => 0.25)).toBe('not in the rollout');
  });

  test('an empty key is a key', () => {
    const { flags } = flagsWith({ search: { rollout: 11 } });
    expect(flags.refusal('search', '', never)).toBe('not in the rollout');
    flags.rollout('search', 12);
    expect(flags.refusal('search', '', never)).toBeUndefined();
  });

  test('law: a key that is in stays in while the share grows', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), percent, percent, (endpoint, key, one, other) => {
        const { flags } = flagsWith();
        flags.rollout(endpoint, Math.min(one, other));
        const before = flags.refusal(endpoint, key, never);
        flags.rollout(endpoint, Math.max(one, other));
        if (before === undefined) expect(flags.refusal(endpoint, key, never)).toBeUndefined();
      }),
    );
  });
});

describe('the place of a key', () => {
  // Fixed for good: another value moves users in and out of rollouts at an upgrade.
  test.each([
    ['search', 'user-1', 3_681_618_358],
    ['search', 'user-2', 670_148_304],
    ['orders', 'user-1', 3_985_045_475],
    ['search', '', 483_129_893],
    ['search', '4f1c2a9e-7a55-4a52-9d0c-6b2f4f1b8a10', 1_325_988_320],
    ['suche', 'größe-東京-🚀', 2_973_798_553],
  ])('of %s and %s is the same in every process and release', (endpoint, key, hash) => {
    expect(shareOf(endpoint, key) * 2 ** 32).toBe(hash);
  });

  test('is FNV-1a of the UTF-16LE bytes, finished as MurmurHash3 does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (endpoint, key) => {
        let hash = 0x811c9dc5n;
        for (const byte of Buffer.from(`${endpoint}\0${key}`, 'utf16le')) {
          hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n;
        }
        hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) % 2n ** 32n;
        hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) % 2n ** 32n;
        hash ^= hash >> 16n;
        expect(shareOf(endpoint, key)).toBe(Number(hash) / 2 ** 32);
      }),
    );
  });

  const kinds: readonly [string, (index: number) => string][] = [
    ['numbers', String],
    ['numbers with a prefix', (index) => `user-${index}`],
    ['padded numbers', (index) => String(index).padStart(12, '0')],
    ['one letter and a number', (index) => `${String.fromCharCode(97 + (index % 26))}${Math.floor(index / 26)}`],
  ];

  test.each(kinds)('of %s is spread evenly', (_, keyOf) => {
    const bins = new Array<number>(100).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const bin = Math.floor(shareOf('search', keyOf(index)) * 100);
      bins[bin] = (bins[bin] as number) + 1;
    }
    expect(chiSquare(bins, 100)).toBeLessThan(BEYOND_99_99);
  });

  test('law: it is spread evenly whatever the endpoint and the numbers', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), fc.nat({ max: 1_000_000_000 }), (endpoint, from) => {
        const bins = new Array<number>(100).fill(0);
        for (let index = 0; index < 2_000; index += 1) {
          const bin = Math.floor(shareOf(endpoint, String(from + index)) * 100);
          bins[bin] = (bins[bin] as number) + 1;
        }
        expect(chiSquare(bins, 20)).toBeLessThan(BEYOND_99_99);
      }),
      { numRuns: 8, seed: 18 },
    );
  });

  test.each([
    ['search', 'orders'],
    ['a', 'b'],
    ['list-1', 'list-2'],
    ['x', 'xx'],
  ])('in %s says nothing of that in %s', (one, other) => {
    const bins = new Array<number>(100).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = (endpoint: string) => Math.floor(shareOf(endpoint, `user-${index}`) * 10);
      const bin = 10 * tenth(one) + tenth(other);
      bins[bin] = (bins[bin] as number) + 1;
    }
    expect(chiSquare(bins, 100)).toBeLessThan(BEYOND_99_99);
  });
});

/** Of 99 degrees of freedom: chance exceeds it once in ten thousand times. */
const BEYOND_99_99 = 161.3;

function chiSquare(bins: readonly number[], expected: number): number {
  return bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('what is no flag', () => {
  function refused(act: () => void): ReadfleetError {
    try {
      act();
    } catch (error) {
      return error as ReadfleetError;
    }
    throw new Error('was taken');
  }

  test.each([-1, 101, Number.NaN, Number.POSITIVE_INFINITY, '25' as never, undefined as never])(
    'a rollout of %p percent is refused, and nothing changes',
    (percent) => {
      const { flags, changes } = flagsWith();
      const error = refused(() => flags.rollout('search', percent));
      expect(error).toMatchObject({ code: 'READFLEET_OPTIONS_INVALID', problems: [{ path: 'percent', got: percent }] });
      expect(error.message).toContain('0 to 100');
      expect(flags.list()).toEqual([]);
      expect(changes()).toBe(0);
    },
  );

  test.each(['', 5 as never, undefined as never])('an endpoint %p is refused', (endpoint) => {
    const { flags } = flagsWith();
    for (const act of [() => flags.enable(endpoint), () => flags.disable(endpoint), () => flags.rollout(endpoint, 5)]) {
      expect(refused(act)).toMatchObject({
        code: 'READFLEET_OPTIONS_INVALID',
        problems: [{ path: 'endpoint', got: endpoint }],
      });
    }
  });

  test('flags of the start are refused with every problem at once', () => {
    const initial = { search: { rollout: 101 }, orders: { enabled: 'no' as never }, users: true as never, '': {} };
    expect(refused(() => flagsWith(initial)).message).toBe(
      [
        'flags: 4 problems',
        '  READFLEET_OPTIONS_INVALID  flags.search.rollout  got: 101',
        '    Must be a number of percent, 0 to 100.',
        '    Write 25 for a quarter of all keys.',
        '  READFLEET_OPTIONS_INVALID  flags.orders.enabled  got: "no"',
        '    Must be true or false.',
        '  READFLEET_OPTIONS_INVALID  flags.users  got: true',
        '    Must be an object.',
        '    Write e.g. { enabled: false } or { rollout: 25 }.',
        '  READFLEET_OPTIONS_INVALID  endpoint  got: ""',
        '    Must be the name of an endpoint, as reads give it in `endpoint`.',
      ].join('\n'),
    );
  });
});

describe('the flag of every other endpoint, *,', () => {
  test('holds where no flag was set, and for reads of no endpoint', () => {
    const { flags } = flagsWith({ '*': { enabled: false }, search: {} });
    expect(flags.refusal('orders', 'user-1', never)).toBe('endpoint disabled');
    expect(flags.refusal(undefined, undefined, never)).toBe('endpoint disabled');
    expect(flags.refusal('search', 'user-1', never)).toBeUndefined();
  });

  test('may be rolled out to a share of keys', () => {
    const { flags } = flagsWith();
    flags.rollout('*', 25);
    const share = admitted(flags, 'orders', keys(2_000)).length / 2_000;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });

  test.each([
    ['no flag', {}, false],
    ['the flag of an endpoint', { search: { enabled: false } }, false],
    ['* enabled', { '*': { enabled: true } }, false],
    ['* disabled', { '*': { enabled: false } }, true],
    ['* for a share', { '*': { rollout: 99 } }, true],
  ])('says whether reads that name none are touched: %s', (_, initial, touched) => {
    const { flags } = flagsWith(initial);
    expect(flags.touchNameless).toBe(touched);
    flags.disableAll();
    expect(flags.touchNameless).toBe(true);
    flags.enableAll();
    expect(flags.touchNameless).toBe(touched);
  });
});
