import fc from 'fast-check';
import { PageRequestError } from '../../../data/paging';
import { type CursorOptions, Cursors, LONGEST_CURSOR } from '../../../data/paging/cursor';
import { SECRET } from './support';

function cursors(options: Partial<CursorOptions> = {}): Cursors {
  return new Cursors({ identity: 'by id', nullable: [true, true], secrets: [SECRET], ...options });
}

const values = fc.array(
  fc.option(fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', ''))),
  {
    minLength: 2,
    maxLength: 2,
  },
);

/** What is wrong with a cursor, in a word; `undefined` when nothing is. */
function problemOf(read: Cursors, cursor: unknown): string | undefined {
  try {
    read.decode(cursor);
    return undefined;
  } catch (error) {
    if (!(error instanceof PageRequestError)) throw error;
    expect(error).toMatchObject({ code: 'READFLEET_CURSOR_INVALID', status: 400 });
    return error.problem;
  }
}

/** A cursor with one bit the other way. */
function flipped(cursor: string, bit: number): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const at = bit % (bytes.length * 8);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes.toString('base64url');
}

test.each([
  ['signed', [SECRET]],
  ['not signed', []],
])('what is written is read again, %s', (_, secrets) => {
  fc.assert(
    fc.property(values, (row) => {
      const made = cursors({ secrets }).encode(row);
      expect(made).toMatch(/^[\w-]+$/);
      expect(cursors({ secrets }).decode(made)).toEqual(row);
    }),
  );
});

test('a cursor with any bit the other way is refused', () => {
  fc.assert(
    fc.property(values, fc.nat(), (row, bit) => {
      expect(['signature', 'version']).toContain(problemOf(cursors(), flipped(cursors().encode(row), bit)));
    }),
    { numRuns: 500 },
  );
});

test('a cursor with any character changed, left out or added is refused', () => {
  const all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n.';
  fc.assert(
    fc.property(values, fc.nat(), fc.constantFrom('', ...all), fc.nat(1), (row, place, character, instead) => {
      const made = cursors().encode(row);
      const at = place % made.length;
      const changed = made.slice(0, at) + character + made.slice(at + instead);
      fc.pre(changed !== made);
      expect(problemOf(cursors(), changed)).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

test('whatever is given, nothing but READFLEET_CURSOR_INVALID is thrown', () => {
  const text = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
    // A head that is right, with anything behind it.
    fc.uint8Array().map((bytes) => {
      const head = Buffer.from(cursors({ secrets: [] }).encode([null, null]), 'base64url').subarray(0, 9);
      return Buffer.concat([head, bytes]).toString('base64url');
    }),
    fc.json().map((json) => {
      const head = Buffer.from(cursors({ secrets: [] }).encode([null, null]), 'base64url').subarray(0, 9);
      return Buffer.concat([head, Buffer.from(json)]).toString('base64url');
    }),
  );
  fc.assert(
    fc.property(fc.oneof(text, fc.anything()), (cursor) => {
      expect(problemOf(cursors(), cursor)).toBeDefined();
      problemOf(cursors({ secrets: [] }), cursor);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['nothing', '', 'text'],
  ['a list, as query strings make of two', ['x', 'y'], 'text'],
  ['what is no base64url', 'a cursor', 'text'],
  ['what is longer than any cursor', 'A'.repeat(LONGEST_CURSOR + 1), 'length'],
  ['what has another version', Buffer.from([9, 1, 2, 3]).toString('base64url'), 'version'],
  ['a version alone', Buffer.from([1]).toString('base64url'), 'signature'],
])('%s is no cursor', (_, cursor, problem) => {
  expect(problemOf(cursors(), cursor)).toBe(problem);
});

test('a cursor of another order is refused, and the error says so', () => {
  const other = cursors({ identity: 'by name' }).encode(['1', '2']);
  expect(problemOf(cursors(), other)).toBe('ordering');
  expect(() => cursors().decode(other)).toThrow('it belongs to another list or another order');
});

test('a cursor that is not signed is refused where they are, and the other way round', () => {
  expect(problemOf(cursors(), cursors({ secrets: [] }).encode(['1', '2']))).toBe('version');
  expect(problemOf(cursors({ secrets: [] }), cursors().encode(['1', '2']))).toBe('version');
});

test('a cursor that is not signed must hold as many values, and NULL only where it may be', () => {
  const unsigned = cursors({ secrets: [], nullable: [true, false] });
  const forged = (body: unknown) => {
    const head = Buffer.from(unsigned.encode([null, '1']), 'base64url').subarray(0, 9);
    return Buffer.concat([head, Buffer.from(JSON.stringify(body))]).toString('base64url');
  };
  expect(problemOf(unsigned, forged([null, '1']))).toBeUndefined();
  for (const body of [['1'], ['1', '2', '3'], ['1', null], ['1', 2], ['1', 'a\0b'], {}, null, 7]) {
    expect(problemOf(unsigned, forged(body))).toBe('values');
  }
});

test('after a change of secrets the old ones are still read, until they are dropped', () => {
  const [old, fresh] = ['the old secret, of 16 bytes', Buffer.from('the new secret, of 16 bytes')];
  const before = cursors({ secrets: [old] }).encode(['1', '2']);
  const both = cursors({ secrets: [fresh, old] });
  expect(both.decode(before)).toEqual(['1', '2']);
  expect(cursors({ secrets: [fresh] }).decode(both.encode(['3', '4']))).toEqual(['3', '4']);
  expect(problemOf(cursors({ secrets: [fresh] }), before)).toBe('signature');
});

test('errors tell neither the secret nor what a cursor holds', () => {
  const cursor = flipped(cursors().encode(['private', 'values']), 80);
  let told = '';
  try {
    cursors().decode(cursor);
  } catch (error) {
    told = `${(error as Error).stack} ${JSON.stringify(error)}`;
  }
  expect(told).toContain('signature');
  expect(told).not.toMatch(/private|values"|a secret of/);
});

test('values that would make a cursor too long for a URL are refused when it is made', () => {
  expect(() => cursors().encode(['x'.repeat(LONGEST_CURSOR), null])).toThrow(
    expect.objectContaining({ code: 'READFLEET_CURSOR_TOO_LONG', message: expect.stringContaining('4096, 0') }),
  );
});
