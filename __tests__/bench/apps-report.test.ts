import { appsChart } from '../../bench/apps-chart';
import type { Offload } from '../../bench/apps-offload';
import {
  claimsOf,
  claimTable,
  killTable,
  type Measured,
  offloadTable,
  throughputTable,
  withBlock,
} from '../../bench/apps-report';

const offload = (replicas: number, figures: Partial<Offload>): Offload => ({
  ...{ replicas, sent: 100, failed: 0, p50: 10, p95: 100, longestMs: 200 },
  ...{ readsPerSecond: 200, connections: 5, load: 0.8 },
  ...figures,
});

const compared = (what: string, naiveMs: number, oursMs: number) => ({
  what,
  naiveMs,
  oursMs,
  times: naiveMs / oursMs,
});

const measured: Measured = {
  version: '18.4',
  pages: [compared('page 1', 1, 1), compared('page 1000', 80, 1.2)],
  lists: [compared('10', 20, 4), compared('100', 200, 10), compared('1000', 1_000, 40)],
  distantLists: [compared('10', 90, 9), compared('100', 900, 12), compared('1000', 9_000, 60)],
  offloads: {
    rate: 80,
    share: 0.15,
    rounds: [
      offload(0, {}),
      offload(2, { p50: 4, p95: 40, readsPerSecond: 10, connections: 1, load: 0.1 }),
      offload(0, { p95: 120 }),
      offload(2, { p50: 6, p95: 60, readsPerSecond: 20, connections: 1, load: 0.2, failed: 1 }),
    ],
  },
  throughputShare: 0.05,
  throughputs: [
    { round: 0, replicas: 0, rate: 50, load: 1, primaryLoad: 1 },
    { round: 0, replicas: 3, rate: 140, load: 0.9, primaryLoad: 0.2 },
    { round: 1, replicas: 0, rate: 40, load: 1, primaryLoad: 1 },
    { round: 1, replicas: 3, rate: 120, load: 0.9, primaryLoad: 0.2 },
  ],
  kills: [
    { app: 'gists', sent: 600, failed: 0, p50: 3, p95: 9, longestMs: 40 },
    { app: 'chat', sent: 600, failed: 0, p50: 4, p95: 12, longestMs: 55.5 },
  ],
};

const claim = (what: RegExp, of: Measured = measured) => {
  const [found, ...others] = claimsOf(of).filter((one) => what.test(one.what));
  expect(others).toEqual([]);
  return found;
};

test('a claim says what was claimed, what was measured, and whether it was reached', () => {
  expect(claim(/^p95/)).toEqual({
    seed: '002',
    what: 'p95 of reads',
    claimed: ['150 ms', '80 ms', '−47 %'],
    // The medians of two rounds each.
    measured: ['110 ms', '50 ms', '−55 %'],
    reached: true,
  });
});

test('a claim is not reached when its change is smaller, whatever the figures themselves are', () => {
  expect(claim(/1000, no network/)).toMatchObject({ measured: ['1000 ms', '40 ms', '25 ×'], reached: false });
  expect(claim(/1000, 1 ms/)).toMatchObject({ measured: ['9000 ms', '60 ms', '150 ×'], reached: true });
  const pagesOf = (naiveMs: number, oursMs: number) => ({
    ...measured,
    pages: [compared('page 1', 1, 1), compared('page 1000', naiveMs, oursMs)],
  });
  expect(claim(/by OFFSET/, pagesOf(80, 1.2))?.reached).toBe(false);
  expect(claim(/by OFFSET/, pagesOf(2_000, 1.2))?.reached).toBe(true);
  expect(claim(/by OFFSET/, pagesOf(9_000, 8))?.reached).toBe(false);
});

test.each([
  [/^reads on the primary/, ['200/s', '15/s', '−93 %']],
  [/^connections/, ['5.00', '1.00', '−80 %']],
  [/^load/, ['80 %', '15 %', '−81 %']],
  [/^latency/, ['10 ms', '5.0 ms', '−50 %']],
])('%s is a change of medians', (what, figures) => {
  expect(claim(what)).toMatchObject({ measured: figures, reached: true });
});

test('throughput is over the primary alone in the same round', () => {
  const claims = claimsOf(measured).filter(({ what }) => /^throughput/.test(what));

  expect(claims).toMatchObject([
    { seed: '002', measured: ['45/s', '130/s', '+190 %'], reached: true },
    { seed: '004', measured: ['45/s', '130/s', '2.9 ×'], reached: false },
  ]);
});

test('page 1000 is as fast as page 1 within a millisecond', () => {
  expect(claim(/^page 1 and/)).toMatchObject({ measured: ['1.0 ms', '1.2 ms', '1.2 ×'], reached: true });
  const slow = { ...measured, pages: [compared('page 1', 1, 1), compared('page 1000', 80, 2.5)] };
  expect(claim(/^page 1 and/, slow)?.reached).toBe(false);
});

test('one request that failed, of all apps, is one too many', () => {
  expect(claim(/failed/)).toMatchObject({ measured: ['of 1200', '0', 'longest 56 ms'], reached: true });
  const [gists, ...others] = measured.kills;
  const failed = { ...measured, kills: [...others, { ...(gists as (typeof measured.kills)[0]), failed: 1 }] };
  expect(claim(/failed/, failed)).toMatchObject({ measured: ['of 1200', '1', 'longest 56 ms'], reached: false });
});

test('tables have a row for each claim, each way of serving and each app', () => {
  expect(claimTable(claimsOf(measured)).rows).toHaveLength(claimsOf(measured).length);
  expect(claimTable(claimsOf(measured)).rows.map((row) => row.at(-1))).toContain('**no**');
  expect(offloadTable(measured.offloads).rows).toEqual([
    ['primary alone', '10.0', '110.0', '200', '5.00', '80 %', '0'],
    ['with 2 replicas', '5.0', '50.0', '15', '1.00', '15 %', '0.5'],
  ]);
  expect(throughputTable(measured.throughputs).rows).toEqual([
    ['0', '45', '1.00', '100 %', '100 %'],
    ['3', '130', '2.90', '90 %', '20 %'],
  ]);
  expect(killTable(measured.kills).rows[1]).toEqual(['chat', '600', '0', '4.0', '12.0', '55.5']);
});

test('the picture has a bar with and without for each gain', () => {
  const svg = appsChart(measured);

  expect(svg.match(/<rect x=/g)).toHaveLength(10);
  expect(svg).toContain('1.2 ms · −99 %');
  expect(svg).not.toContain('NaN');
});

describe('the block of a page', () => {
  const BEGIN = '<!-- Made by `npx tsx bench/apps.ts`. Do not edit. -->';

  test('is replaced, and all around it stays', () => {
    const page = `before\n\n${BEGIN}\n\nold\n\n<!-- end -->\n\nafter\n`;

    expect(withBlock(page, 'new')).toBe(`before\n\n${BEGIN}\n\nnew\n\n<!-- end -->\n\nafter\n`);
    expect(withBlock(withBlock(page, 'new'), 'new')).toBe(withBlock(page, 'new'));
  });

  test.each(['none', `<!-- end -->\n${BEGIN}`])('without its place is an error: %s', (page) => {
    expect(() => withBlock(page, 'new')).toThrow('docs/apps.md must have a line');
  });
});
