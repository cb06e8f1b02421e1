import type { KeyColumn, PageRequest } from '../../../data/paging';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { pagesBy } from './support';

/** What EXPLAIN (format json) tells of one step. */
interface Step {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Step[];
}

const ROWS = 20_000;
const SIZE = 20;

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: 0 });
  const { primary } = local;
  await primary.query(
    `create table task (id bigint primary key, team int not null, state int not null, made_at timestamptz not null, due_at timestamptz)`,
  );
  // Most tasks of a team are in one of three states and have no due date: what an OR would read and throw away is long.
  await primary.query(
    `insert into task select n, n % 2, n % 3, timestamptz '2024-01-01' + n * interval '1 second' / 3,
       case when n % 10 = 0 then timestamptz '2025-01-01' + n % 500 * interval '1 hour' end
     from generate_series(1, ${ROWS}) n`,
  );
  await primary.query('create index on task (team, made_at, id)');
  await primary.query('create index on task (team, state, made_at desc, id desc)');
  await primary.query('create index on task (team, due_at desc nulls first, id desc)');
  await primary.query('create index on task (team, due_at, id)');
  await primary.query('vacuum analyze task');
});

afterAll(async () => {
  await local?.stop();
});

const text = ({ key, where, orderBy, limit }: Record<'key' | 'where' | 'orderBy' | 'limit', string>) =>
  `select id, ${key} from task where team = $1 and ${where} ${orderBy} ${limit}`;

/** The row that stands at a share of the list, as a cursor, and the page after or before it. */
async function pageAt(orderBy: readonly KeyColumn[], share: number, way: 'forward' | 'backward') {
  const pages = pagesBy({ orderBy, maxPageSize: ROWS });
  const all = pages.statement({ text, values: [1], first: ROWS });
  const rows = await local.primary.query(all.text, all.values);
  const page = pages.page(rows, { first: ROWS });
  const cursor = page.edges()[Math.floor(rows.length * share)]?.cursor;
  const request: PageRequest = way === 'forward' ? { first: SIZE, after: cursor } : { last: SIZE, before: cursor };
  const statement = pages.statement({ text, values: [1], ...request });
  const [explained] = await local.primary.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(
    `explain (analyze, format json, timing off) ${statement.text}`,
    statement.values,
  );
  const steps = flat((explained as { 'QUERY PLAN': [{ Plan: Step }] })['QUERY PLAN'][0].Plan);
  const scans = steps.filter((step) => step['Node Type'].includes('Scan') && !step['Node Type'].startsWith('Subquery'));
  return { steps, scans, read: scans.reduce((sum, scan) => sum + rowsRead(scan), 0) };
}

function flat(step: Step): Step[] {
  return [step, ...(step.Plans ?? []).flatMap(flat)];
}

function rowsRead(scan: Step): number {
  return (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'];
}

const ORDERS: [string, number, KeyColumn[]][] = [
  ['one direction', 1, [{ column: 'made_at', direction: 'desc' }]],
  ['mixed directions', 2, [{ column: 'state' }, { column: 'made_at', direction: 'desc' }]],
  ['NULLs first', 2, [{ column: 'due_at', direction: 'desc', nulls: 'first' }]],
  ['NULLs last', 3, [{ column: 'due_at', nulls: 'last' }]],
];

describe.each(ORDERS)('%s', (_, stretches, orderBy) => {
  test.each([
    [0.01, 'forward'],
    [0.5, 'forward'],
    [0.97, 'forward'],
    [0.97, 'backward'],
    [0.5, 'backward'],
    [0.05, 'backward'],
  ] as const)('a page at %d of the list, %s, is read from an index, and no row beside', async (share, way) => {
    const { steps, scans, read } = await pageAt(orderBy, share, way);
    for (const scan of scans) {
      expect(scan['Node Type']).toMatch(/^Index (Only )?Scan$/);
      expect(scan['Index Cond']).toContain('team');
      expect(scan['Rows Removed by Filter'] ?? 0).toBe(0);
    }
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.length).toBeLessThanOrEqual(stretches);
    expect(read).toBeLessThanOrEqual(scans.length * (SIZE + 1));
    // What is sorted is a few pages, not the list.
    for (const step of steps.filter((one) => one['Node Type'] === 'Sort')) {
      expect(step['Actual Rows']).toBeLessThanOrEqual(SIZE + 1);
    }
  });
});

test('the pieces for query builders begin at the cursor too', async () => {
  const pages = pagesBy({ orderBy: [{ column: 'made_at' }, { column: 'id', direction: 'desc' }] });
  const [row] = await local.primary.query('select made_at::text, id::text from task where id = 15001');
  const cursor = pages.page([{ readfleet_key: JSON.stringify([row?.made_at, row?.id]) }], { first: 1 }).pageInfo
    .endCursor;
  const values: unknown[] = [];
  const { where, orderBy } = pages.parts(
    (strings, ...inner: unknown[]) =>
      strings.reduce((written, string, place) => `${written}$${values.push(inner[place - 1])}${string}`),
    { first: SIZE, after: cursor },
  );
  const [explained] = await local.primary.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(
    `explain (analyze, format json, timing off) select id from task where team = 1 and ${where} order by ${orderBy} limit ${SIZE}`,
    values,
  );
  const [scan] = flat((explained as { 'QUERY PLAN': [{ Plan: Step }] })['QUERY PLAN'][0].Plan).filter((step) =>
    step['Node Type'].startsWith('Index'),
  );
  expect(scan?.['Index Cond']).toMatch(/team = 1\) AND \(made_at >= /);
  expect(rowsRead(scan as Step)).toBeLessThanOrEqual(SIZE + 5);
});
