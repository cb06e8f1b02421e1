import fc from 'fast-check';
import { BoundedNames } from '../../../monitoring/metrics/bounded-names';

test('names are kept as they are, until there are too many', () => {
  const names = new BoundedNames(2);
  expect(['a', 'b', 'c', 'a', 'd', 'b'].map((name) => names.of(name))).toEqual(['a', 'b', 'other', 'a', 'other', 'b']);
});

test('no name is the empty one, and takes no place', () => {
  const names = new BoundedNames(1);
  expect([names.of(undefined), names.of(''), names.of('a')]).toEqual(['', '', 'a']);
});

test('a name that is too long is cut; two that are the same until there are one', () => {
  const names = new BoundedNames(1);
  expect(names.of(`${'x'.repeat(64)}1`)).toBe('x'.repeat(64));
  expect(names.of(`${'x'.repeat(64)}2`)).toBe('x'.repeat(64));
});

test('each value that is made is told of, once', () => {
  const told: string[] = [];
  const names = new BoundedNames(2, (name) => told.push(name));
  for (const name of ['a', 'a', 'b', 'c', '', 'd']) names.of(name);
  expect(told).toEqual(['a', 'b', 'other']);
});

const anyName = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom(undefined, '', '\ud800', 'a'));

test('whatever is read makes no more values than the bound, beside none and other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), fc.array(anyName, { maxLength: 40 }), (max, asked) => {
      const names = new BoundedNames(max);
      const values = new Set(asked.map((name) => names.of(name)));
      expect(values.size).toBeLessThanOrEqual(max + 2);
    }),
  );
});

test('a name has one value for ever, and different values are different as UTF-8', () => {
  fc.assert(
    fc.property(fc.array(anyName, { maxLength: 40 }), (asked) => {
      const names = new BoundedNames(20);
      const first = asked.map((name) => names.of(name));
      for (const value of first) expect(Buffer.from(value, 'utf8').toString('utf8')).toBe(value);
      const later = asked.map((name) => names.of(name));
      // What came too late the first time does so ever after.
      expect(later).toEqual(first);
    }),
  );
});
