import { percent } from '../../bench/apps-figures';

test.each([
  [-0.47, '−47 %'],
  [2.48, '+248 %'],
  [0, '0 %'],
  [-0.9954, '−99.5 %'],
  [-1, '−100 %'],
])('a change by %d is %s', (change, text) => expect(percent(change)).toBe(text));
