import { aligned, markdown } from '../../bench/table';

const table = {
  header: ['candidate', 'reads/s'],
  rows: [
    ['a', '12345'],
    ['a longer name', '7'],
  ],
};

test('in a terminal names stand left and figures right', () => {
  expect(aligned(table).split('\n')).toEqual([
    'candidate      reads/s', //
    'a                12345',
    'a longer name        7',
  ]);
});

test('in a document the same is a table of Markdown', () => {
  expect(markdown(table).split('\n')).toEqual([
    '| candidate     | reads/s |',
    '| ------------- | ------: |',
    '| a             |   12345 |',
    '| a longer name |       7 |',
  ]);
});

test('a bar in a cell ends no cell', () => {
  expect(markdown({ header: ['a'], rows: [['x | y']] })).toContain('| x \\| y |');
});

test('a table without rows has its header', () => {
  expect(aligned({ header: ['a', 'b'], rows: [] })).toBe('a  b');
});

test('a column of words stands left', () => {
  const words = { header: ['a', 'errors'], words: ['errors'], rows: [['b', 'x']] };

  expect(aligned(words)).toBe('a  errors\nb  x');
  expect(markdown(words).split('\n')[1]).toBe('| --- | ------ |');
});
