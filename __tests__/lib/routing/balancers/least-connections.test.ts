import fc from 'fast-check';
import { leastConnections } from '../../../../lib/routing/balancers/least-connections';
import { counts, members, NOW, turns, weighing } from './members';

test('the member with the fewest statements under way is chosen', () => {
  expect(turns(3, members({ inFlight: 2 }, { inFlight: 1 }, { inFlight: 3 }), leastConnections())).toBe('bbb');
});

test('statements under way count for the weight: twice the weight bears twice as many', () => {
  expect(turns(1, members({ inFlight: 3, weight: 4 }, { inFlight: 1, weight: 1 }), leastConnections())).toBe('a');
  expect(turns(1, members({ inFlight: 5, weight: 4 }, { inFlight: 1, weight: 1 }), leastConnections())).toBe('b');
});

test('a transaction that is open counts as under way', () => {
  const [a, b] = members({}, {});
  if (!a || !b) throw new Error('no members');
  a.load.hold();
  expect(turns(2, [a, b], leastConnections())).toBe('bb');
});

test('members with as few take turns', () => {
  expect(turns(6, members({}, { inFlight: 1 }, {}), leastConnections())).toBe('acacac');
});

test('an idle fleet shares by weight', () => {
  expect(counts(turns(60, weighing(3, 2, 1), leastConnections()))).toEqual({ a: 30, b: 20, c: 10 });
});

test('law: nobody with less to do for its weight is passed over', () => {
  const setup = fc.record({ inFlight: fc.nat(20), weight: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(fc.array(setup, { minLength: 1, maxLength: 6 }), (setups) => {
      const of = members(...setups);
      const chosen = leastConnections().choose(of, NOW);
      for (const { load, weight } of of)
        expect(chosen.load.inFlight / chosen.weight).toBeLessThanOrEqual(load.inFlight / weight);
    }),
  );
});
