import { type BalancerName, balancerOf } from '../../../../lib/routing/balancers';
import { counts, members, turns, weighing } from './members';
import { seeded } from './simulation';

const NAMES: readonly BalancerName[] = ['peak-ewma', 'round-robin', 'weighted', 'least-connections', 'random'];

function make(name: BalancerName, zone?: string) {
  return balancerOf(name, { random: seeded(1), zone });
}

test('peak-ewma goes by latency', () => {
  expect(turns(4, members({ latencyMs: 20 }, { latencyMs: 10, inFlight: 0 }), make('peak-ewma'))).toBe('bbbb');
});

test('least-connections goes by what is under way', () => {
  expect(turns(4, members({ latencyMs: 1, inFlight: 1 }, { latencyMs: 90 }), make('least-connections'))).toBe('bbbb');
});

test.each(['round-robin', 'weighted'] as const)('%s goes by turns', (name) => {
  expect(turns(7, weighing(5, 1, 1), make(name))).toBe('aabacaa');
});

test('random goes by chance', () => {
  const chosen = turns(20, weighing(1, 1), make('random'));
  expect(chosen).not.toMatch(/^(ab)+$/);
  expect(Object.keys(counts(chosen))).toHaveLength(2);
});

test.each(NAMES)('%s heeds weights', (name) => {
  const { a = 0 } = counts(turns(4_000, weighing(3, 1), make(name)));
  expect(a / 4_000).toBeCloseTo(0.75, 1);
});

test.each(NAMES)('%s stays in a zone that is given', (name) => {
  const of = members({ zone: 'a' }, { zone: 'b' });
  expect(turns(10, of, make(name, 'b'))).toBe('b'.repeat(10));
});

test.each(NAMES)('%s knows no zones when none is given', (name) => {
  const of = members({ zone: 'a' }, { zone: 'b' });
  expect(Object.keys(counts(turns(50, of, make(name)))).sort()).toEqual(['a', 'b']);
});

test.each(NAMES)('%s takes the only candidate, with its zone or without', (name) => {
  for (const zone of [undefined, 'a', 'b']) expect(turns(2, members({ zone: 'a' }), make(name, zone))).toBe('aa');
});

test('each has a memory of its own', () => {
  const of = weighing(1, 1);
  expect(turns(1, of, make('round-robin')) + turns(1, of, make('round-robin'))).toBe('aa');
});
