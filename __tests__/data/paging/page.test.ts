import { loadModule, parseSync } from 'libpg-query';
import { KEY, type PageRequest, PageRequestError, type Pieces } from '../../../data/paging';
import { pagesBy, SECRET } from './support';

/** As the statement of a page gives them. */
function rows(...ids: number[]) {
  return ids.map((id) => ({ id, [KEY]: JSON.stringify([String(id)]) }));
}

const pages = pagesBy({ pageSize: 2, maxPageSize: 10 });
const cursor = (id: number) => pages.page(rows(id), { first: 1 }).pageInfo.endCursor as string;

function infoOf(request: PageRequest, ...ids: number[]) {
  const { rows: kept, pageInfo } = pages.page(rows(...ids), request);
  return { ids: kept.map(({ id }) => id), next: pageInfo.hasNextPage, previous: pageInfo.hasPreviousPage };
}

test('one row more than asked for tells that there is another page, and is not in this one', () => {
  expect(infoOf({ first: 2 }, 1, 2, 3)).toEqual({ ids: [1, 2], next: true, previous: false });
  expect(infoOf({ first: 2 }, 1, 2)).toEqual({ ids: [1, 2], next: false, previous: false });
});

test('a page backward is in the order of the list', () => {
  expect(infoOf({ last: 2, before: cursor(4) }, 3, 2, 1)).toEqual({ ids: [2, 3], next: true, previous: true });
  expect(infoOf({ last: 2, before: cursor(3) }, 2, 1)).toEqual({ ids: [1, 2], next: true, previous: false });
  expect(infoOf({ last: 2 }, 9, 8, 7)).toEqual({ ids: [8, 9], next: false, previous: true });
});

test('behind a cursor there is a page to go back to', () => {
  expect(infoOf({ first: 2, after: cursor(2) }, 3, 4)).toEqual({ ids: [3, 4], next: false, previous: true });
});

test('a page without rows has no cursors', () => {
  expect(pages.page([], { first: 2 }).pageInfo).toEqual({
    startCursor: null,
    endCursor: null,
    hasNextPage: false,
    hasPreviousPage: false,
  });
});

test('each row has a cursor of its own, and none of what is ours', () => {
  const page = pages.page(rows(1, 2, 3), { first: 2 });
  expect(page.edges()).toEqual([
    { node: { id: 1 }, cursor: cursor(1) },
    { node: { id: 2 }, cursor: cursor(2) },
  ]);
  expect(page.rows).toEqual([{ id: 1 }, { id: 2 }]);
  expect([page.pageInfo.startCursor, page.pageInfo.endCursor]).toEqual([cursor(1), cursor(2)]);
});

test('a request that says nothing gets the first page in the usual size, and so does one full of nulls', () => {
  const sql = (strings: TemplateStringsArray) => strings.join('?');
  expect(pages.parts(sql, {}).limit).toBe(3);
  expect(pages.parts(sql, { first: null, after: null, last: null, before: null })).toEqual(pages.parts(sql, {}));
  expect(pages.parts(sql, { before: cursor(1) }).orderBy).toBe('"id" desc');
});

test.each([
  [{ first: 0 }, '`first` must be a whole number from 1 to 10, and is 0'],
  [{ first: 11 }, 'and is 11'],
  [{ last: 1.5 }, '`last` must be a whole number from 1 to 10, and is 1.5'],
  [{ first: Number.NaN }, 'and is NaN'],
  [{ first: '5' as never }, 'a value of type string'],
  [{ first: 1, last: 1 }, 'ask for one of the two'],
  [{ first: 1, before: 'x' }, 'ask for one of the two'],
  [{ after: 'x', before: 'x' }, 'ask for one of the two'],
])('%j is a mistake of the client', (request: PageRequest, message) => {
  const refusal = expect.objectContaining({
    code: 'READFLEET_PAGE_INVALID',
    status: 400,
    message: expect.stringContaining(message),
  });
  expect(() => pages.page([], request)).toThrow(refusal);
  expect(() => pages.page([], request)).toThrow(PageRequestError);
});

