import fc from 'fast-check';
import { HELP, parseDuration, parseOptions, UsageError } from '../../start/options';

test('without arguments it runs until it is stopped', () => {
  expect(parseOptions([])).toEqual({
    forMs: undefined,
    replicas: 2,
    readsPerSecond: 200,
    writesPerSecond: 20,
    contract: '.readfleet/fleet.json',
    terraform: true,
    page: { port: 7_433, orAny: true },
  });
});

test('each argument is taken', () => {
  const args = [
    '--for',
    '20s',
    '--replicas',
    '3',
    '--reads',
    '50',
    '--writes=0',
    '--contract',
    'x.json',
    '--no-terraform',
    '--port',
    '8080',
  ];
  expect(parseOptions(args)).toEqual({
    forMs: 20_000,
    replicas: 3,
    readsPerSecond: 50,
    writesPerSecond: 0,
    contract: 'x.json',
    terraform: false,
    page: { port: 8_080, orAny: false },
  });
});

test('without a page there is no port', () => {
  expect(parseOptions(['--no-page'])).toMatchObject({ page: undefined });
});

test.each(['65536', '-1', 'http'])('a port of %s is refused', (port) => {
  expect(() => parseOptions([`--port=${port}`])).toThrow(`--port must be a whole number, 0 to 65535, got: ${port}`);
});

test.each(['--help', '-h'])('%s asks for help', (flag) => {
  expect(parseOptions(['--reads', 'x', flag])).toBe('help');
});

test('every bad argument is told at once, with what was given', () => {
  const thrown = () =>
    parseOptions(['--for', '20', '--replicas', '16', '--reads', '1.5', '--writes', '-1'.replace('-', '')]);
  expect(thrown).toThrow(UsageError);
  expect(thrown).toThrow(/--for must be a time such as 20s, 2m or 500ms, got: 20\n/);
  expect(thrown).toThrow(/--replicas must be a whole number, 1 to 15, got: 16\n/);
  expect(thrown).toThrow(/--reads must be a whole number, 1 to 5000, got: 1\.5/);
});

test.each([['--nope'], ['stray'], ['--for']])('%s is refused, with the way to the help', (argument) => {
  expect(() => parseOptions([argument])).toThrow(/npm start -- --help/);
});

test.each<[string, number | undefined]>([
  ['500ms', 500],
  ['20s', 20_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['20', undefined],
  ['0s', undefined],
  ['-1s', undefined],
  ['s', undefined],
  ['', undefined],
])('the time %j is %p ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test('no text makes a time that is not a number', () => {
  fc.assert(fc.property(fc.string(), (text) => !Number.isNaN(parseDuration(text) ?? 0)));
});

test('the help names every option', () => {
  for (const option of ['--for', '--replicas', '--reads', '--writes', '--contract', '--no-terraform', '--help'])
    expect(HELP).toContain(option);
});
