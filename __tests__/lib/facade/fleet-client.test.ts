import { Client, type PoolClient, Query, type QueryConfig } from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { eventually } from '../../support/eventually';
import { asker, Servers, type TestHost } from './support';

let servers: Servers;
let host: TestHost;
let client: PoolClient;

/** Whether the server that runs it is a standby: a question that only a hint lets go to a replica. */
const STANDBY = '/* readfleet: replica */ select pg_is_in_recovery() as standby';

beforeAll(async () => {
  servers = await Servers.start();
  await servers.local.primary.query('create table note (id int primary key, body text not null)');
  await servers.local.primary.query(`insert into note select n, 'note ' || n from generate_series(1, 100) n`);
  await servers.replicated();
});

beforeEach(async () => {
  host = servers.host();
  client = await host.facade().connect();
});

afterEach(() => servers.closeHosts());
afterAll(() => servers?.stop());

async function standby(on: PoolClient = client): Promise<boolean> {
  const { rows } = await on.query<{ standby: boolean }>(STANDBY);
  return rows[0]?.standby === true;
}

describe('a client whose session has no state', () => {
  test('is checked out without a connection', () => {
    expect(host.writerPool.totalCount + (host.readerPools[0]?.totalCount ?? 0)).toBe(0);
    expect(client.getTransactionStatus()).toBe('I');
  });

  test('has its reads routed one by one', async () => {
    expect(await standby()).toBe(true);
    await client.query('select $1::int as n', [1]);
    expect(host.seen).toEqual([`replica ${STANDBY}`, 'replica select $1::int as n']);
    expect(host.readerPools[0]?.idleCount).toBe(1);
  });

  test('runs statements in the order in which they were asked, also when nobody awaits them', async () => {
    const order: string[] = [];
    const ask = (text: string) => client.query(text).then(({ rows }) => order.push(String(rows[0]?.n)));
    await Promise.all([ask('select 1 as n, pg_sleep(0.05)'), ask('select 2 as n'), ask('select 3 as n')]);
    expect(order).toEqual(['1', '2', '3']);
  });

  test('goes on after an error', async () => {
    const failed = client.query('select 1 / 0');
    const next = client.query('select 1 as n');
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    await expect(next).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('gives errors as pg made them, with a stack that leads to whoever asked', async () => {
    const asksForNothing = () => client.query('select * from nowhere');
    const error = await asksForNothing().catch((caught) => caught);
    expect(error).toMatchObject({ name: 'error', code: '42P01', position: '15', severity: 'ERROR' });
    expect(error.stack).toContain(__filename);
  });

  test('also when the statement had to wait', async () => {
    const [, failed] = await Promise.allSettled([client.query('select 1'), client.query('select * from nowhere')]);
    expect(failed).toMatchObject({ reason: { code: '42P01' } });
  });

  test('each statement is asked for in the context of who asked, also when it had to wait', async () => {
    await Promise.all(['ann', 'bob'].map((name) => asker.run(name, () => client.query('select 1'))));
    expect(host.seen).toEqual(['replica select 1 for ann', 'replica select 1 for bob']);
  });

  test('knows a prepared statement by its name later, though no one connection remembers', async () => {
    host = servers.host({ maxUses: 1 });
    client = await host.facade().connect();
    await client.query({ name: 'one', text: 'select $1::int as n', values: [1] });
    await client.query({ name: 'two', text: 'select 2 as n' });
    await expect(client.query({ name: 'one', values: [7] } as never)).resolves.toMatchObject({ rows: [{ n: 7 }] });
    expect(host.seen.at(-1)).toBe('replica select $1::int as n');
  });

  test('refuses a name for another statement, as pg does', async () => {
    host = servers.host({ maxUses: 1 });
    client = await host.facade().connect();
    await client.query({ name: 'one', text: 'select 1 as n' });
    await expect(client.query({ name: 'one', text: 'select 2 as n' })).rejects.toThrow(
      "Prepared statements must be unique - 'one' was used for a different statement",
    );
  });

  test('a name whose statement failed is free', async () => {
    await client.query({ name: 'one', text: 'select nope' }).catch(() => undefined);
    await expect(client.query({ name: 'one', text: 'select 2 as n' })).resolves.toMatchObject({ rows: [{ n: 2 }] });
  });

  test('its type parsers hold for routed reads, and for no other client', async () => {
    client.setTypeParser(20, (text) => BigInt(text));
    expect((await client.query('select 1::bigint as n')).rows).toEqual([{ n: 1n }]);
    expect((await client.query({ text: 'select $1::bigint as n', values: [2] })).rows).toEqual([{ n: 2n }]);
    expect(client.getTypeParser(20)('3')).toBe(3n);
    const other = await host.facade().connect();
    expect((await other.query('select 1::bigint as n')).rows).toEqual([{ n: '1' }]);
  });

  test('escapes as pg does', () => {
    expect(client.escapeIdentifier('a"b')).toBe('"a""b"');
    expect(client.escapeLiteral("a'b")).toBe("'a''b'");
  });

  test('tells who it would be, and has no process yet', () => {
    const { user, database, host: name, port } = host.writerPool.options;
    expect(client).toMatchObject({ user, database, host: name, port, processID: null });
  });

  test('is an instance of pg.Client, and its class has not the name of a pool', () => {
    expect(client).toBeInstanceOf(Client);
    expect(Object.getPrototypeOf(client).constructor.name).not.toContain('Pool');
  });
});

describe('what binds a client to the primary until it is released', () => {
  test.each([
    'begin',
    'insert into note values (1000, $$x$$) on conflict do nothing',
    'set application_name = $$x$$',
    'listen news',
    'create temp table mine ()',
    'select pg_advisory_lock(1)',
    'select * from note limit 1 for update',
    'prepare p as select 1',
    'show search_path',
    '',
    'begin; select 1',
    'nonsense',
  ])('%s', async (text) => {
    await client.query(text).catch(() => undefined);
    expect(await standby()).toBe(false);
    expect(host.seen).toEqual(['writer connection']);
    client.release(true);
  });

  test('a read before it does not, and reads after it see what it did', async () => {
    expect(await standby()).toBe(true);
    await client.query('begin');
    await client.query(`update note set body = 'changed' where id = 1`);
    expect((await client.query('select body from note where id = 1')).rows).toEqual([{ body: 'changed' }]);
    await client.query('rollback');
    expect(await standby()).toBe(false);
    client.release();
    expect(host.writerPool.idleCount).toBe(1);
  });

  test('statements that wait behind it go along, in order', async () => {
    const asked = [STANDBY, 'begin', STANDBY, 'select 1 / 0', 'rollback', STANDBY].map((text) => client.query(text));
    const answers = await Promise.allSettled(asked);
    const told = answers.map((answer) =>
      answer.status === 'fulfilled' ? (answer.value.rows[0]?.standby ?? answer.value.command) : answer.reason.code,
    );
    expect(told).toEqual([true, 'BEGIN', false, '22012', 'ROLLBACK', false]);
  });

  test('a statement of which nobody knows the text', async () => {
    await client.query({ name: 'unheard of' } as QueryConfig);
    expect(host.seen).toEqual(['writer connection']);
  });

  test('when no connection can be had the statement fails, and the client stays as it was', async () => {
    const checkOut = jest.spyOn(host, 'checkOutWriter').mockRejectedValueOnce(new Error('no primary'));
    await expect(client.query('begin')).rejects.toThrow('no primary');
    expect(await standby()).toBe(true);
    await client.query('begin');
    expect(checkOut).toHaveBeenCalledTimes(2);
    client.release(true);
  });

  test('its process, transaction and type parsers are those of the connection', async () => {
    client.setTypeParser(20, (text) => BigInt(text));
    await client.query('begin');
    const { rows } = await client.query('select pg_backend_pid() as pid, 1::bigint as n');
    expect(rows).toEqual([{ pid: (client as unknown as { processID: number }).processID, n: 1n }]);
    expect(client.getTransactionStatus()).toBe('T');
    client.setTypeParser(23, 'text', (text) => `int ${text}`);
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 'int 1' }]);
    await client.query('rollback');
    client.release();
    const next = await host.writerPool.connect();
    expect((await next.query('select 1 as i, 1::bigint as n')).rows).toEqual([{ i: 1, n: '1' }]);
    next.release();
  });
});

