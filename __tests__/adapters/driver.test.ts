import { Client, type PoolClient, types } from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { type Behind, type ClientConfig, DriverClient } from '../../adapters/orm/driver/client';
import type { FacadeHost } from '../../lib/facade';
import { Servers, type TestHost } from '../lib/facade/support';
import { begun } from '../support/activity';
import { eventually } from '../support/eventually';

let servers: Servers;
let host: TestHost;
let client: Client;
let open: () => void;

beforeAll(async () => {
  servers = await Servers.start();
  await servers.local.primary.query('create table note (id int primary key, body text not null)');
  await servers.local.primary.query(`insert into note select n, 'note ' || n from generate_series(1, 100) n`);
  await servers.replicated();
});

beforeEach(async () => {
  open = () => undefined;
  host = servers.host();
  client = make();
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await servers.closeHosts();
});

afterAll(() => servers?.stop());

/** As an ORM sees it. */
function make(config?: ClientConfig, read?: Behind['read']): Client {
  const behind = { host, read, parameters: { server_version: '18.0' }, cancel, assertOpen: () => open() };
  return new DriverClient(behind, config) as unknown as Client;
}

async function cancel(held: PoolClient): Promise<void> {
  const member = servers.local.members.find(({ port }) => port === held.port);
  await member?.query('select pg_cancel_backend($1)', [(held as unknown as DriverClient).processID]);
}

const driver = () => client as unknown as DriverClient;
const INSERT = 'insert into note values (1000, $1) on conflict (id) do update set body = $1';

/** What was asked of the fleet since the last time. */
function seen(): string[] {
  return host.seen.splice(0);
}

/** Connections that somebody has. */
function inUse(): number {
  return [host.writerPool, ...host.readerPools].reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0);
}

describe('connecting', () => {
  test('opens nothing', () => {
    expect(host.seen).toEqual([]);
    expect(host.writerPool.totalCount).toBe(0);
  });

  test('makes a client as far as anybody can see', () => {
    expect(client).toBeInstanceOf(Client);
    expect(client.escapeIdentifier('a')).toBe('"a"');
  });

  test('says what a server says of itself', async () => {
    const other = make();
    const heard = new Promise((resolve) => other.connection.once('parameterStatus', resolve));
    await other.connect();
    await expect(heard).resolves.toEqual({ parameterName: 'server_version', parameterValue: '18.0' });
  });

  test('calls back', async () => {
    const other = make();
    const connected = jest.fn();
    other.on('connect', connected);
    await expect(new Promise((resolve) => other.connect(resolve))).resolves.toBeNull();
    expect(connected).toHaveBeenCalledTimes(1);
  });

  test('is done once', async () => {
    await expect(client.connect()).rejects.toThrow('already been connected');
  });

  test('is refused by a fleet that is closed', async () => {
    open = () => {
      throw new Error('closed');
    };
    await expect(make().connect()).rejects.toThrow('closed');
    await expect(new Promise((resolve) => make().connect(resolve))).resolves.toMatchObject({ message: 'closed' });
  });

  test.each([
    ['statement_timeout', 1_000, 'alter role'],
    ['lock_timeout', 1_000, 'alter role'],
    ['idle_in_transaction_session_timeout', 1_000, 'alter role'],
    ['options', '-c search_path=app', 'alter role'],
    ['ssl', { rejectUnauthorized: false }, '`tls`'],
    ['application_name', 'shop', '`applicationName`'],
    ['connectionTimeoutMillis', 1_000, '`pools.connectTimeoutMs`'],
    ['query_timeout', 1_000, '`timeoutMs`'],
    ['binary', true, 'Remove it'],
  ])('with %s is refused, with the place where it belongs', (option, value, place) => {
    expect(() => make({ [option]: value })).toThrow(
      expect.objectContaining({ code: 'READFLEET_CLIENT_OPTIONS', message: expect.stringContaining(`\`${option}\``) }),
    );
    expect(() => make({ [option]: value })).toThrow(place);
  });

  test('does not show the key in what it refuses', () => {
    expect(() => make({ ssl: { key: 'secret' } })).toThrow('got: an object.');
  });

  test('with a host, a user and a password is nothing against', () => {
    expect(() => make({ host: 'a', port: 1, user: 'b', password: 'c', database: 'd', ssl: false })).not.toThrow();
  });
});

