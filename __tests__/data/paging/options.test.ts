import { type KeysetOptions, keyset, prismaKeyset } from '../../../data/paging';
import { InvalidConfigError } from '../../../lib';
import { SECRET } from './support';

const good: KeysetOptions = { orderBy: [{ column: 'created_at' }], unique: 'id', secret: SECRET };

/** Where something is wrong, and what is said of it. */
function problems(options: object): [string, string][] {
  try {
    keyset({ ...good, ...options });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    return error.problems.map(({ path, message }) => [path, message]);
  }
}

/** The ORDER BY of such pages. */
function orderBy(options: Partial<KeysetOptions>, request: { last?: number } = {}): string {
  const { text } = keyset({ ...good, ...options }).statement({
    text: ({ key, where, orderBy, limit }) => `${orderBy}\n${key} ${where} ${limit}`,
    ...request,
  });
  return text.split('\n')[0] ?? '';
}

test('the unique column comes last, in the direction of the column before it', () => {
  expect(orderBy({})).toBe('order by "created_at" asc, "id" asc');
  expect(orderBy({ orderBy: [{ column: 'created_at', direction: 'desc' }] })).toBe(
    'order by "created_at" desc, "id" desc',
  );
});

test('unique columns that are ordered by already stay where they are', () => {
  const options = {
    orderBy: [{ column: 'day', direction: 'desc' as const }, { column: 'tenant' }],
    unique: ['tenant', 'id'],
  };
  expect(orderBy(options)).toBe('order by "day" desc, "tenant" asc, "id" asc');
});

test('backward is the reverse, with NULLs at the other end', () => {
  const options = {
    orderBy: [
      { column: 'm.Due At', nulls: 'first' as const },
      { column: 'b', direction: 'desc' as const },
    ],
  };
  expect(orderBy(options)).toBe('order by "m"."Due At" asc nulls first, "b" desc, "id" desc');
  expect(orderBy(options, { last: 1 })).toBe('order by "m"."Due At" desc nulls last, "b" asc, "id" asc');
});

test('names are quoted, whatever is in them', () => {
  expect(orderBy({ orderBy: [{ column: 'a"; drop table message' }] })).toBe(
    'order by "a""; drop table message" asc, "id" asc',
  );
});

test.each([
  [{ unique: undefined }, 'unique', 'missing'],
  [{ unique: [] }, 'unique', 'one column or more'],
  [{ secret: undefined }, 'secret', '16 bytes or more'],
  [{ secret: '' }, 'secret', '16 bytes or more'],
  [{ secret: 'too short' }, 'secret', '16 bytes or more'],
  [{ secret: [] }, 'secret', 'a list of them'],
  [{ secret: [SECRET, 'short'] }, 'secret', '16 bytes or more'],
  [{ orderBy: 'id' }, 'orderBy', 'list of columns'],
  [{ orderBy: [{ column: '' }] }, 'orderBy[0].column', '1 to 63 bytes'],
  [{ orderBy: [{ column: 'é'.repeat(32) }] }, 'orderBy[0].column', '1 to 63 bytes'],
  [{ orderBy: [{ column: '\ud800' }] }, 'orderBy[0].column', 'well-formed Unicode'],
  [{ orderBy: [{ column: 'a..b' }] }, 'orderBy[0].column', 'between dots'],
  [{ orderBy: [{ column: 'a', direction: 'up' }] }, 'orderBy[0].direction', '"asc" or "desc"'],
  [{ orderBy: [{ column: 'a', nulls: 'low' }] }, 'orderBy[0].nulls', 'NOT NULL'],
  [{ orderBy: [{ column: 'a', type: 'int; drop table message' }] }, 'orderBy[0].type', 'name of a type'],
  [{ orderBy: [{ column: 'a' }, { column: 'a' }] }, 'orderBy[1].column', 'twice'],
  [{ orderBy: [{ column: 'id', nulls: 'last' }] }, 'orderBy[0].nulls', 'must be NOT NULL'],
  [{ pageSize: 0 }, 'pageSize', '1 or more'],
  [{ pageSize: 20, maxPageSize: 10 }, 'pageSize', 'more than maxPageSize'],
])('%j is refused', (options, path, message) => {
  const told = problems(options);
  expect(told).toHaveLength(1);
  expect(told[0]?.[0]).toBe(path);
  expect(told[0]?.[1]).toContain(message);
});

test('everything that is wrong is told at once, and no secret is', () => {
  const secret = ['a good one, and not to be told', 'a short one'];
  const told = messageOf(() => keyset({ orderBy: [{ column: '' }], unique: '', secret }));
  expect(told).toMatch(/3 problems.*orderBy\[0\].column.*unique.*secret/s);
  expect(told).not.toMatch(/good one|short one/);
});

test.each(['bigint', 'timestamp(3) with time zone', 'numeric(10, 2)', 'chat."Mood"', 'int[]', 'double precision'])(
  '%s is a type',
  (type) => {
    expect(problems({ orderBy: [{ column: 'a', type }] })).toEqual([]);
  },
);

test('Prisma knows fields alone', () => {
  expect(() => prismaKeyset({ ...good, orderBy: [{ column: 'name', expression: 'lower(name)' }] })).toThrow(
    expect.objectContaining({ code: 'READFLEET_PAGING_OPTIONS', message: expect.stringContaining('"name"') }),
  );
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
