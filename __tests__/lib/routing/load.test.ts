import fc from 'fast-check';
import { Load } from '../../../lib/routing/load';

const NOW = 10_000;

function answeredIn(latencyMs: number, now = NOW): Load {
  const load = new Load();
  load.observe(latencyMs, now);
  return load;
}

test('the first answer is believed', () => {
  expect(answeredIn(20).latencyMs(NOW)).toBe(20);
});

test('nothing is known before the first answer', () => {
  expect(new Load().latencyMs(NOW)).toBe(0);
  expect(new Load().known(NOW)).toBe(0);
});

test('a slower answer is believed at once', () => {
  const load = answeredIn(20);
  load.observe(300, NOW + 1);
  expect(load.latencyMs(NOW + 1)).toBe(300);
});

test('a faster answer is believed only in time', () => {
  const load = answeredIn(300);
  load.observe(20, NOW + 1);
  expect(load.latencyMs(NOW + 1)).toBeGreaterThan(290);
  load.observe(20, NOW + 20_000);
  expect(load.latencyMs(NOW + 20_000)).toBeCloseTo(20, 0);
});

test('a peak fades while quick answers follow each other closely', () => {
  const load = answeredIn(300);
  for (let now = NOW; now < NOW + 10_000; now += 1) load.observe(2, now);
  expect(load.latencyMs(NOW + 10_000)).toBeLessThan(5);
});

test('a member that answers nothing because it is not asked is forgiven', () => {
  const load = answeredIn(300);
  const later = [500, 2_000, 10_000].map((after) => load.latencyMs(NOW + after));
  expect(later).toEqual([...later].sort((a, b) => b - a));
  expect(later[1]).toBeCloseTo(300 / Math.E);
  expect(load.cost(NOW + 60_000)).toBe(1);
});

test('looking does not change what is seen', () => {
  const [looked, left] = [answeredIn(300), answeredIn(300)];
  for (let now = NOW; now < NOW + 1_000; now += 7) looked.cost(now);
  expect(looked.latencyMs(NOW + 1_000)).toBe(left.latencyMs(NOW + 1_000));
});

test('what is under way makes the next statement dearer', () => {
  const load = answeredIn(20);
  load.begin(NOW);
  load.begin(NOW);
  expect(load.inFlight).toBe(2);
  expect(load.cost(NOW)).toBe(60);
  load.end();
  expect(load.cost(NOW)).toBe(40);
});

test('answers faster than a millisecond differ by noise', () => {
  expect(answeredIn(0.2).cost(NOW)).toBe(answeredIn(0.7).cost(NOW));
});

test('a report of a minute counts as a second', () => {
  expect(answeredIn(60_000).latencyMs(NOW)).toBe(1_000);
});

describe('a member that has never answered', () => {
  test('costs least while nothing is under way there', () => {
    expect(new Load().cost(NOW)).toBe(1);
  });

  test('costs as much as a failing one while its first statement is under way', () => {
    const load = new Load();
    load.begin(NOW);
    expect(load.cost(NOW)).toBe(2_000);
    load.begin(NOW);
    expect(load.cost(NOW)).toBe(3_000);
  });
});

describe('a failure', () => {
  test('counts as the slowest answer, however quick it was', () => {
    const load = answeredIn(2);
    load.failed(NOW);
    expect(load.latencyMs(NOW)).toBe(1_000);
  });

  test('is forgiven as a slow answer is', () => {
    const load = new Load();
    load.failed(NOW);
    expect(load.cost(NOW + 20_000)).toBe(1);
  });
});

describe('silence', () => {
  test('a server that owes an answer is at least as slow as it has been silent', () => {
    const load = answeredIn(2);
    load.begin(NOW + 10);
    expect(load.latencyMs(NOW + 100)).toBe(90);
  });

  test('counts from the first statement that waits, not from the last', () => {
    const load = answeredIn(2);
    load.begin(NOW + 10);
    load.begin(NOW + 90);
    expect(load.silenceMs(NOW + 100)).toBe(90);
  });

  test('is broken by any answer', () => {
    const load = answeredIn(2);
    load.begin(NOW);
    load.begin(NOW);
    load.end();
    load.observe(2, NOW + 90);
    expect(load.silenceMs(NOW + 100)).toBe(10);
  });

  test('of a server that owes nothing means nothing', () => {
    const load = answeredIn(2);
    load.begin(NOW);
    load.end();
    expect(load.silenceMs(NOW + 10_000)).toBe(0);
  });

  test('of a server whose transaction is idle in the hands of the app means nothing', () => {
    const load = answeredIn(2);
    load.hold();
    expect(load.latencyMs(NOW + 500)).toBeLessThan(2);
    expect(load.inFlight).toBe(1);
    load.release();
    expect(load.inFlight).toBe(0);
  });

  test('counts as a second at most', () => {
    const load = answeredIn(2);
    load.begin(NOW);
    expect(load.latencyMs(NOW + 60_000)).toBe(1_000);
  });
});

describe('the mean', () => {
  test('moves by a sixteenth with an answer that follows closely', () => {
    const load = answeredIn(16);
    load.observe(32, NOW);
    expect(load.meanMs).toBe(17);
  });

  test('is the newest answer after a long pause', () => {
    const load = answeredIn(16);
    load.observe(32, NOW + 60_000);
    expect(load.meanMs).toBeCloseTo(32);
  });

  test('is kept, however long ago, while how much is known of it fades', () => {
    const load = answeredIn(16);
    expect(load.meanMs).toBe(16);
    expect([load.known(NOW), load.known(NOW + 2_000)]).toEqual([1, 1 / Math.E]);
  });
});

test('law: what is believed lies between the least and the greatest that was seen, or fades below it', () => {
  const answers = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 5_000 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(answers, (seen) => {
      const load = new Load();
      let now = NOW;
      for (const [latency, pause] of seen) {
        now += pause;
        load.observe(latency, now);
        expect(load.latencyMs(now)).toBeGreaterThanOrEqual(latency * (1 - 1e-9));
      }
      const latencies = seen.map(([latency]) => latency);
      expect(load.latencyMs(now)).toBeLessThanOrEqual(Math.max(...latencies) + 1e-9);
      expect(load.meanMs).toBeGreaterThanOrEqual(Math.min(...latencies) - 1e-9);
      expect(load.meanMs).toBeLessThanOrEqual(Math.max(...latencies) + 1e-9);
      expect(load.latencyMs(now + 1_000)).toBeLessThan(load.latencyMs(now));
    }),
  );
});
