import { count, eq, is, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { withReplicas as ownReplicas, PgDatabase } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { withReplicas } from 'readfleet/drizzle';
import { Stage } from './builder-stage';
import { author, note, schema } from './drizzle-schema';

type Database = NodePgDatabase<typeof schema>;

let stage: Stage;
/** On the fleet. */
let db: ReturnType<typeof overFleet>;
/** With Drizzle's own replicas. */
let own: Database;
const pools: Pool[] = [];

function overFleet(options?: Parameters<typeof withReplicas>[2]) {
  return withReplicas(stage.fleet, (client) => drizzle({ client, schema }), options);
}

beforeAll(async () => {
  stage = await Stage.start();
  db = overFleet();
  const { primary, replicas } = stage.servers.ground;
  const on = (server: (typeof replicas)[number]): Database => {
    const pool = new Pool(server);
    pool.on('error', () => undefined);
    pools.push(pool);
    return drizzle({ client: pool, schema });
  };
  own = ownReplicas(on(primary), replicas.map(on) as [Database, ...Database[]]);
});

afterEach(() => stage.servers.mend());

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await stage?.stop();
});

const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'fine',
    (error) => error.cause?.code ?? error.code,
  );

describe('drizzle-orm #4185: a write within a CTE of a select', () => {
  const written = (on: Database) => {
    const inserted = on.$with('inserted').as(on.insert(author).values({ name: stage.name() }).returning());
    return on.with(inserted).select().from(inserted);
  };

  test('its own replicas refuse it', async () => {
    expect(await codeOf(written(own))).toBe('25006');
  });

  test('a fleet writes it on the primary, and gives its rows', async () => {
    let rows: unknown[] = [];
    expect(await stage.roles(async () => (rows = await written(db)))).toEqual(['primary']);
    expect(rows).toEqual([{ id: expect.any(Number), name: expect.stringContaining('author') }]);
  });

  test('one that only reads is read on a replica', async () => {
    const known = db.$with('known').as(db.select().from(author));
    expect(await stage.roles(() => db.with(known).select({ n: count() }).from(known))).toEqual(['replica']);
  });
});

describe('drizzle-orm #6234: what is read in a transaction', () => {
  test('is of the transaction, by whatever way it is asked', async () => {
    const name = stage.name();
    const roles = await stage.roles(() =>
      db.transaction(async (tx) => {
        const [{ id = 0 } = {}] = await tx.insert(author).values({ name }).returning();
        const mine = eq(author.id, id);
        const known = tx.$with('known').as(tx.select().from(author).where(mine));
        expect(await tx.select().from(author).where(mine)).toHaveLength(1);
        expect(await tx.query.author.findFirst({ where: mine, with: { notes: true } })).toEqual({
          id,
          name,
          notes: [],
        });
        expect(await tx.$count(author, mine)).toBe(1);
        expect(await tx.with(known).select().from(known)).toHaveLength(1);
        expect((await tx.execute(sql`select 1 from ${author} where ${mine}`)).rows).toHaveLength(1);
        expect(await tx.select().from(author).where(mine).prepare('jotting_mine').execute()).toHaveLength(1);
      }),
    );
    expect(roles).toEqual(['primary']);
  });

  test('a transaction in it that fails takes back its own work alone', async () => {
    const [kept, lost] = [stage.name(), stage.name()];
    await db.transaction(async (tx) => {
      await tx.insert(author).values({ name: kept });
      const inner = tx.transaction(async (nested) => {
        await nested.insert(author).values({ name: lost });
        nested.rollback();
      });
      await expect(inner).rejects.toThrow('Rollback');
    });
    const names = (await db.$primary.select().from(author)).map((row) => row.name);
    expect([names.includes(kept), names.includes(lost)]).toEqual([true, false]);
  });

  test('one that only reads is on one replica from its beginning to its end', async () => {
    const { id } = await stage.author();
    const servers = new Set<unknown>();
    const roles = await stage.roles(() =>
      db.transaction(
        async (tx) => {
          for (let n = 0; n < 4; n += 1) {
            const [row] = await tx.select({ port: sql`inet_server_port()` }).from(author).where(eq(author.id, id));
            servers.add(row?.port);
          }
        },
        { accessMode: 'read only', isolationLevel: 'repeatable read' },
      ),
    );
    expect(roles).toEqual(['replica']);
    expect(servers.size).toBe(1);
  });
});

