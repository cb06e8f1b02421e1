import fc from 'fast-check';
import { boundOf, type Condition, type KeyValue, type Range, rangesAfter } from '../../../data/paging/ranges';
import type { OrderColumn } from '../../../data/sql/order';

const keys: fc.Arbitrary<OrderColumn[]> = fc
  .array(
    fc.record({
      column: fc.constant('x'),
      direction: fc.constantFrom('asc' as const, 'desc' as const),
      nulls: fc.constantFrom(undefined, 'first' as const, 'last' as const),
    }),
    { maxLength: 3 },
  )
  // The last one is a unique column, which is never NULL.
  .chain((first) =>
    fc.constantFrom('asc' as const, 'desc' as const).map((direction) => [...first, { column: 'id', direction }]),
  );

const ordering = keys.chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.uniqueArray(fc.tuple(...columns.map(valueFor)) as fc.Arbitrary<KeyValue[]>, {
      selector: (row) => JSON.stringify(row),
      minLength: 1,
      maxLength: 40,
    }),
    longest: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
  }),
);

function valueFor({ nulls }: OrderColumn): fc.Arbitrary<KeyValue> {
  const value = fc.constantFrom('1', '2', '3');
  return nulls ? fc.option(value) : value;
}

/** As ORDER BY does it. */
function compare(columns: readonly OrderColumn[], one: readonly KeyValue[], other: readonly KeyValue[]): number {
  for (const [place, { direction, nulls }] of columns.entries()) {
    const [a, b] = [one[place] ?? null, other[place] ?? null];
    if (a === b) continue;
    if (a === null || b === null) return (a === null) === (nulls === 'first') ? -1 : 1;
    return a < b === (direction !== 'desc') ? -1 : 1;
  }
  return 0;
}

/** As PostgreSQL does it: a comparison with NULL is not true. */
function holds(condition: Condition, row: readonly KeyValue[], cursor: readonly KeyValue[]): boolean {
  if (condition.kind === 'null') return row[condition.key] === null;
  if (condition.kind === 'not null') return row[condition.key] !== null;
  if (condition.kind === 'equal') {
    return (
      row[condition.key] !== null && cursor[condition.key] !== null && row[condition.key] === cursor[condition.key]
    );
  }
  for (const key of condition.keys) {
    const [a, b] = [row[key] ?? null, cursor[key] ?? null];
    if (a === null || b === null) return false;
    if (a !== b) return a < b === condition.operator.startsWith('<');
  }
  return condition.operator.endsWith('=');
}

function within(range: Range, row: readonly KeyValue[], cursor: readonly KeyValue[]): boolean {
  return range.every((condition) => holds(condition, row, cursor));
}

test('the stretches, one after the other, hold the rows after the cursor, each once, in their order', () => {
  fc.assert(
    fc.property(ordering, ({ columns, rows, longest }) => {
      const sorted = [...rows].sort((one, other) => compare(columns, one, other));
      for (const [place, cursor] of sorted.entries()) {
        const ranges = rangesAfter(columns, cursor, longest);
        expect(ranges.flatMap((range) => sorted.filter((row) => within(range, row, cursor)))).toEqual(
          sorted.slice(place + 1),
        );
      }
    }),
  );
});

test('the bound shuts out no row after the cursor', () => {
  fc.assert(
    fc.property(ordering, ({ columns, rows, longest }) => {
      const sorted = [...rows].sort((one, other) => compare(columns, one, other));
      for (const [place, cursor] of sorted.entries()) {
        const bound = boundOf(columns, cursor, longest);
        if (bound) expect(sorted.slice(place + 1).filter((row) => !holds(bound, row, cursor))).toEqual([]);
      }
    }),
  );
});

test('one direction and no NULLs: one comparison of rows', () => {
  expect(rangesAfter([{ column: 'a' }, { column: 'b', direction: 'asc' }], ['1', '2'])).toEqual([
    [{ kind: 'compare', keys: [0, 1], operator: '>' }],
  ]);
});

test('mixed directions: first what shares the first column, then what is past it', () => {
  const columns: OrderColumn[] = [
    { column: 'a' },
    { column: 'b', direction: 'desc' },
    { column: 'c', direction: 'desc' },
  ];
  expect(rangesAfter(columns, ['1', '2', '3'])).toEqual([
    [
      { kind: 'equal', key: 0 },
      { kind: 'compare', keys: [1, 2], operator: '<' },
    ],
    [{ kind: 'compare', keys: [0], operator: '>' }],
  ]);
  expect(boundOf(columns, ['1', '2', '3'])).toEqual({ kind: 'compare', keys: [0], operator: '>=' });
});

test('NULLs that come last are a stretch of their own, at the end', () => {
  const columns: OrderColumn[] = [{ column: 'a', nulls: 'last' }, { column: 'id' }];
  expect(rangesAfter(columns, ['1', '2']).at(-1)).toEqual([{ kind: 'null', key: 0 }]);
  expect(boundOf(columns, ['1', '2'])).toBeUndefined();
  expect(boundOf(columns, [null, '2'])).toEqual({ kind: 'null', key: 0 });
});
