import fc from 'fast-check';
import { type Asked, measureWithin } from '../../lambda/invocation';
import { ManualClock } from '../support/manual-clock';
import { CONTRACT, type Emitted, ROUND_TRIP_MS, SimulatedFleet } from './simulated-fleet';
import { measureOf } from './support';

/** The library's poll interval, moved by a tenth at most. */
const POLL_MS = 550;
/** A write every 10 ms, and the round trips between two questions: moments are told apart no finer. */
const GRAIN_MS = 10 + 2 * ROUND_TRIP_MS;

function secondsOf(emitted: readonly Emitted[]): (number | undefined)[] {
  return emitted.map(({ lag }) => lag?.seconds);
}

/** That each of `emitted` tells the true lag, and no more than a poll beyond it. */
function expectTrue(emitted: readonly Emitted[], lagMs: number): void {
  for (const { lag, atLeast } of emitted) {
    expect(atLeast).toBeUndefined();
    expect(lag?.seconds).toBeGreaterThanOrEqual((lagMs - GRAIN_MS) / 1_000);
    expect(lag?.seconds).toBeLessThanOrEqual((lagMs + POLL_MS + GRAIN_MS) / 1_000);
  }
}

describe('under steady writes', () => {
  test.each([20, 100, 200, 300, 900, 3_000])(
    'a replica %i ms behind is told to be that, and a poll more at most: after a cold start, and after a thaw',
    async (lagMs) => {
      const fleet = new SimulatedFleet(lagMs);
      for (let invocation = 0; invocation < 3; invocation++) {
        const emitted = await fleet.invoke();
        expect(emitted).toHaveLength(6);
        expectTrue(emitted, lagMs);
      }
    },
  );

  test('so is any, whatever the interval, the jitter and the moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 4_000 }),
        fc.constantFrom(10, 15, 20, 30, 60),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (lagMs, sampleSeconds, jitter) => {
          const fleet = new SimulatedFleet(lagMs, { random: () => jitter.next().value });
          expectTrue(await fleet.invoke(sampleSeconds), lagMs);
          expectTrue(await fleet.invoke(sampleSeconds), lagMs);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('the first sample waits no longer than a healthy replica takes to show what was written since', async () => {
    const fleet = new SimulatedFleet(900);
    await fleet.invoke();
    const [first, second] = await fleet.invoke();
    expect(first?.emittedAt).toBeLessThan(60_000 + 1_500);
    expect(second?.emittedAt).toBeLessThan(70_000 + 500);
  });

  test('members are looked at twice a second, and not between two invocations', async () => {
    const fleet = new SimulatedFleet(0);
    await fleet.invoke();
    // 50 s of looks, the six samples' own, and the first; the time to the next invocation has passed as well.
    expect(fleet.questions).toBeGreaterThan(95);
    expect(fleet.questions).toBeLessThan(120);
    expect(fleet.clock.timers).toBe(0);
  });
});

describe('a replica that is really behind', () => {
  test('beyond what the first sample waits: it is told what is known at least, and then the truth', async () => {
    const fleet = new SimulatedFleet(7_000);
    await fleet.invoke();
    const [first, ...others] = await fleet.invoke();
    expect(first).toMatchObject({ atLeast: true });
    expect(first?.lag?.seconds).toBeGreaterThan(4.5);
    expect(first?.lag?.seconds).toBeLessThanOrEqual(7);
    expect(first?.emittedAt).toBeLessThanOrEqual(60_000 + 5_500);
    expectTrue(others, 7_000);
  });

  test('beyond the gap: what was known before the thaw tells it, at once', async () => {
    const fleet = new SimulatedFleet(15_000);
    await fleet.invoke();
    const [first] = await fleet.invoke();
    expectTrue([first as Emitted], 15_000);
    expect(first?.emittedAt).toBeLessThan(60_000 + 500);
  });

  test('and shows what was written while nobody looked: less than the truth, never more, and beyond critical in every minute', async () => {
    const fleet = new SimulatedFleet(15_000);
    await fleet.invoke();
    const emitted = await fleet.invoke();
    const [known, least, ...others] = emitted as [Emitted, Emitted, ...Emitted[]];
    expectTrue([known, ...others], 15_000);
    expect(least).toMatchObject({ atLeast: true, state: { kind: 'lagging' } });
    expect(least.lag?.seconds).toBeGreaterThan(9.5);
    expect(least.lag?.seconds).toBeLessThanOrEqual(15);
  });

  test('with a sample a minute: the invocation waits until it is known how far', async () => {
    const fleet = new SimulatedFleet(20_000);
    await fleet.invoke(60);
    expectTrue(await fleet.invoke(60), 20_000);
  });

  test.each([
    ['while it was looked at', 30_000],
    ['while nobody looked', 55_000],
  ])('having stopped %s: it ages with each sample, for longer than a router remembers', async (_, stoppedAt) => {
    const fleet = new SimulatedFleet(0);
    fleet.shows = (now) => Math.min(now, stoppedAt);
    await fleet.invoke();
    for (let minute = 1; minute <= 15; minute++) {
      const emitted = await fleet.invoke();
      expect(secondsOf(emitted)).toEqual([...secondsOf(emitted)].sort((a = 0, b = 0) => a - b));
      const age = ((emitted.at(-1)?.emittedAt as number) - stoppedAt) / 1_000;
      expect(emitted.at(-1)?.lag?.seconds).toBeGreaterThan(age - 10);
      expect(emitted.at(-1)?.lag?.seconds).toBeLessThan(age + 1);
      expect(emitted.slice(1).every(({ state }) => state.kind === 'lagging')).toBe(true);
    }
  });

  test('since before a cold start: it is told at least since then, so its seconds are never missing', async () => {
    const fleet = new SimulatedFleet(0);
    fleet.shows = () => -3_600_000;
    const emitted = await fleet.invoke();
    expect(emitted.every(({ atLeast }) => atLeast)).toBe(true);
    expect(secondsOf(emitted).map((seconds) => Math.round(seconds ?? Number.NaN))).toEqual([5, 10, 20, 30, 40, 50]);
  });
});

test('a primary that was silent for a while makes no healthy replica old', async () => {
  const fleet = new SimulatedFleet(400);
  await fleet.invoke();
  fleet.answersAfterMs = 12_000;
  const invocation = fleet.invoke();
  fleet.clock.after(16_000, () => {
    fleet.answersAfterMs = ROUND_TRIP_MS;
  });
  const emitted = await invocation;
  for (const { lag } of emitted.slice(2)) expect(lag?.seconds).toBeLessThan(1);
});

describe('of an idle primary', () => {
  test('no replica that shows all ages, for minutes, whether it was caught up before or not', async () => {
    const fleet = new SimulatedFleet(3_000);
    fleet.writesUntil = 30_000;
    const [, , , , ...afterwards] = await fleet.invoke();
    expect(secondsOf(afterwards)).toEqual([0, 0]);
    for (let minute = 1; minute <= 3; minute++) expect(secondsOf(await fleet.invoke())).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('a replica that does not show the last that was written ages on', async () => {
    const fleet = new SimulatedFleet(0);
    fleet.writesUntil = 30_000;
    fleet.shows = (now) => Math.min(now, 29_000);
    await fleet.invoke();
    const [first, ...others] = await fleet.invoke();
    expect(first?.lag?.seconds).toBeGreaterThan(30);
    expect(others.at(-1)?.lag?.seconds).toBeGreaterThan(80);
  });
});

describe('what servers say beside', () => {
  test('is asked once for each sample', async () => {
    const fleet = new SimulatedFleet(0);
    const take = jest.fn(async () => new Map([['blue', { connections: 3, maxConnections: 100 }]]));
    fleet.servers = { take };
    const emitted = await fleet.invoke();
    expect(take).toHaveBeenCalledTimes(6);
    for (const { server } of emitted) expect(server).toEqual({ connections: 3, maxConnections: 100 });
  });

  test('moves no sample when it takes its time', async () => {
    const quick = new SimulatedFleet(0);
    const slow = new SimulatedFleet(0);
    slow.servers = {
      take: () => new Promise((resolve) => slow.clock.after(2_000, () => resolve(new Map()))),
    };
    const [inTime, late] = [await quick.invoke(), await slow.invoke()];
    expect(late.map(({ emittedAt }) => Math.floor(emittedAt / 10_000))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(secondsOf(late)).toEqual(secondsOf(inTime));
  });
});

describe('an invocation that does not come to its end', () => {
  /** Runs one, of which Lambda says that `limitMs` are left, to `ms` on its clock. */
  async function run(limitMs: number, ms: number, servers: (clock: ManualClock) => Asked['servers']) {
    const clock = new ManualClock();
    const emitted = jest.fn();
    const answer = { recovering: false, lsn: 1n, receiving: false, timeline: 1 };
    const measure = measureOf(CONTRACT, {
      clock,
      probeOf: () => ({ ask: async () => ({ at: clock.now(), ...answer }), close: () => undefined }),
    });
    const ended = measureWithin({ measure, servers: servers(clock) }, emitted, {
      everyMs: 60_000,
      clock,
      remainingMs: () => limitMs - clock.now(),
    }).then(
      () => ({ code: 'none', at: clock.now() }),
      ({ code, message }) => ({ code, message, at: clock.now() }),
    );
    await clock.advance(ms);
    return { ended: await Promise.race([ended, Promise.resolve('going on')]), emitted, clock };
  }

  test('fails a second before Lambda would kill it, and says so', async () => {
    const { ended } = await run(60_000, 59_000, () => ({ take: () => new Promise(() => undefined) }));
    expect(ended).toMatchObject({
      code: 'READFLEET_EMITTER_DEADLINE',
      message: expect.stringContaining('not done after 59000 ms'),
      at: 59_000,
    });
  });

  test('goes on until then', async () => {
    const { ended } = await run(60_000, 58_999, () => ({ take: () => new Promise(() => undefined) }));
    expect(ended).toBe('going on');
  });

  test('emits nothing afterwards: what it knows is old by then', async () => {
    const { emitted, clock } = await run(60_000, 59_000, (clock) => ({
      take: () => new Promise((resolve) => clock.after(59_500, () => resolve(new Map()))),
    }));
    await clock.advance(5_000);
    expect(emitted).not.toHaveBeenCalled();
  });

  test('leaves no timer behind when it does', async () => {
    const { ended, emitted, clock } = await run(60_000, 1_000, () => ({ take: async () => new Map() }));
    expect(ended).toMatchObject({ code: 'none' });
    expect(emitted).toHaveBeenCalledTimes(1);
    expect(clock.timers).toBe(0);
  });
});
