import { connect } from '../../../lib';
import {
  assertReadOnlyFrom,
  caughtUp,
  readsOf,
  startLocalFleet,
  TestClock,
  testOptions,
  withLag,
} from '../../../local/testing';

test('is set forward', () => {
  const clock = new TestClock();
  const before = clock.now();
  clock.advance(60_000);
  expect(clock.now() - before).toBeGreaterThanOrEqual(60_000);
  expect(clock.now() - before).toBeLessThan(61_000);
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '60000', undefined])('is not set forward by %p', (ms) => {
  const clock = new TestClock();
  const before = clock.now();
  expect(() => clock.advance(ms as number)).toThrow(
    expect.objectContaining({ code: 'READFLEET_TESTING_MILLISECONDS' }),
  );
  expect(clock.now() - before).toBeLessThan(1_000);
});

test('two fleets with one clock find the same replicas too old', async () => {
  await using servers = await startLocalFleet({ replicas: 1 });
  const clock = new TestClock();
  await using one = await connect(servers.contract, testOptions({ clock }));
  await using other = await connect(servers.contract, testOptions({ clock }));
  await Promise.all([caughtUp(one), caughtUp(other)]);

  const recorded = await withLag(one, { ms: 2_000 }, () => readsOf(other, () => other.query('select 1')));

  assertReadOnlyFrom(recorded, 'primary');
});
