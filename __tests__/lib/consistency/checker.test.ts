import fc from 'fast-check';
import { violationsOf } from './checker';
import { formatViolation, type Operation, type Read, type Write } from './history';

function write(session: string, value: number, begin: number, end: number, differing: Partial<Write> = {}): Write {
  return { kind: 'write', session, key: `of ${session}`, value, begin, end, acknowledged: true, ...differing };
}

/** @param seen what the keys of the sessions held */
function read(
  session: string | undefined,
  seen: Record<string, number>,
  begin: number,
  end: number,
  boundMs?: number,
  onPrimary = false,
): Read {
  return {
    kind: 'read',
    ...(session === undefined ? {} : { session }),
    seen: new Map(Object.entries(seen).map(([writer, value]) => [`of ${writer}`, value])),
    begin,
    end,
    ...(boundMs === undefined ? {} : { boundMs }),
    onPrimary,
  };
}

function brokenBy(...history: Operation[]): string[] {
  return violationsOf(history).map(({ promise, key, expected, seen }) => `${promise}: ${key} ${seen} for ${expected}`);
}

test('nothing done is nothing broken', () => {
  expect(brokenBy()).toEqual([]);
});

describe('read your writes', () => {
  test('a read that misses a write of its session that had ended is found', () => {
    expect(brokenBy(write('a', 1, 0, 10), write('a', 2, 20, 30), read('a', { a: 1 }, 31, 32))).toEqual([
      'read your writes: of a 1 for 2',
    ]);
  });

  test('also when the row is not there at all, and when it is not the latest read', () => {
    expect(brokenBy(read('a', { a: 1 }, 40, 41), write('a', 1, 0, 10), read('a', {}, 11, 12))).toEqual([
      'read your writes: of a 0 for 1',
    ]);
  });

  test('a read that began before the write ended may see either', () => {
    expect(brokenBy(write('a', 1, 0, 10), read('a', {}, 5, 12))).toEqual([]);
    expect(brokenBy(write('a', 1, 0, 10), read('a', { a: 1 }, 5, 12))).toEqual([]);
  });

  test("another session's writes are not its own", () => {
    expect(brokenBy(write('b', 1, 0, 10), read('a', {}, 20, 21))).toEqual([]);
  });

  test('a write of unknown fate may be missed, and may be seen', () => {
    const lost = write('a', 1, 0, 10, { acknowledged: false });

    expect(brokenBy(lost, read('a', {}, 20, 21), read('a', { a: 1 }, 30, 31))).toEqual([]);
  });

  test('an acknowledged write before one of unknown fate is not forgotten', () => {
    const history = [write('a', 1, 0, 10), write('a', 2, 20, 30, { acknowledged: false }), read('a', {}, 40, 41)];

    expect(brokenBy(...history)).toEqual(['read your writes: of a 0 for 1']);
  });
});

describe('monotonic reads', () => {
  const source = [write('b', 1, 0, 1), write('b', 2, 2, 3)];

  test('a read that sees less than one before is found', () => {
    expect(brokenBy(...source, read('a', { b: 2 }, 10, 11), read('a', { b: 1 }, 12, 13))).toEqual([
      'monotonic reads: of b 1 for 2',
    ]);
  });

  test('also when a read between saw less still, which hides nothing', () => {
    const history = [read('a', { b: 2 }, 10, 11), read('a', {}, 12, 13), read('a', { b: 1 }, 14, 15)];

    expect(brokenBy(...source, ...history)).toEqual(['monotonic reads: of b 0 for 2', 'monotonic reads: of b 1 for 2']);
  });

  test('reads that were under way at once may see either', () => {
    expect(brokenBy(...source, read('a', { b: 2 }, 10, 14), read('a', { b: 1 }, 12, 13))).toEqual([]);
  });

  test('what another session saw does not count, nor what a read in no session saw', () => {
    expect(brokenBy(...source, read('c', { b: 2 }, 10, 11), read('a', { b: 1 }, 12, 13))).toEqual([]);
    expect(brokenBy(...source, read(undefined, { b: 2 }, 10, 11), read(undefined, { b: 1 }, 12, 13))).toEqual([]);
  });

  test('the primary may show less than a replica did, while the write has not ended', () => {
    const under = write('b', 3, 4, 20);
    const seen = [read('a', { b: 3 }, 10, 11), read('a', { b: 2 }, 12, 13, undefined, true)];

    expect(brokenBy(...source, under, ...seen)).toEqual([]);
    expect(brokenBy(...source, { ...under, acknowledged: false }, ...seen)).toEqual([]);
  });

  test('but not once it has, nor less than was acknowledged; and a replica after it may not at all', () => {
    const under = write('b', 3, 4, 20);
    const before = read('a', { b: 3 }, 10, 11);

    expect(brokenBy(...source, under, before, read('a', { b: 2 }, 21, 22, undefined, true))).toEqual([
      'monotonic reads: of b 2 for 3',
    ]);
    expect(brokenBy(...source, under, before, read('a', { b: 1 }, 12, 13, undefined, true))).toEqual([
      'monotonic reads: of b 1 for 2',
    ]);
    expect(
      brokenBy(...source, under, before, read('a', { b: 2 }, 12, 13, undefined, true), read('a', { b: 2 }, 14, 15)),
    ).toEqual(['monotonic reads: of b 2 for 3']);
  });

  test('a key that a read saw go back, while another went on, is found', () => {
    const history = [write('c', 1, 4, 5), read('a', { b: 2 }, 10, 11), read('a', { b: 1, c: 1 }, 12, 13)];

    expect(brokenBy(...source, ...history)).toEqual(['monotonic reads: of b 1 for 2']);
  });
});

