import fc from 'fast-check';
import { styleOf, widthOf } from '../../cli/style';
import { table } from '../../cli/table';
import { countText, listText, secondsText } from '../../cli/units';
import { wrap } from '../../cli/wrap';

test.each([
  [0, '0.00 s'],
  [1.234, '1.23 s'],
  [59.6, '60 s'],
  [600, '10 min'],
  [9_000, '2.5 h'],
  [259_200, '3 days'],
  [Number.POSITIVE_INFINITY, 'longer than watched'],
])('%d seconds are %s', (seconds, text) => expect(secondsText(seconds)).toBe(text));

test('lists and counts', () => {
  expect(['', 'a', 'a and b', 'a, b and c']).toEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listText));
  expect([0, 1, 2].map((count) => countText(count, 'retry', 'retries'))).toEqual(['0 retries', '1 retry', '2 retries']);
});

test('a table aligns its columns, and colour takes no room', () => {
  const { bad } = styleOf({ colour: true });
  const lines = table(
    [{ head: 'member' }, { head: 'lag', align: 'right' }, { head: 'state' }],
    [
      ['blue', '0.10 s', { text: 'gone', paint: bad }],
      ['a-long-name', '-', 'ok'],
    ],
  );

  expect(lines).toEqual([
    'member          lag  state',
    'blue         0.10 s  \u001b[31mgone\u001b[0m',
    'a-long-name       -  ok',
  ]);
});

test('without colour, style leaves text as it is', () => {
  const style = styleOf({ colour: false });

  expect([style.good('a'), style.bad('b'), style.doubtful('c'), style.strong('d'), style.faint('e')].join('')).toBe(
    'abcde',
  );
});

test('the width of a text is what is seen of it', () => {
  expect(widthOf(styleOf({ colour: true }).strong('four'))).toBe(4);
});

const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }).map((all) => all.join(' '));

test('wrapping loses no word, and no line that can be short is long', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 40 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join(' ')).toBe(text);
      for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
    }),
  );
});

test('without a width there is one line', () => {
  expect(wrap('as long as it likes', undefined)).toEqual(['as long as it likes']);
});
