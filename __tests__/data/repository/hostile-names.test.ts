/** Tables and columns that are really called so, on a real server, whose own `format('%I')` makes them. */
import fc from 'fast-check';
import { Client } from 'pg';
import { Repository } from '../../../data/repository';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { HOSTILE, hostileNames } from './names';

let local: LocalFleet;
let fleet: Fleet;
/** Of one who looks at the server itself. */
let admin: Client;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract);
  admin = new Client({ connectionString: local.primary.url });
  await admin.connect();
  await admin.query('create table canary (id int primary key, word text not null)');
  await admin.query(`insert into canary select n, 'untouched' from generate_series(1, 3) n`);
});

afterAll(async () => {
  await admin?.end();
  await fleet?.close();
  await local?.stop();
});

type Row = Readonly<Record<string, unknown>>;

/** What is no business of a repository's: every relation, and the rows of one that is not its own. */
async function elsewhere(): Promise<unknown> {
  const { rows } = await admin.query(`
    select (select jsonb_agg(c order by c.id) from canary c) as canary,
           (select md5(string_agg(oid::text || relname, ',' order by oid)) from pg_class where relkind <> 't') as relations`);
  return rows;
}

async function makeTable(schema: string, table: string, columns: readonly string[]): Promise<void> {
  const { rows } = await admin.query<{ text: string }>(
    `select format('create schema if not exists %I; create table %I.%I (%I text primary key, %I text, %I text, %I int not null default 1)',
       $1::text, $1::text, $2::text, $3::text, $4::text, $5::text, $6::text) as text`,
    [schema, table, ...columns],
  );
  await admin.query(rows[0]?.text ?? '');
}

async function dropTable(schema: string, table: string): Promise<void> {
  const { rows } = await admin.query<{ text: string }>(
    `select format('drop table %I.%I', $1::text, $2::text) || case when $1 = 'public' then '' else format('; drop schema %I', $1::text) end as text`,
    [schema, table],
  );
  await admin.query(rows[0]?.text ?? '');
}

/** Columns with values, also those whose names mean something to JavaScript. */
function object(entries: [string, unknown][]): Row {
  return Object.fromEntries(entries);
}

/** Every verb does its own on a table of these names, and nothing anywhere else. */
async function works(schema: string, table: string, columns: readonly string[], value: string): Promise<void> {
  const [id = '', text = '', other = '', version = ''] = columns;
  await makeTable(schema, table, columns);
  const before = await elsewhere();
  const repository = new Repository<Row, string, string>(fleet, {
    table: schema === 'public' && !table.includes('.') ? `public.${table}` : { schema, table },
    id,
    columns: object(columns.map((column) => [column, 'value'])) as Record<string, 'value'>,
    version,
  });
  const strong = { consistency: 'strong' } as const;
  const row = object([
    [id, value],
    [text, value],
    [other, null],
    [version, 1],
  ]);

  expect(
    await repository.insert(
      object([
        [id, value],
        [text, value],
      ]),
    ),
  ).toEqual(row);
  await repository.insertMany([
    object([[id, `${value}2`]]),
    object([
      [id, `${value}3`],
      [other, 'x'],
    ]),
  ]);
  expect(await repository.findById(value, strong)).toEqual(row);
  expect(await repository.findByIdCritical(value)).toEqual(row);
  expect(
    await repository.findMany(
      object([
        [text, value],
        [other, null],
      ]),
      strong,
    ),
  ).toEqual([row]);
  expect(await repository.findMany(object([[id, [value, 'nothing']]]), strong)).toEqual([row]);
  const orderBy = [{ column: text, direction: 'desc', nulls: 'last' } as const];
  expect((await repository.findAll({ ...strong, orderBy, limit: 1 }))[0]).toEqual(row);
  expect(await repository.findAll(strong)).toHaveLength(3);
  const changed = {
    ...row,
    ...object([
      [other, value],
      [version, 2],
    ]),
  };
  expect(await repository.update(value, object([[other, value]]), { version: 1 })).toEqual(changed);
  await expect(repository.update(value, object([[other, 'lost']]), { version: 1 })).rejects.toMatchObject({
    code: 'READFLEET_STALE_VERSION',
    current: changed,
  });
  expect(await repository.delete(value, { version: 2 })).toEqual(changed);
  expect(await repository.findAll(strong)).toHaveLength(2);

  expect(await elsewhere()).toEqual(before);
  await dropTable(schema, table);
}

test.each(HOSTILE)('a table, its schema and its columns are called %j, or begin so', async (name) => {
  const columns = ['', '2', '3', '4'].map((suffix) => [...name].slice(0, 14).join('') + suffix);
  await works('public', name, columns, name);
  if (!name.startsWith('pg_')) await works(name === 'public.canary' ? 'p' : name, name, columns, name);
});

test('whatever the names and the values are, every verb does its own, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(hostileNames(6), fc.string({ unit: 'binary', minLength: 1 }), async (names, value) => {
      const [schema = '', table = '', ...columns] = names;
      // The server keeps these for itself; a text has no NUL in PostgreSQL.
      await works(schema.startsWith('pg_') ? 'public' : schema, table, columns, value.replaceAll('\0', '0'));
    }),
    { numRuns: 50 },
  );
});

test('what is no column is refused before anything is sent, whatever its name', async () => {
  const canary = new Repository<Row, string, string>(fleet, {
    table: 'canary',
    id: 'id',
    columns: { id: 'value', word: 'value' },
  });
  const before = await elsewhere();
  for (const name of HOSTILE) {
    const given = object([[name, 1]]);
    const code = 'READFLEET_REPOSITORY_ARGUMENT';
    await expect(canary.findMany(given)).rejects.toMatchObject({ code });
    await expect(canary.insert(given)).rejects.toMatchObject({ code });
    await expect(canary.update('1', given)).rejects.toMatchObject({ code });
    await expect(canary.findAll({ orderBy: [{ column: name }] })).rejects.toMatchObject({ code });
  }
  for (const value of HOSTILE) {
    expect(await canary.findMany({ word: value })).toEqual([]);
    expect(await canary.findMany({ word: [value] })).toEqual([]);
    expect(await canary.update('0', { word: value })).toBeUndefined();
  }
  expect(await elsewhere()).toEqual(before);
});
