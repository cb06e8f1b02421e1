import type { Kysely, PostgresDialectConfig, Transaction } from 'kysely' with { 'resolution-mode': 'import' };
import Cursor from 'pg-cursor';
import { kyselyCursor, kyselyPool } from '../../adapters/orm/kysely';
import { connect, type Fleet, type ReadOptions } from '../../lib';
import type { LocalMember } from '../../local';
import { begun, ended, running } from '../support/activity';
import { eventually } from '../support/eventually';
import { loadKysely } from './kysely-packed';
import { FAST } from './matrix/fast';
import { Servers } from './matrix/ground';
import type { Database } from './matrix/subjects/kysely-asked';

const { Kysely: KyselyClass, Migrator, PostgresDialect, sql } = loadKysely();

let servers: Servers;
let fleet: Fleet;
let db: Kysely<Database>;

beforeAll(async () => {
  servers = await Servers.start();
  await servers.row('there');
});

beforeEach(async () => {
  await servers.mend();
  fleet = await connect(servers.ground.contract, FAST);
  db = over();
  await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
});

afterEach(() => fleet?.close());
afterAll(() => servers?.stop());

/** A Kysely over the fleet. */
function over(read?: ReadOptions, config: Partial<PostgresDialectConfig> = {}): Kysely<Database> {
  return new KyselyClass<Database>({ dialect: new PostgresDialect({ pool: kyselyPool(fleet, read), ...config }) });
}

/** The replica that runs a statement with `mark` in it. */
async function serving(mark: string): Promise<LocalMember> {
  return eventually(async () => {
    const counts = await Promise.all(servers.local.replicas.map((replica) => running(replica, mark)));
    const found = servers.local.replicas[counts.findIndex((count) => count > 0)];
    if (!found) throw new Error(`no replica runs ${mark}`);
    return found;
  });
}

async function rolesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  return (await servers.asked(work)).roles;
}

const select = (on: Kysely<Database> = db) => on.selectFrom('jotting').select('body').where('id', '>', '0');
const insert = (body: string, on: Kysely<Database> = db) => on.insertInto('jotting').values({ body });
const slow = (seconds: number, on: Kysely<Database> = db) => select(on).select(sql`pg_sleep(${seconds})`.as('slept'));