describe('a read-only transaction', () => {
  test('lives on one replica, and the client is unbound when it is over', async () => {
    await client.query('begin read only');
    expect(await standby()).toBe(true);
    expect(client.getTransactionStatus()).toBe('T');
    expect(host.readerPools[0]?.idleCount).toBe(0);
    await client.query('commit');
    await eventually(() => host.readerPools[0]?.idleCount === 1);
    await client.query('insert into note values (2000, $$x$$)');
    await client.query('delete from note where id = 2000');
    expect(host.seen).toEqual(['reader connection', 'writer connection']);
    client.release();
  });

  test('keeps its connection through savepoints and local settings, and leaves it all the same', async () => {
    for (const text of ['begin read only', 'savepoint a', 'set local work_mem = 64', 'rollback to a', 'commit'])
      await client.query(text);
    await client.query('begin');
    expect(await standby()).toBe(false);
    client.release(true);
  });

  test('keeps its connection until release when the session keeps something', async () => {
    for (const text of ['begin read only', `set work_mem = '65kB'`, 'commit']) await client.query(text);
    expect((await client.query('show work_mem')).rows).toEqual([{ work_mem: '65kB' }]);
    expect(await standby()).toBe(true);
    expect(host.seen).toEqual(['reader connection']);
    client.release(true);
  });

  test('also when that came of a statement that speaks the protocol itself', async () => {
    await client.query('begin read only');
    await new Promise<unknown>((resolve) => client.query(new Query(`set work_mem = '65kB'`, resolve)));
    await client.query('commit');
    expect((await client.query('show work_mem')).rows).toEqual([{ work_mem: '65kB' }]);
    client.release(true);
  });

  test('stays where it is after an error in it', async () => {
    await client.query('begin read only');
    await expect(client.query('insert into note values (1, $$x$$)')).rejects.toMatchObject({ code: '25006' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    await client.query('begin');
    expect(host.seen).toEqual(['reader connection', 'writer connection']);
    client.release(true);
  });

  test('is opened on the primary when the replica cannot open it', async () => {
    const { command } = await client.query('begin isolation level serializable read only');
    expect(command).toBe('BEGIN');
    expect(await standby()).toBe(false);
    client.release(true);
  });

  test('statements that wait behind it keep their order when it ends', async () => {
    const asked = ['begin read only', STANDBY, 'commit', 'begin', STANDBY, 'rollback'].map((text) =>
      client.query(text),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ rows, command }) => rows[0]?.standby ?? command)).toEqual([
      'BEGIN',
      true,
      'COMMIT',
      'BEGIN',
      false,
      'ROLLBACK',
    ]);
    client.release();
  });

  test('has no process number: on the primary it would be a stranger', async () => {
    await client.query('begin read only');
    expect(client).toMatchObject({ processID: null });
    client.release(true);
  });

  test('when its connection breaks, every later statement fails as with pg, until release', async () => {
    await client.query('begin read only');
    const errors: string[] = [];
    client.on('error', ({ message }) => errors.push(message));
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await eventually(() => errors.length > 0);
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
    await expect(client.query('commit')).rejects.toThrow('not queryable');
    client.release();
    await eventually(() => host.readerPools[0]?.totalCount === 0);
  });

  test('what waits behind a statement that loses its connection fails too', async () => {
    await client.query('begin read only');
    const asked = [client.query('select pg_sleep(60)'), client.query('select 1')];
    const answers = Promise.allSettled(asked);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    client.release();
  });
});

