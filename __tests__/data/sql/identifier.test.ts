import fc from 'fast-check';
import { identifierProblem, quote } from '../../../data/sql/identifier';
import { HOSTILE, hostileName } from '../repository/names';

test.each(HOSTILE)('%j is a name', (name) => {
  expect(identifierProblem(name)).toBeUndefined();
});

test.each([
  ['', 'Must not be empty.'],
  ['a\0b', 'Must not have a NUL in it.'],
  ['\ud800', 'Must be well-formed Unicode.'],
  ['a\udc00b', 'Must be well-formed Unicode.'],
  ['x'.repeat(64), 'Must not be longer than 63 bytes.'],
  ['é'.repeat(32), 'Must not be longer than 63 bytes.'],
  [undefined, 'Must be a text.'],
  [7, 'Must be a text.'],
  [{ toString: () => 'a' }, 'Must be a text.'],
])('%j is none: %s', (name, problem) => {
  expect(identifierProblem(name)).toBe(problem);
});

test('whatever can be read back from UTF-8 and is short enough is a name, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.integer({ max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      ),
      (text) => {
        const survives = Buffer.from(text).toString() === text && Buffer.byteLength(text) <= 63;
        expect(identifierProblem(text) === undefined).toBe(survives && text !== '' && !text.includes('\0'));
      },
    ),
  );
});

test('in quotes, every quote of a name is doubled', () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const quoted = quote(name);
      expect(quoted).toMatch(/^"(?:[^"]|"")+"$/);
      expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(name);
    }),
  );
});
