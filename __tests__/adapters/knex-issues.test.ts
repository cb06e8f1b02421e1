import knex, { type Knex } from 'knex';
import { knexClient } from 'readfleet/knex';
import { ended } from '../support/activity';
import { Stage } from './builder-stage';

let stage: Stage;
let db: Knex;

beforeAll(async () => {
  stage = await Stage.start();
});

beforeEach(() => {
  db = knex({ client: knexClient(stage.fleet, knex), pool: { max: 2 }, log: { warn: jest.fn() } });
});

afterEach(async () => {
  await db.destroy();
  await stage.servers.mend();
});

afterAll(() => stage?.stop());

describe('knex #2253, #5322: replicas are read, by one Knex', () => {
  test('a select on a replica, a write on the primary', async () => {
    const { id } = await stage.author();
    expect(await stage.roles(() => db('jotting_author').where({ id }))).toEqual(['replica']);
    expect(await stage.roles(() => db('jotting_author').insert({ name: stage.name() }))).toEqual(['primary']);
  });

  test('what begins like a select and is none on the primary, where two instances by method would not send it', async () => {
    const { id } = await stage.author();
    expect(await stage.roles(() => db('jotting_author').where({ id }).forUpdate())).toEqual(['primary']);
    expect(await stage.roles(() => db('jotting_author').where({ id }).forShare().first())).toEqual(['primary']);
  });

  test('a transaction as a whole on the primary', async () => {
    await stage.author();
    expect(
      await stage.roles(() =>
        db.transaction(async (transaction) => {
          await transaction('jotting_author').first();
          await db('jotting_author').transacting(transaction).first();
        }),
      ),
    ).toEqual(['primary']);
  });
});

describe('knex #3523, #5351: connections end while nobody uses them', () => {
  test('the next reads and writes are answered', async () => {
    const { id, name } = await stage.author();
    const work = async () => {
      await expect(db('jotting_author').where({ id }).first()).resolves.toMatchObject({ name });
      await db('jotting_note').insert({ body: 'again', author_id: id });
    };
    await work();
    for (const member of stage.servers.local.members)
      await member.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
    for (let n = 0; n < 5; n += 1) await work();
  });

  test('also when a replica was down and is back', async () => {
    const { id, name } = await stage.author();
    const [victim] = stage.servers.local.replicas;
    const reads = async () => {
      for (let n = 0; n < 10; n += 1)
        await expect(db('jotting_author').where({ id }).first()).resolves.toMatchObject({ name });
    };
    await reads();
    await victim?.kill();
    await reads();
    await victim?.restart();
    await reads();
  });
});

test('a stream whose server dies ends with an error, and the next is sound', async () => {
  const stream = db.raw('select n from generate_series(1, 1000000) n').stream({ batchSize: 10 });
  const rows = async () => {
    let n = 0;
    for await (const _ of stream as AsyncIterable<unknown>) {
      n += 1;
      if (n === 25) await Promise.all(stage.servers.local.replicas.map((replica) => replica.kill()));
    }
  };
  await expect(rows()).rejects.toThrow(/terminated|ECONNRESET/);
  await stage.allReturned();
  await expect(db.raw('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
});

describe('knex #707, #2211: a statement that takes too long is ended on the server that runs it', () => {
  const gone = async () => {
    for (const member of stage.servers.local.members) await ended(member, 'pg_sleep');
  };

  test('on a replica, also when the pool has no place for another', async () => {
    const slow = () => db('jotting_author').select(db.raw('pg_sleep(60)')).timeout(100, { cancel: true });
    await stage.author();
    const asked = await Promise.allSettled([slow(), slow()]);
    expect(asked.map((each) => each.status === 'rejected' && each.reason.name)).toEqual([
      'KnexTimeoutError',
      'KnexTimeoutError',
    ]);
    await gone();
    await expect(db('jotting_author').count().first()).resolves.toBeDefined();
  });

  test.each([
    ['in a transaction', {}],
    ['in one that reads on a replica', { readOnly: true }],
  ])('%s, which can be rolled back then', async (_, config) => {
    const begun = await db.transaction(config);
    const slow = begun.raw('select pg_sleep(60)').timeout(100, { cancel: true });
    await expect(slow).rejects.toMatchObject({ name: 'KnexTimeoutError' });
    await gone();
    await begun.rollback();
    await stage.allReturned();
  });
});
