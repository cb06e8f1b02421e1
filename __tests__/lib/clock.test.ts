import fc from 'fast-check';
import { backgroundClock, LONGEST_TIMER_MS, sleep, systemClock } from '../../lib/clock';

const clocks = [
  ['of the system', systemClock],
  ['of the background', backgroundClock],
] as const;

describe.each(clocks)('the clock %s', (_, clock) => {
  test('is monotonic, and its timers can be taken back', async () => {
    const before = clock.now();
    const due = jest.fn();
    clock.after(0, due).cancel();
    await sleep(clock, 1);
    expect(due).not.toHaveBeenCalled();
    expect(clock.now()).toBeGreaterThan(before);
  });

  describe('beyond what a timer of Node’s can be set for', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    test('rings once, in its time and not before, and never when it was taken back', () => {
      const delays = fc.oneof(
        fc.integer({ min: 1, max: LONGEST_TIMER_MS * 4 }),
        fc.constantFrom(LONGEST_TIMER_MS, LONGEST_TIMER_MS + 1, LONGEST_TIMER_MS * 2, LONGEST_TIMER_MS * 2 + 1),
      );
      fc.assert(
        fc.property(delays, fc.double({ min: 0, max: 0.99, noNaN: true }), (delayMs, share) => {
          const set = jest.spyOn(globalThis, 'setTimeout');
          const [due, taken] = [jest.fn(), jest.fn()];
          clock.after(delayMs, due);
          const timer = clock.after(delayMs, taken);
          jest.advanceTimersByTime(Math.floor(delayMs * share));
          timer.cancel();
          jest.advanceTimersByTime(delayMs - 1 - Math.floor(delayMs * share));
          expect(due).not.toHaveBeenCalled();
          jest.advanceTimersByTime(1);
          jest.runAllTimers();
          expect([due.mock.calls.length, taken.mock.calls.length]).toEqual([1, 0]);
          // The timers of a test take any time: those of Node do not.
          expect(Math.max(...set.mock.calls.map(([, ms]) => ms as number))).toBeLessThanOrEqual(LONGEST_TIMER_MS);
          set.mockRestore();
        }),
      );
    });

    test.each([Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])('%s ms are as good as never', (delayMs) => {
      const due = jest.fn();
      const timer = clock.after(delayMs, due);
      jest.advanceTimersByTime(LONGEST_TIMER_MS * 5);
      expect(due).not.toHaveBeenCalled();
      timer.cancel();
      expect(jest.getTimerCount()).toBe(0);
    });
  });
});

test('a timer of the background keeps no process alive, however long it is', () => {
  const unref = jest.fn();
  const timer = { unref, ref: jest.fn() } as unknown as NodeJS.Timeout;
  unref.mockReturnValue(timer);
  const set = jest.spyOn(globalThis, 'setTimeout').mockReturnValue(timer);
  backgroundClock.after(5, jest.fn());
  backgroundClock.after(LONGEST_TIMER_MS + 1, jest.fn());
  expect(unref).toHaveBeenCalledTimes(2);
  const [, [again] = []] = set.mock.calls;
  (again as () => void)();
  expect(unref).toHaveBeenCalledTimes(3);
  set.mockRestore();
});
