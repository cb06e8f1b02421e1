/** Keys of types with a length or a precision: none is cut off or rounded to the key of another row. */
import { batch } from '../../../data/batch';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { replicated } from '../paging/support';

/** Types as people write them, of which column, the key of a row of it, and keys that are only when they are cut off or rounded. */
const COLUMNS = [
  ['varchar(3)', ['varchar(3)', 'character varying(3)', 'varchar(3)'], 'abc', ['abcdef', 'abc ', 'ab']],
  ['char(3)', ['char(3)', 'character(3)', 'char', 'character', 'nchar', 'bpchar(3)', 'bpchar'], 'abc', ['abcdef', 'a']],
  ['char(5)', ['char(5)', 'char', 'character'], 'abc', ['abcdefg', 'ab']],
  ['numeric(10,2)', ['numeric(10,2)', 'decimal(10, 2)', 'numeric'], '1.01', ['1.0149', '1.009']],
  ['bit(3)', ['bit(3)', 'bit'], '101', ['10111', '1', '10']],
  ['bit varying(3)', ['bit varying(3)', 'varbit(3)', 'bit varying'], '101', ['10111', '1']],
  [
    'timestamptz(0)',
    ['timestamptz(0)', 'timestamp(0) with time zone'],
    '2024-01-01 00:00:01+00',
    ['2024-01-01 00:00:01.4+00'],
  ],
  [
    'timestamp(0)',
    ['timestamp(0)', 'timestamp(0) without time zone'],
    '2024-01-01 00:00:01',
    ['2024-01-01 00:00:01.4'],
  ],
  ['time(0)', ['time(0)', 'time(0) without time zone'], '00:00:01', ['00:00:01.4']],
  ['timetz(0)', ['timetz(0)', 'time(0) with time zone'], '00:00:01+00', ['00:00:01.4+00']],
  ['interval(0)', ['interval(0)', 'interval second(0)', 'interval day'], '1 day 00:00:01', ['1 day 00:00:01.4']],
  ['interval day', ['interval day', 'interval'], '1 day', ['1 day 05:00:00']],
  ['float(24)', ['float(24)', 'real'], '0.1', ['0.11']],
] as const;
const CASES = COLUMNS.flatMap(([, types, key, others], column) =>
  types.map((type) => [type, `c${column}`, key, others] as const),
);

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: 1 });
  fleet = await connect(local.contract, { maxStalenessMs: Number.POSITIVE_INFINITY });
  await fleet.write(
    `create table kind (${COLUMNS.map(([type], column) => `c${column} ${type} not null unique`).join(', ')})`,
  );
  const keys = COLUMNS.map(([, , key]) => key);
  await fleet.write(`insert into kind values (${keys.map((_, index) => `$${index + 1}`).join(', ')})`, [...keys]);
  await replicated(local);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

test.each(CASES)('of type %s a key finds its row, and no other finds it', async (type, by, key, others) => {
  const keys = [...others, key];
  const single = await Promise.all(
    keys.map(async (one) => (await local.primary.query<object>(`select ${by} from kind where ${by} = $1`, [one]))[0]),
  );
  expect(single).toEqual([...others.map(() => undefined), expect.anything()]);
  const of = { from: 'kind', by, type };
  expect(
    await batch(fleet)
      .rowsBy({ ...of, select: [by] })
      .loadMany(keys),
  ).toEqual(single);
  expect(await batch(fleet).counts(of).loadMany(keys)).toEqual([...others.map(() => 0), 1]);
});

test.each(CASES)('of type %s a key is looked up in the index', async (type, by, key) => {
  const orderBy = [{ column: by }];
  const plans: string[] = [];
  await fleet.transaction(async (transaction) => {
    await transaction.query('set local enable_seqscan = off');
    const explaining = {
      query: async (text: string, values: unknown[]) => {
        const { rows } = await transaction.query(`explain (format json) ${text}`, values);
        plans.push(JSON.stringify(rows));
        return { rows: [] };
      },
    };
    await batch(explaining).latest({ from: 'kind', by, type, orderBy }).load(key);
  });
  expect(plans).toEqual([expect.stringContaining('"Index Cond"')]);
});