test('a cursor of one list is refused by another of the same order, where they have names', () => {
  const [inbox, outbox] = [pagesBy({ name: 'inbox' }), pagesBy({ name: 'outbox' })];
  const after = inbox.page(rows(1), { first: 1 }).pageInfo.endCursor;
  expect(inbox.page([], { after }).rows).toEqual([]);
  expect(() => outbox.page([], { after })).toThrow(expect.objectContaining({ problem: 'ordering' }));
});

test.each([
  ['direction', { orderBy: [{ column: 'id', direction: 'desc' as const }] }],
  ['column', { unique: 'uid' }],
  ['expression', { orderBy: [{ column: 'id', expression: 'abs(id)' }] }],
])('a cursor of another %s is refused', (_, options) => {
  expect(() => pagesBy(options).page([], { after: cursor(1) })).toThrow(
    expect.objectContaining({ problem: 'ordering' }),
  );
});

test('a NULL where none was told of is an error, since rows would be skipped', () => {
  const created = pagesBy({ orderBy: [{ column: 'created_at' }] });
  expect(() => created.page([{ [KEY]: '[null,"1"]' }], {})).toThrow(
    expect.objectContaining({
      code: 'READFLEET_PAGING_NULL',
      message: expect.stringContaining('"created_at" is NULL'),
    }),
  );
});

test('rows without the key are an error', () => {
  expect(() => pages.page([{ id: 1 }], {})).toThrow(expect.objectContaining({ code: 'READFLEET_PAGING_TEXT' }));
});

test.each(['key', 'where', 'orderBy', 'limit'] as const)('a text without its %s is an error', (left) => {
  expect(() =>
    pages.statement({
      text: (pieces) =>
        Object.entries(pieces)
          .flatMap(([name, piece]) => (name === left ? [] : [piece]))
          .join('\n'),
    }),
  ).toThrow(expect.objectContaining({ code: 'READFLEET_PAGING_TEXT', message: expect.stringContaining(`"${left}"`) }));
});

/** All of a list. */
function written({ key, where, orderBy, limit }: Pieces): string {
  return `select ${key} from item where ${where} ${orderBy} ${limit}`;
}

test('the statement takes its parameters after the caller’s own', () => {
  const { text, values } = pages.statement({
    text: ({ key, where, orderBy, limit }) =>
      `select ${key} from item where kind = $1 and ${where} ${orderBy} ${limit}`,
    values: ['note'],
    first: 5,
    after: cursor(7),
  });
  expect(text).toContain('kind = $1 and ("id" > $3) order by "id" asc limit $2');
  expect(values).toEqual(['note', 6, '7']);
});

test('a value of a cursor is cast to no type with a length, which would cut it off', () => {
  const typed = pagesBy({ orderBy: [{ column: 'code', type: 'char' }] });
  const { endCursor: after } = typed.page([{ [KEY]: '["abc","1"]' }], {}).pageInfo;
  const { text } = typed.statement({ text: written, after });
  expect(text).toContain('::text::bpchar');
  expect(text).not.toContain('::text::char');
});

test('a text may end in a comment, also where it is a part of a larger statement', async () => {
  await loadModule();
  const mixed = pagesBy({ orderBy: [{ column: 'kind', direction: 'desc' }, { column: 'made' }] });
  const { endCursor: after } = mixed.page([{ [KEY]: '["a","b","1"]' }], {}).pageInfo;
  for (const request of [{}, { after }]) {
    const { text } = mixed.statement({ text: (pieces) => `${written(pieces)} -- newest first`, ...request });
    expect(parseSync(text).stmts).toHaveLength(1);
    expect(text.includes('union all')).toBe('after' in request);
  }
});

test('options of a read need a fleet', async () => {
  const pool = { query: async () => ({ rows: [] }) };
  const text = ({ key, where, orderBy, limit }: Pieces) => `${key}${where}${orderBy}${limit}`;
  const query = { text, read: { maxStalenessMs: 1 } };
  await expect(pages.query(pool as never, query)).rejects.toMatchObject({ code: 'READFLEET_NOT_A_FLEET' });
  await expect(pages.query(pool, { text })).resolves.toMatchObject({ rows: [] });
});

test('the secret may be bytes', () => {
  const bytes = pagesBy({ secret: Buffer.from(SECRET) });
  expect(bytes.page([], { after: pagesBy().page(rows(1), {}).pageInfo.endCursor }).rows).toEqual([]);
});