describe('kyselyPool', () => {
  test.each([
    ['a promise', () => connect(servers.ground.contract, FAST), /Await connect/],
    ['a pool', () => fleet.pool, /what connect\(…\) resolves with/],
    ['nothing', () => undefined, /got: undefined/],
  ])('given %s says what it takes', async (_, make, message) => {
    const given = make() as unknown;
    expect(() => kyselyPool(given as Fleet)).toThrow(message);
    expect(() => kyselyPool(given as Fleet)).toThrow(expect.objectContaining({ code: 'READFLEET_NOT_A_FLEET' }));
    if (given instanceof Promise) await (await (given as Promise<Fleet>)).close();
  });

  test('given an option that reads do not have says so', () => {
    expect(() => kyselyPool(fleet, { maxStaleness: 5 } as never)).toThrow(/maxStaleness/);
  });

  test('db.destroy() ends its own pool: Kysely refuses from then on, the fleet goes on, and so does another Kysely', async () => {
    const other = over();
    await select().execute();
    await db.destroy();
    await expect(select().execute()).rejects.toThrow('driver has already been destroyed');
    expect(await rolesOf(() => select(other).execute())).toEqual(['replica']);
    expect((await fleet.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  });
});

describe('what all reads of a Kysely ask for', () => {
  test('an endpoint, by which they are switched off while others go on', async () => {
    const reports = over({ endpoint: 'reports' });
    expect(await rolesOf(() => select(reports).execute())).toEqual(['replica']);
    fleet.flags.disable('reports');
    expect(await rolesOf(() => select(reports).execute())).toEqual(['primary']);
    expect(await rolesOf(() => select().execute())).toEqual(['replica']);
  });

  test('the primary, in place of withPrimary()', async () => {
    expect(await rolesOf(() => select(over({ consistency: 'strong' })).execute())).toEqual(['primary']);
  });

  test('a bound: where replay stands still, one Kysely reads replicas and another does not', async () => {
    await Promise.all(servers.local.replicas.map((replica) => replica.pauseReplay()));
    await insert('moves the log').execute();
    const old = over({ maxStalenessMs: Number.POSITIVE_INFINITY });
    // The default's bound is over once reads go to the primary.
    await eventually(async () => (await rolesOf(() => select().execute())).includes('primary'));
    expect(await rolesOf(() => select(old).execute())).toEqual(['replica']);
  });

  test('kysely #783: a signal, which cancels them on their replica', async () => {
    const request = new AbortController();
    const read = slow(60, over({ signal: request.signal })).execute();
    read.catch(() => undefined);
    const replica = await serving('pg_sleep');
    const reason = new Error('the browser has gone');
    request.abort(reason);
    await expect(read).rejects.toBe(reason);
    await ended(replica, 'pg_sleep');
  });

  test('for a read-only transaction and a stream it decides which member they get', async () => {
    const strong = over({ consistency: 'strong' }, { cursor: kyselyCursor(Cursor) });
    expect(
      await rolesOf(() =>
        strong
          .transaction()
          .setAccessMode('read only')
          .execute((trx) => select(trx).execute()),
      ),
    ).toEqual(['primary']);
    expect(await rolesOf(() => drain(select(strong).stream(1)))).toEqual(['primary']);
  });
});

describe('one statement goes to the primary', () => {
  test('by a comment in it', async () => {
    expect(await rolesOf(() => select().modifyEnd(sql`/* readfleet: primary */`).execute())).toEqual(['primary']);
  });

  test('by what it does, also when the sql tag made it', async () => {
    expect(await rolesOf(() => sql`select count(*) from jotting`.execute(db))).toEqual(['replica']);
    expect(await rolesOf(() => sql`select pg_advisory_xact_lock(1), count(*) from jotting`.execute(db))).toEqual([
      'primary',
    ]);
  });
});

describe('transactions', () => {
  test('a read-only one runs on one replica', async () => {
    const ports = new Set<unknown>();
    const roles = await rolesOf(() =>
      db
        .transaction()
        .setAccessMode('read only')
        .setIsolationLevel('repeatable read')
        .execute(async (trx) => {
          for (let n = 0; n < 6; n += 1) {
            const { rows } = await sql`select inet_server_port() as port, count(*) from jotting`.execute(trx);
            ports.add((rows[0] as { port: number }).port);
          }
        }),
    );
    expect(roles).toEqual(['replica']);
    expect(ports.size).toBe(1);
  });

  test('a serializable read-only one runs on the primary, since no standby has that level', async () => {
    const snapshot = db.transaction().setAccessMode('read only').setIsolationLevel('serializable');
    expect(await rolesOf(() => snapshot.execute((trx) => select(trx).execute()))).toEqual(['primary']);
  });

  test('a savepoint takes back what came after it, and no more', async () => {
    const trx = await db.startTransaction().execute();
    await insert('kept', trx).execute();
    const after = await trx.savepoint('one').execute();
    await insert('taken back', after).execute();
    await after.rollbackToSavepoint('one').execute();
    await trx.commit().execute();
    expect([await servers.count('kept'), await servers.count('taken back')]).toEqual([1, 0]);
  });

  test('a read of its own beside it does not see what it wrote; by the transaction it does', async () => {
    const bodies = (on: Kysely<Database> | Transaction<Database>) =>
      select(on)
        .where('body', '=', 'in it')
        .execute()
        .then((rows) => rows.length);
    await db.transaction().execute(async (trx) => {
      await insert('in it', trx).execute();
      expect([await bodies(trx), await bodies(db)]).toEqual([1, 0]);
    });
  });

  test('db.connection() reads from replicas until it writes', async () => {
    await db.connection().execute(async (connection) => {
      expect(await rolesOf(() => select(connection).execute())).toEqual(['replica']);
      await insert('binds', connection).execute();
      expect(await rolesOf(() => select(connection).execute())).toEqual(['primary']);
    });
  });
});

describe('streams', () => {
  beforeEach(async () => {
    for (let n = 0; n < 3; n += 1) await insert('in a stream').execute();
    await servers.caughtUp();
    db = over(undefined, { cursor: kyselyCursor(Cursor) });
  });

  test('come from a replica', async () => {
    let bodies: string[] = [];
    const roles = await rolesOf(async () => {
      bodies = await drain(select().where('body', '=', 'in a stream').stream(2));
    });
    expect(roles).toEqual(['replica']);
    expect(bodies.length).toBeGreaterThanOrEqual(3);
  });

  test('that nobody reads to the end give their connection back', async () => {
    for await (const _ of select().stream(1)) break;
    expect(fleet.status().members.every(({ pool }) => pool.idle === pool.total)).toBe(true);
  });

  test.each([
    ['between two of its rows', () => select().stream(1), (first: Promise<unknown>) => first],
    ['while it waits for one', () => slow(60).stream(1), () => serving('pg_sleep')],
  ])('of a replica that dies %s end with an error, and the next one comes from elsewhere', async (_, begin, until) => {
    const stream = begin();
    const first = stream.next();
    first.catch(() => undefined);
    await until(first);
    const held = fleet.status().members.find(({ role, pool }) => role === 'replica' && pool.total > pool.idle);
    await servers.local.replica(String(held?.name)).kill();
    await expect(first.then(() => drain(stream))).rejects.toThrow();
    expect((await drain(select().stream(1))).length).toBeGreaterThan(0);
  });

  test('that is left while its replica answers nothing ends when that replica dies', async () => {
    const stream = select().stream(1);
    await stream.next();
    const held = fleet.status().members.find(({ role, pool }) => role === 'replica' && pool.total > pool.idle);
    const replica = servers.local.replica(String(held?.name));
    await replica.freeze();
    const left = stream.return?.(undefined);
    await replica.kill();
    await expect(left).resolves.toEqual({ done: true, value: undefined });
  });
});

describe('traps', () => {
  test('a SET in onCreateConnection binds each connection to the primary: right, but no replica is read', async () => {
    const set = over(undefined, {
      onCreateConnection: async (connection) => {
        await connection.executeQuery(sql`set work_mem = '8MB'`.compile(db));
      },
    });
    expect(await rolesOf(() => select(set).execute())).toEqual(['primary']);
  });

  test('`inflightQueryAbortStrategy` asks for the process number, and so for the primary, where it cancels what is to be cancelled', async () => {
    // Kysely tells of the statement that was cancelled.
    const told = jest.spyOn(console, 'error').mockImplementation();
    const request = new AbortController();
    const read = slow(60).execute({ signal: request.signal, inflightQueryAbortStrategy: 'cancel query' });
    read.catch(() => undefined);
    await begun(servers.local.primary, 'pg_sleep');
    request.abort(new Error('gone'));
    await expect(read).rejects.toThrow('gone');
    await ended(servers.local.primary, 'pg_sleep');
    await eventually(() => told.mock.calls.length > 0);
    told.mockRestore();
  });

  test('migrations of two processes at once, over the primary, while replay stands still: each is done once', async () => {
    await Promise.all(servers.local.replicas.map((replica) => replica.pauseReplay()));
    const up = jest.fn((on: Kysely<never>) => on.schema.createTable('shelf').addColumn('id', 'integer').execute());
    const migrate = async () => {
      const migrator = new Migrator({
        db: over({ consistency: 'strong' }),
        provider: { getMigrations: async () => ({ one: { up } }) },
      });
      const { error, results } = await migrator.migrateToLatest();
      return { error, done: results?.map(({ status }) => status) };
    };
    const ends = await Promise.all([migrate(), migrate()]);
    expect(ends.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(ends.flatMap(({ done }) => done)).toEqual(['Success']);
    expect(up).toHaveBeenCalledTimes(1);
  });
});

async function drain(rows: AsyncIterable<{ body: string }>): Promise<string[]> {
  const bodies: string[] = [];
  for await (const { body } of rows) bodies.push(body);
  return bodies;
}