describe('outside of a transaction', () => {
  test('each statement runs where it belongs, and none keeps a connection', async () => {
    await client.query('select 1');
    await client.query(INSERT, ['a']);
    await client.query('select 2');
    expect(seen()).toEqual(['replica select 1', `primary ${INSERT}`, 'replica select 2']);
    expect(inUse()).toBe(0);
  });

  test('callbacks are called', async () => {
    const answer = await new Promise((resolve) =>
      client.query({ text: 'select $1::int as n', values: [7] }, (error, result) => resolve([error, result.rows])),
    );
    expect(answer).toEqual([null, [{ n: 7 }]]);
  });

  test('statements that nobody awaits run in their order', async () => {
    const [, read] = await Promise.all([
      client.query(INSERT, ['in order']),
      client.query('/* readfleet: primary */ select body from note where id = 1000'),
    ]);
    expect(read.rows).toEqual([{ body: 'in order' }]);
  });

  test('an error ends nothing', async () => {
    await expect(client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(client.query('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('a cursor of a read has a connection of a replica until it is closed', async () => {
    const cursor = client.query(new Cursor('select id from note order by id'));
    await expect(cursor.read(2)).resolves.toEqual([{ id: 1 }, { id: 2 }]);
    expect(seen()).toEqual(['reader connection']);
    expect(inUse()).toBe(1);
    await cursor.close();
    await client.query('select 1');
    expect(inUse()).toBe(0);
  });

  test('a stream of a read gives its connection back at its end', async () => {
    const rows = [];
    for await (const row of client.query(new QueryStream('select id from note where id <= 100', [], { batchSize: 10 })))
      rows.push(row);
    expect(rows).toHaveLength(100);
    await eventually(() => inUse() === 0);
    expect(seen()).toEqual(['reader connection']);
  });

  describe('a cursor whose server ends its connection', () => {
    let cursor: Cursor;

    beforeEach(async () => {
      cursor = client.query(new Cursor('select n from generate_series(1, 100000) n'));
      await cursor.read(1);
    });

    const broken = async () => {
      const replica = servers.local.replica('blue');
      const lost = new Promise((resolve) => client.once('error', resolve));
      await replica.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like '%generate_series%'
                           and pid <> pg_backend_pid()`);
      await lost;
    };

    test('can be closed after', async () => {
      await broken();
      await cursor.close();
    });

    test('can be closed by callback', async () => {
      await broken();
      await new Promise((resolve) => cursor.close(resolve));
    });

    test('is closed where that was asked before', async () => {
      const replica = servers.local.replica('blue');
      await replica.freeze();
      const closed = cursor.close();
      await replica.kill();
      await closed;
      await replica.restart();
    });
  });

  test('a cursor that was never submitted can be closed', async () => {
    await client.end();
    const cursor = client.query(new Cursor('select 1'));
    await cursor.close();
  });

  test('what its reads ask for is asked', async () => {
    const query = jest.spyOn(host as FacadeHost, 'query');
    client = make(undefined, { endpoint: 'reports' });
    await client.connect();
    await client.query('select 1');
    expect(query).toHaveBeenCalledWith('select 1', undefined, { endpoint: 'reports' });
  });
});

describe('a transaction', () => {
  test('has one connection of the primary, and gives it back at its end', async () => {
    await client.query('BEGIN;');
    await client.query(INSERT, ['b']);
    await client.query('select 1');
    expect(inUse()).toBe(1);
    await client.query('COMMIT;');
    expect(inUse()).toBe(0);
    expect(seen()).toEqual(['writer connection']);
    await client.query('select 2');
    expect(seen()).toEqual(['replica select 2']);
  });

  test('also when it fails and is rolled back', async () => {
    await client.query('begin');
    await client.query('select 1 / 0').catch(() => undefined);
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    expect(inUse()).toBe(0);
  });

  test('also when its COMMIT is refused', async () => {
    await client.query('begin');
    await client.query('create temp table pair (id int unique deferrable initially deferred) on commit drop');
    await client.query('insert into pair values (1), (1)');
    await expect(client.query('commit')).rejects.toMatchObject({ code: '23505' });
    await client.query('select 1');
    expect(inUse()).toBe(0);
  });

  test('its savepoints are on its connection', async () => {
    await client.query('begin');
    await client.query('savepoint a');
    await client.query(INSERT, ['undone']);
    await client.query('rollback to savepoint a');
    await client.query('release savepoint a');
    await client.query('commit');
    const { rows } = await client.query('/* readfleet: primary */ select body from note where id = 1000');
    expect(rows).not.toContainEqual({ body: 'undone' });
    expect(inUse()).toBe(0);
  });

  test('that only reads has a connection of a replica', async () => {
    await client.query('BEGIN TRANSACTION READ ONLY;');
    await client.query('select 1');
    await client.query('COMMIT;');
    expect(seen()).toEqual(['reader connection']);
    expect(inUse()).toBe(0);
  });

  test('what was set in it for itself is gone, and so is the connection', async () => {
    await client.query('begin');
    await client.query(`select set_config('app.tenant', $1, true)`, ['ann']);
    await client.query('set local work_mem = 64');
    await client.query('commit');
    expect(inUse()).toBe(0);
  });

  test('what was set in it for the session stays, and so does the connection', async () => {
    await client.query('begin');
    await client.query(`set application_name = 'kept'`);
    await client.query('commit');
    expect(inUse()).toBe(1);
    await expect(client.query('show application_name')).resolves.toMatchObject({
      rows: [{ application_name: 'kept' }],
    });
  });

  test('shows the number of its process on the primary', async () => {
    expect(driver().processID).toBeNull();
    await client.query('begin');
    const { rows } = await client.query('select pg_backend_pid() as pid');
    expect(driver().processID).toBe(rows[0].pid);
    await client.query('commit');
  });

  test('shows its connection', async () => {
    const before = client.connection;
    await client.query('begin');
    expect(client.connection.stream.writable).toBe(true);
    await client.query('commit');
    expect(client.connection).toBe(before);
  });

  test('whose connection breaks is told of, and the client can be ended', async () => {
    const broken = new Promise((resolve) => client.once('error', resolve));
    await client.query('begin');
    await servers.local.primary.query('select pg_terminate_backend($1)', [driver().processID]);
    await expect(broken).resolves.toBeInstanceOf(Error);
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
    await client.end();
  });

  test('whose connection breaks is given up at once, also when nobody ends the client', async () => {
    const ended = new Promise((resolve) => client.once('end', () => resolve('ended')));
    await client.query('begin');
    const asked = client.query('select pg_sleep(60)').catch((error: Error) => error);
    await servers.local.primary.query('select pg_terminate_backend($1)', [driver().processID]);
    await expect(asked).resolves.toMatchObject({ code: '57P01' });
    await expect(ended).resolves.toBe('ended');
    await eventually(() => host.writerPool.totalCount === 0);
  });
});

describe('what is left in the session', () => {
  test('is there until the end, and then gone with its connection', async () => {
    await client.query('set work_mem = 64');
    expect(driver().holdsState).toBe(true);
    await expect(client.query('show work_mem')).resolves.toMatchObject({ rows: [{ work_mem: '64kB' }] });
    await client.query('select 1');
    expect(seen()).toEqual(['writer connection']);
    await client.end();
    await eventually(() => host.writerPool.totalCount === 0);
  });

  test('notifications are heard', async () => {
    const heard = new Promise((resolve) => client.once('notification', resolve));
    await client.query('listen news');
    await servers.local.primary.query(`notify news, 'hello'`);
    await expect(heard).resolves.toMatchObject({ channel: 'news', payload: 'hello' });
  });

  test('an advisory lock is held until the end', async () => {
    const tried = async () => {
      const [row] = await servers.local.primary.query('select pg_try_advisory_lock(77) as got, pg_advisory_unlock(77)');
      return row?.got;
    };
    await client.query('select pg_advisory_lock(77)');
    await expect(tried()).resolves.toBe(false);
    await client.end();
    await eventually(tried);
  });

  test('a temporary table can be read', async () => {
    await client.query('create temp table mine as select 1 as n');
    await expect(client.query('select n from mine')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('a cursor WITH HOLD can be fetched from after its transaction', async () => {
    await client.query('begin');
    await client.query('declare c cursor with hold for select generate_series(1, 3) as n');
    await client.query('commit');
    await expect(client.query('fetch 2 from c')).resolves.toMatchObject({ rows: [{ n: 1 }, { n: 2 }] });
  });

  test('is nothing when the statement failed', async () => {
    await client.query('set no_such_setting = 1').catch(() => undefined);
    expect(driver().holdsState).toBe(false);
    await eventually(() => inUse() === 0);
  });
});

describe('the end', () => {
  test('of a client that has nothing leaves the pools as they are', async () => {
    await client.query('select 1');
    await client.end();
    expect(host.readerPools[0]?.idleCount).toBe(1);
  });

  test('in a transaction closes the connection, so that the server rolls it back', async () => {
    await client.query('begin');
    await client.query(INSERT, ['never']);
    await client.end();
    await eventually(() => host.writerPool.totalCount === 0);
    const [row] = await servers.local.primary.query('select body from note where id = 1000');
    expect(row?.body).not.toBe('never');
  });

  test('while a BEGIN is on its way leaves no transaction to anybody', async () => {
    const begun = client.query('begin').catch((error: Error) => error);
    await client.end();
    await begun;
    await eventually(() => inUse() === 0);
    const other = await host.writerPool.connect();
    await expect(other.query('select now() = statement_timestamp() as fresh')).resolves.toMatchObject({
      rows: [{ fresh: true }],
    });
    other.release();
  });

  test('calls back, is told, and may be asked for twice', async () => {
    const ended = new Promise((resolve) => client.once('end', () => resolve('told')));
    await new Promise<void>((resolve) => client.end(resolve as never));
    await client.end();
    await expect(ended).resolves.toBe('told');
  });

  test('is final', async () => {
    await client.end();
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
  });
});

describe('type parsers of an ORM', () => {
  const SELECT = 'select 7::bigint as n';
  const PARSED = { rows: [{ n: 'number 7' }] };

  beforeEach(async () => {
    client = make({
      types: {
        getTypeParser: (oid: number, format?: 'text') =>
          oid === types.builtins.INT8 ? (text: string) => `number ${text}` : types.getTypeParser(oid, format),
      } as ClientConfig['types'],
    });
    await client.connect();
  });

  test('hold outside of transactions', async () => {
    await expect(client.query(SELECT)).resolves.toMatchObject(PARSED);
    await expect(client.query({ text: SELECT })).resolves.toMatchObject(PARSED);
  });

  test('hold within, and are gone from the connection after', async () => {
    await client.query('begin');
    await expect(client.query(SELECT)).resolves.toMatchObject(PARSED);
    await client.query('commit');
    await expect(host.writerPool.query(SELECT)).resolves.toMatchObject({ rows: [{ n: '7' }] });
  });

  test('hold for cursors', async () => {
    const cursor = client.query(new Cursor(SELECT));
    await expect(cursor.read(1)).resolves.toEqual(PARSED.rows);
    await cursor.close();
  });

  test('give way to those of a statement, and to those that are set on the client', async () => {
    const own = { getTypeParser: () => () => 'its own' };
    await expect(client.query({ text: SELECT, types: own } as never)).resolves.toMatchObject({
      rows: [{ n: 'its own' }],
    });
    client.setTypeParser(types.builtins.INT8, () => 'set');
    await expect(client.query(SELECT)).resolves.toMatchObject({ rows: [{ n: 'set' }] });
  });
});

describe('cancelling', () => {
  test('asks for the signal only where it is said', async () => {
    const query = jest.spyOn(host as FacadeHost, 'query');
    await client.query('select 1');
    driver().cancellable = true;
    await client.query('select 2');
    driver().cancellable = false;
    await client.query('select 3');
    expect(query.mock.calls.map(([, , read]) => read?.signal !== undefined)).toEqual([false, true, false]);
  });

  test('aborts what the fleet runs, whoever else may abort it', async () => {
    const query = jest.spyOn(host as FacadeHost, 'query');
    const other = new AbortController();
    client = make(undefined, { signal: other.signal, endpoint: 'reports' });
    await client.connect();
    driver().cancellable = true;
    const asked = client.query('select 1');
    await driver().cancel();
    await asked;
    expect(query.mock.calls[0]?.[2]).toMatchObject({ endpoint: 'reports', signal: { aborted: true } });
    driver().cancellable = true;
    await client.query('select 1');
    other.abort();
    expect(query.mock.calls[1]?.[2]?.signal?.aborted).toBe(true);
  });

  test.each([
    ['in a transaction', 'begin', () => servers.local.primary],
    ['in one that reads on a replica', 'begin read only', () => servers.local.replica('blue')],
  ])('%s ends the statement, and not the connection', async (_, begin, server) => {
    await client.query(begin);
    const asked = client.query('select pg_sleep(60)');
    await Promise.all([
      expect(asked).rejects.toMatchObject({ code: '57014' }),
      begun(server(), 'pg_sleep').then(() => driver().cancel()),
    ]);
    await client.query('rollback');
    expect(inUse()).toBe(0);
  });
});