describe('a statement that speaks the protocol itself', () => {
  test('a cursor of a read lives on one replica until it ends', async () => {
    const cursor = client.query(new Cursor('select id from note order by id'));
    expect(await cursor.read(2)).toEqual([{ id: 1 }, { id: 2 }]);
    expect(host.readerPools[0]?.idleCount).toBe(0);
    await cursor.close();
    await client.query('begin');
    expect(host.seen).toEqual(['reader connection', 'writer connection']);
    expect(host.readerPools[0]?.idleCount).toBe(1);
    client.release(true);
  });

  test('a stream of a read as well', async () => {
    const stream = client.query(new QueryStream('select id from note order by id limit 5'));
    const rows: unknown[] = [];
    for await (const row of stream) rows.push(row);
    expect(rows).toHaveLength(5);
    expect(host.seen).toEqual(['reader connection']);
    client.release();
  });

  test('statements asked meanwhile wait for its end', async () => {
    const cursor = client.query(new Cursor('select 1 as n'));
    const next = client.query('select 2 as n');
    expect(await cursor.read(10)).toEqual([{ n: 1 }]);
    await expect(next).resolves.toMatchObject({ rows: [{ n: 2 }] });
  });

  test('what is not proved to be a read runs on the primary', async () => {
    const cursor = client.query(new Cursor('update note set body = body where id = 1 returning id'));
    expect(await cursor.read(2)).toEqual([{ id: 1 }]);
    await cursor.close();
    expect(host.seen).toEqual(['writer connection']);
    client.release();
    expect(host.ended).toEqual([{ reason: 'writes', onPrimary: true, asker: undefined }]);
  });

  test('within a transaction on the primary it runs there', async () => {
    await client.query('begin');
    const cursor = client.query(new Cursor('select 1 as n'));
    expect(await cursor.read(2)).toEqual([{ n: 1 }]);
    await client.query('rollback');
    client.release();
    expect(host.seen).toEqual(['writer connection']);
  });

  test('a pg.Query calls back, tells its rows, and is what query() returns', async () => {
    const answer = await new Promise((resolve, reject) => {
      const query = new Query('select 1 as n', (error, result) => (error ? reject(error) : resolve(result)));
      expect(client.query(query)).toBe(query);
    });
    expect(answer).toMatchObject({ rows: [{ n: 1 }] });
    expect(host.seen).toEqual(['reader connection']);
  });

  test('its error reaches it, and the client goes on', async () => {
    const cursor = client.query(new Cursor('select 1 / (random() * 0)::int'));
    await expect(cursor.read(1)).rejects.toMatchObject({ code: '22012' });
    await client.query('begin');
    client.release(true);
  });

  test('when no connection can be had it is told so', async () => {
    host.readerError = new Error('nobody there');
    const cursor = client.query(new Cursor('select 1'));
    await expect(cursor.read(1)).rejects.toThrow('nobody there');
  });
});

