import { readArgs, wholeNumber } from '../../cli/args';
import { UsageError } from '../../cli/usage-error';

const OPTIONS = { json: { type: 'boolean' }, contract: { type: 'string' } } as const;

test('options and what stands beside them', () => {
  const { values, positionals } = readArgs(['a', '--json', '--contract', 'fleet.json', 'b'], OPTIONS, ['from', 'to']);

  expect({ ...values }).toEqual({ json: true, contract: 'fleet.json' });
  expect(positionals).toEqual(['a', 'b']);
});

test.each([
  [['--jsn'], 'There is no option --jsn. Did you mean --json?'],
  [['--yaml'], 'There is no option --yaml.'],
  [['-j'], 'There is no option -j.'],
  [['--json=yes'], "Option '--json' does not take an argument"],
  [['--contract'], "Option '--contract <value>' argument missing"],
])('%j: %s', (args, message) => {
  expect(() => readArgs(args, OPTIONS)).toThrow(new UsageError(message));
});

test('more than it takes is told, with what it takes', () => {
  expect(() => readArgs(['a'], OPTIONS)).toThrow('It takes options only, got: a');
  expect(() => readArgs(['a', 'b', 'c'], OPTIONS, ['from', 'to'])).toThrow('It takes no more than <from> <to>, got: c');
});

test('a whole number in its range', () => {
  expect(wholeNumber('processes', '12', 1)).toBe(12);
  expect(wholeNumber('processes', undefined, 7)).toBe(7);
});

test.each(['0', '-1', '1.5', 'two', '', '100001'])('%j is no number of processes', (text) => {
  expect(() => wholeNumber('processes', text, 1)).toThrow(
    `--processes must be a whole number, 1 to 100000, got: ${text}`,
  );
});
