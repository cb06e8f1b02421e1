import { readStatusOptions } from '../../../cli/status/options';

test('without options it looks once, as text', () => {
  expect(readStatusOptions([])).toEqual({ json: false });
});

test.each([
  [['--watch'], 2_000],
  [['--watch', '--json'], 2_000],
  [['--json', '--watch'], 2_000],
  [['--watch', '5'], 5_000],
  [['--watch=0.5'], 500],
  [['--watch', '10s'], 10_000],
])('%j looks again', (args, watchMs) => {
  expect(readStatusOptions(args).watchMs).toBe(watchMs);
});

test.each(['0', '0.01', '4000', '1m', '5x'])('--watch=%s is no time', (text) => {
  expect(() => readStatusOptions([`--watch=${text}`])).toThrow(
    `--watch must be a number of seconds, 0.1 to 3600, got: ${text}`,
  );
});

test.each(['--contract', '--user', '--ca'])('an app has a contract of its own: no %s beside --url', (option) => {
  expect(() => readStatusOptions(['--url', 'http://app:9000', option, 'x'])).toThrow(/^--url asks an app/);
});
