import { maxConnections } from '../../../constructs/alarms/max-connections';
import { custom } from '../../../constructs/environment';

test('what the environment says is what counts', () => {
  expect(maxConnections({ max_connections: 400 }, 'db.r6g.large')).toBe(400);
  expect(maxConnections({ max_connections: 400 }, 'db.unheard.of')).toBe(400);
});

test('what it says unchecked counts when it is a number', () => {
  const said = (value: string) =>
    maxConnections(custom('max_connections', value, { apply: 'pending-reboot' }), 'db.r6g.large');

  expect(said('250')).toBe(250);
  expect(said('LEAST({DBInstanceClassMemory/9531392},5000)')).toBeUndefined();
});

test("else RDS's own default, from nine tenths of the class's memory", () => {
  expect(maxConnections({}, 'db.r6g.large')).toBe(1622);
  expect(maxConnections({}, 'db.t4g.micro')).toBe(101);
});

test('RDS gives 5000 at most', () => {
  expect(maxConnections({}, 'db.r6g.16xlarge')).toBe(5_000);
});

test('of a class that nobody knows nothing is known', () => {
  expect(maxConnections({}, 'db.x9z.large')).toBeUndefined();
});
