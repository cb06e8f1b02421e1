import fc from 'fast-check';
import { orderOf } from '../../bench/order';

const counts = fc.integer({ min: 1, max: 15 });

/** After how many rounds the design is balanced. */
function cycle(count: number): number {
  return count % 2 === 0 ? count : 2 * count;
}

test('each candidate runs once in each round', () => {
  fc.assert(
    fc.property(counts, fc.nat(100), (count, round) => {
      expect([...orderOf(round, count)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
    }),
  );
});

test('each candidate follows each other equally often', () => {
  fc.assert(
    fc.property(counts, (count) => {
      const followed = new Map<string, number>();
      for (let round = 0; round < cycle(count); round += 1) {
        const order = orderOf(round, count);
        order.slice(1).forEach((candidate, place) => {
          const pair = `${order[place]} ${candidate}`;
          followed.set(pair, (followed.get(pair) ?? 0) + 1);
        });
      }

      expect(followed.size).toBe(count * (count - 1));
      expect(new Set(followed.values()).size).toBeLessThanOrEqual(1);
    }),
  );
});

test('each place goes to each candidate equally often', () => {
  fc.assert(
    fc.property(counts, (count) => {
      const firsts = Array.from({ length: cycle(count) }, (_, round) => orderOf(round, count)[0]);

      for (let candidate = 0; candidate < count; candidate += 1) {
        expect(firsts.filter((first) => first === candidate)).toHaveLength(cycle(count) / count);
      }
    }),
  );
});
