import { AwakeClock } from '../../lambda/awake-clock';
import { ManualClock } from '../support/manual-clock';

/** Both clocks, and one that was made of them. */
function clocks() {
  const monotonic = new ManualClock();
  const wall = { ms: 1_700_000_000_000 };
  const clock = new AwakeClock(monotonic, () => wall.ms);
  const pass = async (ms: number) => {
    wall.ms += ms;
    await monotonic.advance(ms);
  };
  return { clock, wall, pass };
}

test('time that passed while the process was frozen counts, when the monotonic clock stood still as well', async () => {
  const { clock, wall, pass } = clocks();
  await pass(50_000);
  wall.ms += 10_000;
  clock.wake();
  expect(clock.now()).toBe(60_000);
  await pass(50_000);
  wall.ms += 10_000;
  clock.wake();
  expect(clock.now()).toBe(120_000);
});

test('it is not counted twice when the monotonic clock went on', async () => {
  const { clock, pass } = clocks();
  await pass(60_000);
  clock.wake();
  expect(clock.now()).toBe(60_000);
});

test.each([-3_600_000, 900])('a wall clock that is set by %i ms changes nothing', async (step) => {
  const { clock, wall, pass } = clocks();
  await pass(60_000);
  wall.ms += step;
  clock.wake();
  expect(clock.now()).toBe(60_000);
  await pass(60_000);
  clock.wake();
  expect(clock.now()).toBe(120_000);
});

test('its timers are those of the monotonic clock', async () => {
  const { clock, pass } = clocks();
  const called = jest.fn();
  clock.after(10, called);
  clock.after(10, () => called('cancelled')).cancel();
  await pass(10);
  expect(called.mock.calls).toEqual([[]]);
});