describe('bounded staleness', () => {
  test('a write of anybody, acknowledged before the read began by more than the bound, must be seen', () => {
    expect(brokenBy(write('b', 1, 0, 10), read(undefined, {}, 111, 112, 100))).toEqual([
      'bounded staleness: of b 0 for 1',
    ]);
  });

  test('one acknowledged later may be missed, however late the read ended', () => {
    expect(brokenBy(write('b', 1, 0, 10), read(undefined, {}, 109, 500, 100))).toEqual([]);
    expect(brokenBy(write('b', 1, 0, 10), read(undefined, {}, 110, 500, 100))).toEqual([]);
  });

  test('a bound of 0 is the latest', () => {
    expect(brokenBy(write('b', 1, 0, 10), read('a', {}, 11, 12, 0))).toEqual(['bounded staleness: of b 0 for 1']);
  });

  test('without a bound nothing is owed', () => {
    expect(brokenBy(write('b', 1, 0, 10), read(undefined, {}, 1e6, 1e6))).toEqual([]);
  });
});

describe('no value from nowhere', () => {
  test('a value that nobody had begun to write is found', () => {
    expect(brokenBy(write('b', 1, 0, 10), read('a', { b: 2 }, 20, 21))).toEqual([
      'no value from nowhere: of b 2 for 1',
    ]);
    expect(brokenBy(write('b', 1, 30, 40), read('a', { b: 1 }, 20, 21))).toEqual([
      'no value from nowhere: of b 1 for 0',
    ]);
  });

  test('a write under way may be seen', () => {
    expect(brokenBy(write('b', 1, 0, 100), read('a', { b: 1 }, 20, 21))).toEqual([]);
  });
});

test('a violation is told as the two operations that show it', () => {
  const history = [write('a', 1, 1_000, 1_010), write('a', 2, 1_020, 1_030), read('a', { a: 1 }, 1_031, 1_032, 500)];

  expect(violationsOf(history).map(formatViolation)).toEqual([
    [
      'read your writes: of a had to be at least 2, and was 1',
      '  0.00 to 10.00 ms  a writes 2',
      '  11.00 to 12.00 ms  a reads 1 (bound 500 ms)',
    ].join('\n'),
  ]);
});

describe('the definitions, tried on every pair', () => {
  const moments = fc.tuple(fc.nat(40), fc.nat(10)).map(([begin, length]) => ({ begin, end: begin + length }));
  const reads = fc
    .record({
      at: moments,
      session: fc.constantFrom('a', 'b', undefined),
      a: fc.nat(4),
      b: fc.nat(4),
      bound: fc.option(fc.nat(20)),
      onPrimary: fc.boolean(),
    })
    .map(({ at, session, a, b, bound, onPrimary }) =>
      read(session, { a, b }, at.begin, at.end, bound ?? undefined, onPrimary),
    );
  /** Of one writer: 1, 2, 3 …, one after the other. */
  const writes = (session: string) =>
    fc
      .array(fc.record({ pause: fc.nat(8), length: fc.nat(8), acknowledged: fc.boolean() }), { maxLength: 5 })
      .map((all) => {
        let now = 0;
        return all.map(({ pause, length, acknowledged }, index) => {
          const begin = now + pause;
          now = begin + length;
          return write(session, index + 1, begin, now, { acknowledged });
        });
      });

  test('say the same', () => {
    fc.assert(
      fc.property(writes('a'), writes('b'), fc.array(reads, { maxLength: 12 }), (one, other, some) => {
        const history = [...one, ...other, ...some];
        const found = new Set(
          violationsOf(history).map(({ promise, key, read: of }) => `${promise} ${key} ${some.indexOf(of)}`),
        );
        expect(found).toEqual(byDefinition([...one, ...other], some));
      }),
      { numRuns: 500 },
    );
  });
});

function byDefinition(writes: readonly Write[], reads: readonly Read[]): Set<string> {
  const found = new Set<string>();
  reads.forEach((of, index) => {
    for (const key of ['of a', 'of b']) {
      const seen = of.seen.get(key) ?? 0;
      const ofKey = writes.filter((each) => each.key === key);
      const acknowledgedBefore = (moment: number) =>
        Math.max(0, ...ofKey.filter((each) => each.acknowledged && each.end < moment).map(({ value }) => value));
      if (seen > ofKey.filter(({ begin }) => begin < of.end).length) found.add(`no value from nowhere ${key} ${index}`);
      for (const { session, value, end, acknowledged } of ofKey) {
        if (!acknowledged || seen >= value) continue;
        if (of.session === session && end < of.begin) found.add(`read your writes ${key} ${index}`);
        if (of.boundMs !== undefined && end < of.begin - of.boundMs) found.add(`bounded staleness ${key} ${index}`);
      }
      for (const earlier of reads) {
        const before = of.session !== undefined && earlier.session === of.session && earlier.end < of.begin;
        if (!before) continue;
        const shown = earlier.seen.get(key) ?? 0;
        const owed = of.onPrimary ? Math.min(shown, acknowledgedBefore(of.begin)) : shown;
        if (owed > seen) found.add(`monotonic reads ${key} ${index}`);
      }
    }
  });
  return found;
}