describe('callbacks', () => {
  const called = (ask: (callback: (...args: unknown[]) => void) => void) =>
    new Promise<unknown[]>((resolve) => ask((...args) => resolve(args)));

  test.each(['select 1 as n', 'select 1 as n for update'])(
    'of %s get null and the result, or the error alone',
    async (text) => {
      const [error, result] = await called((callback) => expect(client.query(text, callback)).toBeUndefined());
      expect([error, (result as { rows: unknown }).rows]).toEqual([null, [{ n: 1 }]]);
      expect(await called((callback) => client.query(`${text}, nowhere`, [], callback))).toHaveLength(1);
      client.release();
    },
  );

  test('may be in the statement itself', async () => {
    for (const text of ['select 1 as n', 'begin', 'select 2 as n']) {
      const [error] = await called((callback) => client.query({ text, callback } as never));
      expect(error).toBeNull();
    }
    client.release(true);
  });

  test('are called in order, and what they ask comes after what was asked', async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      client.query('select 1', () => {
        order.push('first');
        client.query('select 3', () => {
          order.push('asked by the first');
          resolve();
        });
      });
      client.query('select 2', () => order.push('second'));
    });
    expect(order).toEqual(['first', 'second', 'asked by the first']);
  });

  test('must be functions', () => {
    expect(() => client.query('select 1', [], 5 as never)).toThrow(new TypeError('callback is not a function'));
    expect(() => client.query(null as never)).toThrow(new TypeError('Client was passed a null or undefined query'));
  });
});