describe('drizzle-orm #3951, #1834, #4039: nothing is missing from the database', () => {
  test('its methods are those of the database itself, and take their arguments', async () => {
    const { id, name } = await stage.author();
    const named = db.$with('named').as(db.select({ name: author.name }).from(author).where(eq(author.id, id)));
    expect(await db.$count(author, eq(author.id, id))).toBe(1);
    expect(await db.with(named).select().from(named)).toEqual([{ name }]);
    expect(await db.selectDistinct({ name: author.name }).from(author).where(eq(author.id, id))).toEqual([{ name }]);
    expect(await db.selectDistinctOn([author.id]).from(author).where(eq(author.id, id))).toEqual([{ id, name }]);
    expect((await db.execute(sql`select name from ${author} where id = ${id}`)).rows).toEqual([{ name }]);
    const plain = drizzle({ client: stage.fleet.pool, schema });
    for (const method of methodsOf(plain)) expect(db).toHaveProperty(method, expect.any(Function));
  });

  test('drizzle-graphql #31: libraries know it for a database, which they do not with its own replicas', () => {
    expect([is(db, PgDatabase), is(own, PgDatabase)]).toEqual([true, false]);
  });

  test('drizzle-orm #6187: the columns of a CTE in SQL are kept, which its own replicas drop', async () => {
    const { name } = await stage.author();
    const read = async (on: Database) => {
      const one = on
        .$with('one', { name: author.name })
        .as(sql`select ${author.name} from ${author} where ${author.name} = ${name}`);
      return on.with(one).select().from(one);
    };
    expect(await read(db)).toEqual([{ name }]);
    expect(await read(own).catch(() => 'fails')).not.toEqual([{ name }]);
  });
});

describe('drizzle-orm #6279: the primary, unless a query says otherwise', () => {
  test('reads are on the primary by default, and on a replica by `$replica`', async () => {
    const { id, name } = await stage.author();
    const careful = overFleet({ defaultReads: 'primary' });
    const found = (on: Database) => on.query.author.findFirst({ where: eq(author.id, id) });
    expect(await stage.roles(() => found(careful))).toEqual(['primary']);
    expect(await stage.roles(() => found(careful.$replica))).toEqual(['replica']);
    await stage.pauseReplay();
    await careful.insert(note).values({ body: 'seen at once', authorId: id });
    expect(await careful.query.author.findFirst({ where: eq(author.name, name), with: { notes: true } })).toMatchObject(
      {
        notes: [{ body: 'a note' }, { body: 'seen at once' }],
      },
    );
  });

  test('with the default of a fleet, `$primary` asks the primary', async () => {
    const { id } = await stage.author();
    const found = (on: Database) => on.query.author.findFirst({ where: eq(author.id, id), with: { notes: true } });
    expect(await stage.roles(() => found(db))).toEqual(['replica']);
    expect(await stage.roles(() => found(db.$primary))).toEqual(['primary']);
  });

  test('`$replica` writes nothing, also where only the primary is left to read from', async () => {
    const write = () => codeOf(db.$replica.insert(author).values({ name: stage.name() }));
    expect(await write()).toBe('25006');
    await Promise.all(stage.servers.local.replicas.map((replica) => replica.kill()));
    expect(await write()).toBe('25006');
    expect(await codeOf(db.$replica.select().from(author))).toBe('fine');
  });
});

function methodsOf(database: object): string[] {
  const names = new Set<string>();
  for (let of = database; of !== Object.prototype; of = Object.getPrototypeOf(of)) {
    for (const name of Object.getOwnPropertyNames(of)) {
      if (typeof (database as Record<string, unknown>)[name] === 'function') names.add(name);
    }
  }
  names.delete('constructor');
  return [...names];
}
