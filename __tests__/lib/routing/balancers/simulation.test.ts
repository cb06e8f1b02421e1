import {
  CALM_ZONES,
  CROWDED_ZONE,
  DEADLINE_MS,
  FROZEN,
  ONE_FREEZES,
  ONE_JOINS,
  ONE_SLOW,
  readsOf,
  SICK_UNTIL_MS,
  SICK_ZONE,
  shareOf,
  stuck,
  underDeadline,
} from './scenarios';

describe('the simulation', () => {
  test('is the same each time', () => {
    const short = { ...ONE_SLOW, forMs: 1_000 };
    expect(readsOf(short, 'peak-ewma')).toEqual(readsOf(short, 'peak-ewma'));
  });

  test('answers every read after it came, and none of a frozen server before the thaw', () => {
    const reads = readsOf(ONE_FREEZES, 'round-robin');
    const [from, until] = FROZEN;
    expect(reads.filter(({ latencyMs }) => latencyMs <= 0)).toEqual([]);
    const waiting = reads.filter(({ atMs, server }) => server === 4 && atMs > from && atMs < until);
    expect(waiting.length).toBeGreaterThan(300);
    expect(waiting.filter(({ atMs, latencyMs }) => atMs + latencyMs <= until)).toEqual([]);
  });

  test('has as many reads as were asked for', () => {
    const wanted = (ONE_SLOW.readsPerSecond * ONE_SLOW.forMs) / 1_000;
    expect(Math.abs(readsOf(ONE_SLOW, 'random').length / wanted - 1)).toBeLessThan(0.05);
  });
});

describe('one replica of five is twenty times slower', () => {
  const [p2c, least, robin] = (['peak-ewma', 'least-connections', 'round-robin'] as const).map((name) =>
    readsOf(ONE_SLOW, name),
  ) as [ReturnType<typeof readsOf>, ReturnType<typeof readsOf>, ReturnType<typeof readsOf>];

  test('peak EWMA answers most in time, then least connections, then round robin', () => {
    const shares = [p2c, least, robin].map((reads) => underDeadline(reads, DEADLINE_MS));
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(new Set(shares).size).toBe(3);
  });

  test('peak EWMA answers 998 of 1000 in time', () => {
    expect(underDeadline(p2c, DEADLINE_MS)).toBeGreaterThan(0.998);
  });

  test('round robin loses every read of the slow one', () => {
    expect(underDeadline(robin, DEADLINE_MS)).toBeLessThan(0.81);
  });

  test('peak EWMA asks the slow one now and then, to see whether it has got better', () => {
    const slow = p2c.filter(({ server }) => server === 4);
    for (let from = 0; from < ONE_SLOW.forMs; from += 10_000)
      expect(slow.some(({ atMs }) => atMs >= from && atMs < from + 10_000)).toBe(true);
    expect(shareOf(4, p2c)).toBeLessThan(0.005);
  });

  test('the others share what is left evenly', () => {
    for (const server of [0, 1, 2, 3]) expect(Math.abs(shareOf(server, p2c) - 0.25)).toBeLessThan(0.02);
  });
});

describe('one replica of five stands still for two seconds', () => {
  test('at 1000 reads a second peak EWMA lets two wait for it at most, round robin some four hundred', () => {
    expect(stuck(readsOf(ONE_FREEZES, 'peak-ewma'))).toBeLessThanOrEqual(2);
    expect(stuck(readsOf(ONE_FREEZES, 'least-connections'))).toBeLessThan(10);
    expect(stuck(readsOf(ONE_FREEZES, 'round-robin'))).toBeGreaterThan(300);
  });

  test('with few reads peak EWMA notices as soon', () => {
    expect(stuck(readsOf({ ...ONE_FREEZES, readsPerSecond: 50 }, 'peak-ewma'))).toBeLessThanOrEqual(2);
  });

  test.each(['peak-ewma', 'least-connections'] as const)(
    '%s gives it its share again within 15 s of the thaw',
    (name) => {
      const reads = readsOf(ONE_FREEZES, name);
      const thaw = FROZEN[1];
      expect(shareOf(4, reads, thaw + 10_000, thaw + 15_000)).toBeGreaterThan(0.15);
      expect(reads.some(({ server, atMs }) => server === 4 && atMs > thaw && atMs < thaw + 8_000)).toBe(true);
    },
  );
});

describe.each(['peak-ewma', 'least-connections', 'round-robin', 'random'] as const)('%s', (name) => {
  test('gives a replica that joins more and more, up to its share', () => {
    const reads = readsOf(ONE_JOINS, name);
    expect(shareOf(2, reads, 0, 5_000)).toBe(0);
    const [early, middle, late] = [5_000, 9_000, 15_000].map((from) => shareOf(2, reads, from, from + 3_000)) as [
      number,
      number,
      number,
    ];
    expect(early).toBeGreaterThan(0);
    // Least connections gives more than the weight says while it is idle and the others are not.
    expect(early).toBeLessThan(0.22);
    expect(middle).toBeGreaterThan(early);
    expect(late).toBeGreaterThan(middle);
    expect(Math.abs(late - 1 / 3)).toBeLessThan(0.1);
  });

  test('keeps reads in a zone that bears them', () => {
    expect(shareOf(0, readsOf(CALM_ZONES, name, 'a'))).toBeGreaterThan(0.93);
  });

  test('lets a crowded zone spill what it cannot bear, and no more, without swinging', () => {
    const reads = readsOf(CROWDED_ZONE, name, 'a');
    expect(reads.every(({ latencyMs }) => latencyMs < 50)).toBe(true);
    // It bears 2000 of the 3000 reads a second.
    for (let from = 1_000; from < 10_000; from += 1_000) {
      expect(shareOf(0, reads, from, from + 1_000)).toBeGreaterThan(0.5);
      expect(shareOf(0, reads, from, from + 1_000)).toBeLessThan(0.67);
    }
  });

  test('leaves a zone whose replica is sick, and comes back when it is well', () => {
    const reads = readsOf(SICK_ZONE, name, 'a');
    expect(shareOf(0, reads, 0, SICK_UNTIL_MS)).toBeLessThan(0.01);
    expect(shareOf(0, reads, SICK_UNTIL_MS + 5_000)).toBeGreaterThan(0.9);
  });
});