describe('events', () => {
  test('notifications are told, also to who listened before there was a connection', async () => {
    const heard: unknown[] = [];
    client.on('notification', ({ channel, payload }) => heard.push([channel, payload]));
    await client.query('listen news');
    await host.writerPool.query(`notify news, 'hello'`);
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([['news', 'hello']]);
    client.release(true);
  });

  test('notices are told', async () => {
    const heard: unknown[] = [];
    client.on('notice', ({ message }) => heard.push(message));
    await client.query(`do $$ begin raise notice 'look'; end $$`);
    expect(heard).toEqual(['look']);
    client.release();
  });

  test('a broken connection is told to who listens, and ends nothing when nobody does', async () => {
    const silent = await host.facade().connect();
    for (const each of [client, silent]) await each.query('begin');
    const heard = { error: 0, end: 0 };
    client.on('error', () => {
      heard.error += 1;
    });
    client.on('end', () => {
      heard.end += 1;
    });
    for (const each of [client, silent])
      (each as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await eventually(() => heard.end === 1 && heard.error === 1);
    for (const each of [client, silent]) each.release();
  });

  test('no listener is left on a connection that was given back', async () => {
    client.on('notification', () => undefined);
    await client.query('begin');
    await client.query('commit');
    const pooled = () => (host.writerPool as unknown as { _clients: PoolClient[] })._clients[0] as PoolClient;
    const events = ['error', 'notice', 'notification', 'drain', 'end'];
    client.release();
    const idle = events.map((event) => pooled().listenerCount(event));
    for (let round = 0; round < 3; round += 1) {
      const next = await host.facade().connect();
      await next.query('begin');
      await next.query('commit');
      next.release();
    }
    expect(events.map((event) => pooled().listenerCount(event))).toEqual(idle);
    expect(idle.slice(1)).toEqual([0, 0, 0, 0]);
  });

  test('drain is told when nothing is left to do', async () => {
    let drained = 0;
    client.on('drain', () => {
      drained += 1;
    });
    await Promise.all([client.query('select 1'), client.query('select 2')]);
    await eventually(() => drained === 1);
    await client.query('begin');
    expect(drained).toBe(2);
    client.release(true);
  });
});

describe('release', () => {
  test('twice is an error, as with pg', () => {
    client.release();
    expect(() => client.release()).toThrow('Release called on client which has already been released to the pool.');
  });

  test('works without the client, as with pg', async () => {
    await client.query('begin');
    const { release } = client;
    release(true);
    await eventually(() => host.writerPool.totalCount === 0);
  });

  test('with an error closes the connection', async () => {
    await client.query('begin');
    client.release(new Error('spoilt'));
    await eventually(() => host.writerPool.totalCount === 0);
  });

  test('afterwards statements are refused', async () => {
    client.release();
    await expect(client.query('select 1')).rejects.toThrow('Client was closed and is not queryable');
    const cursor = client.query(new Cursor('select 1'));
    await expect(cursor.read(1)).rejects.toThrow('Client was closed');
    expect(host.seen).toEqual([]);
  });

  test('afterwards what was asked before it still runs, and the connection goes back', async () => {
    const asked = ['select 1 as n', 'begin', 'commit', 'select 2 as n'].map((text) => client.query(text));
    client.release();
    expect((await Promise.all(asked)).map(({ command }) => command)).toEqual(['SELECT', 'BEGIN', 'COMMIT', 'SELECT']);
    expect(host.writerPool.idleCount).toBe(1);
    expect(host.seen).toEqual(['replica select 1 as n', 'writer connection']);
  });

  test('in the middle of a read-only transaction gives the connection back behind what was asked', async () => {
    await client.query('begin read only');
    const asked = ['select 1', 'commit'].map((text) => client.query(text));
    client.release();
    await Promise.all(asked);
    expect(host.readerPools[0]?.idleCount).toBe(1);
  });
});

describe('connect and end', () => {
  test('connect is refused, as with pg', async () => {
    const message = 'Client has already been connected. You cannot reuse a client.';
    await expect(client.connect()).rejects.toThrow(message);
    await expect(
      new Promise((_resolve, reject) => client.connect(((error: Error) => reject(error)) as never)),
    ).rejects.toThrow(message);
  });

  test('end closes the connection that is held, and the pool drops it', async () => {
    await client.query('begin');
    await client.end();
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
    client.release();
    expect(host.writerPool.totalCount).toBe(0);
  });

  test('end of a client without one refuses later statements', async () => {
    await new Promise<void>((resolve) => client.end(() => resolve()));
    await expect(client.query('select 1')).rejects.toThrow('Client was closed and is not queryable');
    client.release();
  });
});

describe('what the fleet is told', () => {
  test('each statement on a connection of its own, once it ended, in the context of who asked', async () => {
    await asker.run('ann', () => client.query('begin'));
    await client.query('select 1');
    await asker.run('bob', () => client.query('insert into note values (1, $$x$$)').catch(() => undefined));
    await asker.run('cyd', () => new Promise((resolve) => client.query('rollback', resolve)));
    client.release();
    expect(host.ended).toEqual([
      { reason: 'transaction control', onPrimary: true, asker: 'ann' },
      { reason: 'reads', onPrimary: true, asker: undefined },
      { reason: 'writes', onPrimary: true, asker: 'bob' },
      { reason: 'transaction control', onPrimary: true, asker: 'cyd' },
    ]);
  });

  test('before whoever asked goes on', async () => {
    await client.query('begin');
    expect(host.ended).toHaveLength(1);
    await client.query('create table gone ()');
    expect(host.ended).toHaveLength(2);
    await new Promise<void>((resolve) =>
      client.query('rollback', () => {
        expect(host.ended).toHaveLength(3);
        resolve();
      }),
    );
    client.release();
  });

  test('of a replica, that it was not the primary', async () => {
    await client.query('begin read only');
    await client.query('commit');
    expect(host.ended.map(({ onPrimary }) => onPrimary)).toEqual([false, false]);
    client.release();
  });
});
