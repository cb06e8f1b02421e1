import { suggest } from '../../cli/suggest';

const NAMES = ['status', 'doctor', 'alerts', 'sql', 'contract'];

test.each([
  ['stauts', 'status'],
  ['statu', 'status'],
  ['docter', 'doctor'],
  ['alert', 'alerts'],
  ['con', 'contract'],
  ['sqll', 'sql'],
])('%s was meant to be %s', (typed, meant) => {
  expect(suggest(typed, NAMES)).toBe(meant);
});

test.each(['deploy', 'x', '', 'zz', 'statistics of all'])('%j is near to nothing', (typed) => {
  expect(suggest(typed, NAMES)).toBeUndefined();
});

test('what is near to two is the nearer', () => {
  expect(suggest('jso', ['jsonl', 'json'])).toBe('jsonl');
  expect(suggest('jsom', ['jsonl', 'json'])).toBe('json');
});

test('nothing is meant where nothing is known', () => {
  expect(suggest('status', [])).toBeUndefined();
});
