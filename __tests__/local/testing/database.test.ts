import { Client } from 'pg';
import { connect } from '../../../lib';
import {
  type FreshDatabase,
  freshDatabase,
  type LocalFleet,
  readMatchers,
  readsOf,
  startLocalFleet,
  template,
  testOptions,
} from '../../../local/testing';

expect.extend(readMatchers);

let servers: LocalFleet;

beforeAll(async () => {
  servers = await startLocalFleet({ replicas: 2 });
});

afterAll(async () => {
  await servers?.stop();
});

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** Databases of the fleet that are no part of PostgreSQL. */
async function databases(): Promise<string[]> {
  const rows = await servers.primary.query<{ name: string }>(
    "select datname as name from pg_database where not datistemplate and datname <> 'postgres' order by 1",
  );
  return rows.map(({ name }) => name);
}

describe('a fresh database', () => {
  let db: FreshDatabase;
  afterEach(() => db.drop());

  test('is there, on every member, for connect()', async () => {
    db = await freshDatabase({ servers });
    const fleet = await connect(db.contract, testOptions());

    const recorded = await readsOf(fleet, () => fleet.query('select current_database() as name'));

    await fleet.close();
    expect(recorded).toHaveReadOnlyFrom('replica');
    expect(db.contract.database).toBe(db.name);
  });

  test('is on a replica that is late too', async () => {
    await servers.replica('replica-2').delayReplay(500);
    db = await freshDatabase({ servers });

    const there = servers.replica('replica-2').query('select from pg_database where datname = $1', [db.name]);

    expect(await there).toHaveLength(1);
    await servers.replica('replica-2').delayReplay(0);
  });

  test('is connected to in one word, and closed with it', async () => {
    db = await freshDatabase({ servers });
    const fleet = await db.connect({ maxStalenessMs: 5_000 });
    expect((await fleet.query<{ name: string }>('select current_database() as name')).rows).toEqual([
      { name: db.name },
    ]);

    await db.drop();

    await expect(fleet.query('select 1')).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
    expect(await databases()).toEqual([]);
  });

  test('has a URL of the primary, for what migrates it', async () => {
    db = await freshDatabase({ servers });
    await run(db.url, 'create table notes (id int)');
    const fleet = await db.connect();
    expect((await fleet.criticalRead('select from notes')).rows).toEqual([]);
  });

  test('is another one each time, also when several are made at once', async () => {
    const some = await Promise.all(Array.from({ length: 6 }, () => freshDatabase({ servers })));
    db = await freshDatabase({ servers });
    expect(new Set([db, ...some].map(({ name }) => name)).size).toBe(7);
    await Promise.all(some.map((one) => one.drop()));
  });

  test('is dropped whoever is in it, and however often that is asked for', async () => {
    db = await freshDatabase({ servers });
    const client = new Client({ connectionString: db.url });
    client.on('error', () => undefined);
    await client.connect();

    await Promise.all([db.drop(), db.drop()]);

    await client.end();
    expect(await databases()).toEqual([]);
  });

  test('is dropped at the end of its block', async () => {
    db = await freshDatabase({ servers });
    await db[Symbol.asyncDispose]();
    expect(await databases()).toEqual([]);
  });
});

describe('a template', () => {
  test('is made once, though many ask for it at once, and each gets a copy of its own', async () => {
    let made = 0;
    const notes = template('notes', async ({ url }) => {
      made += 1;
      await run(url, 'create table notes as select generate_series(1, 3) as id');
    });

    const some = await Promise.all(Array.from({ length: 5 }, () => freshDatabase({ servers, template: notes })));

    expect(made).toBe(1);
    await run(some[0]?.url as string, 'delete from notes');
    const fleets = await Promise.all(some.map((db) => db.connect()));
    const counts = await Promise.all(
      fleets.map(
        async (fleet) => (await fleet.criticalRead<{ n: number }>('select count(*)::int as n from notes')).rows[0]?.n,
      ),
    );
    expect(counts).toEqual([0, 3, 3, 3, 3]);
    await Promise.all(some.map((db) => db.drop()));
  });

  test('that could not be made is made anew by the next, from an empty database', async () => {
    let tries = 0;
    const orders = template('orders', async ({ url }) => {
      tries += 1;
      await run(url, 'create table orders (id int)');
      if (tries === 1) throw new Error('the migration is wrong');
    });

    await expect(freshDatabase({ servers, template: orders })).rejects.toThrow(/^the migration is wrong$/);
    const db = await freshDatabase({ servers, template: orders });

    await db.drop();
    expect(tries).toBe(2);
  });

  test('may be left with open connections', async () => {
    const clients: Client[] = [];
    const left = template('left', async ({ url }) => {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      clients.push(client);
      await client.connect();
    });

    const [one, two] = await Promise.all([
      freshDatabase({ servers, template: left }),
      freshDatabase({ servers, template: left }),
    ]);

    await Promise.all([one.drop(), two.drop(), ...clients.map((client) => client.end())]);
  });

  test('can be connected to by nobody once it is complete', async () => {
    let made: string | undefined;
    const closed = template('closed', async ({ url }) => {
      made = url;
    });
    const db = await freshDatabase({ servers, template: closed });
    await db.drop();

    await expect(run((made as string).replace('_unfinished', ''), 'select 1')).rejects.toMatchObject({ code: '55000' });
  });

  test.each(['', 'Notes', '1st', 'a b', `a${'b'.repeat(40)}`, 'a";drop'])('cannot have the name %p', (name) => {
    expect(() => template(name, async () => undefined)).toThrow(
      expect.objectContaining({ code: 'READFLEET_TESTING_NAME' }),
    );
  });
});

test('without a shared fleet, and without servers, it is said what to do', async () => {
  await expect(freshDatabase()).rejects.toMatchObject({
    code: 'READFLEET_TESTING_NO_FLEET',
    message: expect.stringContaining('startSharedFleet()'),
  });
});
