import fc from 'fast-check';
import type { PoolClient, QueryResult } from 'pg';
import Cursor from 'pg-cursor';
import { Servers, type TestHost } from './support';

const RUNS = 40;

let servers: Servers;

beforeAll(async () => {
  servers = await Servers.start();
  const { primary } = servers.local;
  await primary.query('create table note (id int primary key, body text not null)');
  await primary.query(`insert into note select n, 'note ' || n from generate_series(1, 5) n`);
  await servers.replicated();
});

afterAll(() => servers?.stop());

/** Every write is undone or done again by the next run, and each session of a run is closed at its end. */
const READS = [
  'select count(*)::int as n from note',
  'select 1 / 0',
  'select * from nowhere',
  'select 1 as a; select 2 as b',
];
const ROWS = 'select id, body from note where id < 3 order by id';
const EFFECTS = [
  'begin',
  'begin read only',
  'begin isolation level repeatable read read only',
  'begin isolation level serializable read only',
  'commit',
  'rollback',
  'savepoint a',
  'rollback to a',
  'set local work_mem = 64',
  `set work_mem = '65kB'`,
  'show work_mem',
  'listen news',
  'prepare p as select 3 as n',
  'execute p',
  'deallocate p',
  'create temp table if not exists mine (id int)',
  `select set_config('my.name', 'ann', false)`,
  `select current_setting('my.name', true) as name`,
  'select 1 as n from note where id = 1 for update',
  'nonsense',
  '',
];

const statement = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...READS, ROWS).map((text) => ({ kind: 'text' as const, text })) },
  { weight: 6, arbitrary: fc.constantFrom(...EFFECTS).map((text) => ({ kind: 'text' as const, text })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cursor' as const, text: ROWS }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'named' as const, text: 'select $1::int as n' }) },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: 'write' as const, text: `update note set body = body || '!' where id = 2` }),
  },
);
type Asked = typeof statement extends fc.Arbitrary<infer T> ? T : never;

function ask(client: PoolClient, { kind, text }: Asked): Promise<unknown> {
  if (kind === 'named') return client.query({ name: 'named', text, values: [7] });
  if (kind !== 'cursor') return client.query(text);
  const cursor = client.query(new Cursor(text));
  return cursor.read(10).finally(() => cursor.close());
}

function told(answer: PromiseSettledResult<unknown>): unknown {
  if (answer.status === 'rejected') return [answer.reason.code, answer.reason.message];
  const one = ({ command, rows, rowCount }: QueryResult) => ({ command, rows, rowCount });
  return [answer.value]
    .flat()
    .map((each) => ((each as QueryResult).command === undefined ? each : one(each as QueryResult)));
}

/** Runs the statements on one client and closes its session. */
async function run(client: PoolClient, asked: readonly Asked[], awaited: boolean): Promise<unknown[]> {
  const answers: PromiseSettledResult<unknown>[] = [];
  if (awaited) for (const each of asked) answers.push(...(await Promise.allSettled([ask(client, each)])));
  else answers.push(...(await Promise.allSettled(asked.map((each) => ask(client, each)))));
  client.release(true);
  await servers.local.primary.query(`update note set body = 'note ' || id where body <> 'note ' || id`);
  await servers.replicated();
  return answers.map(told);
}

/** Of read-only transactions, which have a test of their own. */
function opensNone({ text }: { text: string }): boolean {
  return !text.includes('read only');
}

test('any statements on one client give what they give on a bare client of the primary', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement.filter(opensNone), { maxLength: 12 }), fc.boolean(), async (asked, awaited) => {
      const host = servers.host();
      const expected = await run(await host.writerPool.connect(), asked, awaited);
      expect(await run(await host.facade().connect(), asked, awaited)).toEqual(expected);
      expectNothingUnbound(host);
      await servers.closeHosts();
    }),
    { numRuns: RUNS },
  );
});

test('also with read-only transactions, as long as they leave nothing in the session', async () => {
  const inside = fc.constantFrom(...READS, ROWS, 'savepoint a', 'rollback to a', 'set local work_mem = 64', 'begin');
  const readOnly = fc
    .tuple(
      fc.constantFrom(...EFFECTS.filter((text) => !opensNone({ text }))),
      fc.array(inside, { maxLength: 4 }),
      fc.constantFrom('commit', 'rollback'),
    )
    .map(([begin, texts, end]) => [begin, ...texts, end].map((text): Asked => ({ kind: 'text', text })));
  const other = statement.filter(({ text }) => opensNone({ text }) && text !== 'begin').map((each) => [each]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(readOnly, other), { maxLength: 6 }), fc.boolean(), async (parts, awaited) => {
      const asked = parts.flat();
      const host = servers.host();
      const expected = await run(await host.writerPool.connect(), asked, awaited);
      expect(await run(await host.facade().connect(), asked, awaited)).toEqual(expected);
      expectNothingUnbound(host);
      await servers.closeHosts();
    }),
    { numRuns: RUNS },
  );
});

/** What the fleet ran on a connection of its own choice was proved to be a read. */
function expectNothingUnbound(host: TestHost): void {
  const routed = host.seen.filter((line) => !line.endsWith(' connection'));
  for (const line of routed) {
    const intent = host.intentOf(line.slice(line.indexOf(' ') + 1));
    expect([line, intent.target, intent.session]).toEqual([line, 'replica', undefined]);
  }
}
