import {
  age,
  bytes,
  counted,
  duration,
  listed,
  milliseconds,
  percent,
  rate,
} from '../../../monitoring/page/client/format';

test.each([
  [0, '0 ms'],
  [0.0124, '12 ms'],
  [0.9994, '999 ms'],
  [0.9996, '1 s'],
  [1.24, '1.2 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [192, '3 min 12 s'],
  [3_600, '1 h'],
  [7_512, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([null, Number.POSITIVE_INFINITY, Number.NaN])('a length of time that is not known says so: %p', (seconds) => {
  expect(duration(seconds)).toBe('unknown');
});

test.each([
  [0.44, '0.4 ms'],
  [2, '2 ms'],
  [12.4, '12 ms'],
  [1_500, '1.5 s'],
])('%d milliseconds are %s', (ms, text) => {
  expect(milliseconds(ms)).toBe(text);
});

test.each([
  [999, 'now'],
  [3_900, '3 s ago'],
  [95_000, '1 min 35 s ago'],
])('%d milliseconds of age are told as %s', (ms, text) => {
  expect(age(ms)).toBe(text);
});

test.each([
  [null, 'unknown'],
  [999, '999 B'],
  [3_412_880, '3.4 MB'],
  [1_000, '1 kB'],
])('%p bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test.each([
  [0, '0'],
  [0.4, '0.4'],
  [12.4, '12'],
  [1_204, '1,204'],
  [1_234_567, '1,234,567'],
])('a rate of %d is %s', (perSecond, text) => {
  expect(rate(perSecond)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.001, '<1 %'],
  [0.5, '50 %'],
  [0.996, '>99 %'],
  [1, '100 %'],
])('a share of %d is %s: neither nothing nor all by rounding', (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  [['blue'], 'blue'],
  [['blue', 'green'], 'blue and green'],
  [['blue', 'green', 'red'], 'blue, green and red'],
  [['blue', 'green', 'red', 'grey', 'pink'], 'blue, green and 3 more'],
])('%j are listed as %s', (names, text) => {
  expect(listed(names)).toBe(text);
});

test('one is not many', () => {
  expect([counted(1, 'replica'), counted(2, 'replica'), counted(0, 'read was', 'reads were')]).toEqual([
    '1 replica',
    '2 replicas',
    '0 reads were',
  ]);
});
