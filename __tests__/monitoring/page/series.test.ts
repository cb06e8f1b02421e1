import fc from 'fast-check';
import { clockTime } from '../../../monitoring/page/client/format';
import {
  lagRows,
  lagTop,
  looks,
  routedRows,
  sparkline,
  stallRows,
  windowOf,
} from '../../../monitoring/page/client/series';
import { lagSummary, routedSummary, stallSummary } from '../../../monitoring/page/client/summaries';
import { lagTone, poolTone } from '../../../monitoring/page/client/thresholds';
import { member, moment, moments, NOW } from './scenes';

const BLUE = member('blue', { lag: { seconds: 2, bytes: null } });
const GREEN = member('green', { lag: null });
const THRESHOLDS = { warningSeconds: 1, criticalSeconds: 5 };

test('lag has a row for each member; what is not known is a gap, not a zero', () => {
  const history = moments(2, () => moment([BLUE, GREEN]));

  expect(lagRows(history, ['blue', 'green', 'red'])).toEqual([
    [NOW / 1_000 - 1, NOW / 1_000],
    [2, 2],
    [null, null],
    [null, null],
  ]);
});

test('reads are stacked: all, then without fallbacks, then the replicas', () => {
  const history = [moment([BLUE], { blue: 7 }, { primary: 2, fallback: 1 })];

  expect(routedRows(history)).toEqual([[NOW / 1_000], [10], [9], [7]]);
});

test('where nothing fell back there is no area of it, but on the way up and down', () => {
  const history = moments(5, (ago) => moment([BLUE], { blue: 7 }, { fallback: ago === 1 ? 2 : 0 }));

  expect(routedRows(history)[1]).toEqual([null, null, 7, 9, 7]);
});

test('the longest reads are as they were', () => {
  expect(stallRows([moment([BLUE], {}, { longestReadMs: 31 })])).toEqual([[NOW / 1_000], [31]]);
});

test('charts show two minutes at least, then all that is remembered', () => {
  const end = NOW / 1_000;

  expect(windowOf(moments(5, () => moment([])))).toEqual([end - 120, end]);
  expect(windowOf(moments(600, () => moment([])))).toEqual([end - 599, end]);
});

test.each([
  [0.01, 1.25, 'as high as the warning while all is well'],
  [1.5, 5.5, 'as high as critical once the warning is passed'],
  [40, 44, 'as high as the lag beyond that'],
])('with a lag of %d s the chart is %d s high: %s', (lag, top) => {
  expect(
    lagTop(
      [
        [1, 2],
        [null, lag],
      ],
      THRESHOLDS,
    ),
  ).toBeCloseTo(top);
});

test('the small line goes from left to right, high for much, with what is known alone', () => {
  const lags = [0, null, 2];
  const history = lags.map((seconds) => moment([{ ...BLUE, lag: { seconds, bytes: null } }]));

  expect(sparkline(history, 'blue', 1, { width: 80, height: 22 })).toBe('0.0,21.0 80.0,1.0');
  expect(sparkline([moment([GREEN])], 'green', 1, { width: 80, height: 22 })).toBe('');
});

test('who is named after a colour is drawn in it', () => {
  const chosen = looks(['orders-green', 'one', 'Blue', 'two']);

  expect(chosen.get('orders-green')).toEqual({ hue: 'green', dashed: false });
  expect(chosen.get('Blue')).toEqual({ hue: 'blue', dashed: false });
});

test('no two of sixteen members look alike', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}[0-9]{0,2}$/), { maxLength: 16 }), (names) => {
      // Names after colours may crowd one hue; those of nobody must not.
      fc.pre(!names.some((name) => /blue|orange|teal|purple|green|pink|brown|grey/.test(name)));
      const chosen = [...looks(names).values()].map(({ hue, dashed }) => `${hue} ${dashed}`);

      expect(chosen).toHaveLength(names.length);
      expect(new Set(chosen).size).toBe(names.length);
    }),
  );
});

test.each([
  [0.9, undefined],
  [1, undefined],
  [1.1, 'warn'],
  [5.1, 'bad'],
  [null, 'warn'],
])('a lag of %p s is %p', (seconds, tone) => {
  expect(lagTone(seconds, THRESHOLDS)).toBe(tone);
});

test.each([
  [{ total: 30, idle: 7, waiting: 0, max: 30 }, undefined],
  [{ total: 30, idle: 6, waiting: 0, max: 30 }, 'warn'],
  [{ total: 30, idle: 0, waiting: 2, max: 30 }, 'bad'],
  [{ total: 0, idle: 0, waiting: 0, max: 0 }, undefined],
])('a pool %j is %p', (pool, tone) => {
  expect(poolTone(pool)).toBe(tone);
});

describe('in words', () => {
  const history = moments(3, (ago) =>
    moment(
      [{ ...BLUE, lag: { seconds: ago, bytes: null } }, GREEN],
      { blue: 6 },
      { primary: 3, fallback: 1, longestReadMs: 10 + ago, failed: ago, shed: 1 },
    ),
  );
  const span = `From ${clockTime(NOW - 2_000)} to ${clockTime(NOW)}.`;

  test('lag: now, the worst, and the thresholds', () => {
    expect(lagSummary(['blue', 'green'], history, THRESHOLDS)).toBe(
      `${span} blue: now 0 ms, at most 2 s. green: now unknown, at most unknown. Warning past 1 s, critical past 5 s.`,
    );
    expect(lagSummary([], history, THRESHOLDS)).toBe('No replicas.');
  });

  test('reads: how many, and where', () => {
    expect(routedSummary(history)).toBe(
      `${span} 30 reads: 60 % on replicas, 30 % on the primary as asked, 10 % on the primary as fallback.`,
    );
    expect(routedSummary([moment([])])).toMatch(/No reads\.$/);
  });

  test('the longest read, when it was, and what failed', () => {
    expect(stallSummary(history)).toBe(
      `${span} Longest 12 ms, at ${clockTime(NOW - 2_000)}. 3 calls failed, 3 reads were shed.`,
    );
    expect(stallSummary([])).toMatch(/^No figures yet\./);
  });
});
