import type { EventEmitter } from 'node:events';
import { Pool, type PoolClient, Query } from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import type { FleetPool } from '../../../lib/facade';
import { eventually } from '../../support/eventually';
import { Servers, type TestHost } from './support';

let servers: Servers;
let host: TestHost;
let pool: FleetPool;

beforeAll(async () => {
  servers = await Servers.start();
  await servers.local.primary.query('create table note (id int primary key, body text not null)');
  await servers.replicated();
});

beforeEach(() => {
  host = servers.host();
  pool = host.facade();
});

afterEach(() => servers.closeHosts());
afterAll(() => servers?.stop());

const called = (ask: (callback: (...args: unknown[]) => void) => void) =>
  new Promise<unknown[]>((resolve) => ask((...args) => resolve(args)));

async function onClient(lent: FleetPool, work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await lent.connect();
  try {
    await work(client);
  } finally {
    client.release(true);
  }
}

test('is assignable to pg.Pool, and an instance of it, without connections of its own', () => {
  const taken: Pool = pool;
  expect(taken).toBeInstanceOf(Pool);
  expect(Object.getPrototypeOf(taken).constructor.name).toBe('FleetPool');
  expect(pool.totalCount).toBe(0);
});

describe('query', () => {
  test.each([
    ['auto', 'select 1 as n', 'replica select 1 as n'],
    ['auto', 'select 1 as n for update', 'primary select 1 as n for update'],
    ['read', 'select 1 as n', 'replica select 1 as n'],
    ['write', 'select 1 as n', 'primary select 1 as n'],
  ] as const)('of the %s pool: %s', async (kind, text, seen) => {
    const { rows } = await host.facade(kind).query<{ n: number }>(text);
    expect(rows).toEqual([{ n: 1 }]);
    expect(host.seen).toEqual([seen]);
  });

  test.each([
    ['a text with values', ['select $1::int as n', [1]]],
    ['an object', [{ text: 'select $1::int as n', values: [1] }]],
    ['an object and values', [{ text: 'select $1::int as n' }, [1]]],
    ['a prepared statement', [{ name: 'one', text: 'select $1::int as n', values: [1] }]],
  ])('takes %s, with a promise or a callback', async (_, args) => {
    const ask = pool.query as (...args: unknown[]) => unknown;
    expect(await ask.apply(pool, args)).toMatchObject({ rows: [{ n: 1 }] });
    const [error, result] = await called((callback) => expect(ask.call(pool, ...args, callback)).toBeUndefined());
    expect([error, result]).toEqual([undefined, expect.objectContaining({ rows: [{ n: 1 }] })]);
  });

  test('gives arrays and types where they are asked for', async () => {
    const types = { getTypeParser: () => (text: string) => `parsed ${text}` };
    const { rows } = await pool.query({ text: 'select 1 as a, 2 as b', rowMode: 'array', types: types as never });
    expect(rows).toEqual([['parsed 1', 'parsed 2']]);
  });

  test('a callback gets an error alone', async () => {
    const args = await called((callback) => pool.query('select * from nowhere', callback));
    expect(args).toEqual([expect.objectContaining({ code: '42P01' })]);
  });

  test('errors are as pg made them, with a stack that leads to whoever asked', async () => {
    const error = await pool.query('select * from nowhere').catch((caught) => caught);
    expect(error).toMatchObject({ name: 'error', code: '42P01', severity: 'ERROR', position: '15' });
    expect(error.stack).toContain(__filename);
  });

  test('wherever the error was made', async () => {
    const made = Object.assign(new Error('from afar'), { stack: 'Error: from afar\n    at TCP.onStreamRead' });
    jest.spyOn(host, 'query').mockRejectedValue(made);
    const error = await pool.query('select 1').catch((caught) => caught);
    expect(error).toBe(made);
    expect(error.stack).toContain(__filename);
  });

  test('a function in the place of a statement is refused in the words of pg', async () => {
    await expect(pool.query((() => undefined) as never)).rejects.toThrow(
      'Passing a function as the first parameter to pool.query is not supported',
    );
  });

  test('what is no statement is refused in the words of pg', async () => {
    await expect(pool.query(null as never)).rejects.toThrow('Client was passed a null or undefined query');
    await expect(pool.query({} as never)).rejects.toThrow('A query must have either text or a name');
    expect(host.writerPool.totalCount).toBe(0);
  });

  test('a pg.Query runs where it belongs', async () => {
    await pool.query(new Query('select 1 as n'));
    await pool.query(new Query('select 1 as n for update'));
    expect(host.seen).toEqual(['reader connection', 'writer connection']);
    expect(host.ended.map(({ onPrimary }) => onPrimary)).toEqual([false, true]);
    expect([host.writerPool.idleCount, host.readerPools[0]?.idleCount]).toEqual([1, 1]);
  });

  test('a stream gives its connection back at its end', async () => {
    const stream = new QueryStream('select generate_series(1, 5) as n');
    const ended = pool.query(stream) as unknown as Promise<unknown>;
    const rows: unknown[] = [];
    for await (const row of stream) rows.push(row);
    await ended;
    expect(rows).toHaveLength(5);
    expect(host.seen).toEqual(['reader connection']);
    expect(host.readerPools[0]?.idleCount).toBe(1);
  });

  test('a cursor as well, which pg.Pool would lose', async () => {
    const cursor = new Cursor('select 1 as n');
    pool.query(cursor);
    expect(await cursor.read(2)).toEqual([{ n: 1 }]);
    await cursor.close();
    await eventually(() => host.readerPools[0]?.idleCount === 1);
  });
});

describe('connect', () => {
  test('of the auto pool gives a client that is bound by nothing yet', async () => {
    const client = await pool.connect();
    expect(host.seen).toEqual([]);
    client.release();
  });

  test.each([
    ['read', 'reader connection'],
    ['write', 'writer connection'],
  ] as const)('of the %s pool gives a %s', async (kind, seen) => {
    const client = await host.facade(kind).connect();
    expect(host.seen).toEqual([seen]);
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    client.release();
  });

  test.each(['auto', 'read', 'write'] as const)(
    'of the %s pool takes a callback, and gives it a release',
    async (kind) => {
      const [error, client, release] = await called((callback) => host.facade(kind).connect(callback as never));
      expect(error).toBeUndefined();
      expect((await (client as PoolClient).query('select 1 as n')).rows).toEqual([{ n: 1 }]);
      (release as () => void)();
      expect(() => (client as PoolClient).release()).toThrow('already been released');
    },
  );

  test('tells the callback when no connection can be had', async () => {
    host.readerError = new Error('nobody there');
    const [error, client] = await called((callback) => host.facade('read').connect(callback as never));
    expect([error, client]).toEqual([host.readerError, undefined]);
  });
});

describe('what it shows of the pools behind it', () => {
  test('the counters of all that it asks', async () => {
    await pool.query('select 1');
    const client = await host.facade('write').connect();
    const counters = (of: Pool) => [of.totalCount, of.idleCount, of.waitingCount, of.expiredCount];
    expect(counters(pool)).toEqual([2, 1, 0, 0]);
    expect(counters(host.facade('read'))).toEqual([1, 1, 0, 0]);
    expect(counters(host.facade('write'))).toEqual([1, 0, 0, 0]);
    client.release();
  });

  test('who waits for a connection', async () => {
    host = servers.host({ max: 1 });
    const writes = host.facade('write');
    const client = await writes.connect();
    const waits = writes.query('select 1');
    expect(writes.waitingCount).toBe(1);
    client.release();
    await waits;
    expect(writes.waitingCount).toBe(0);
  });

  test('the options of the primary, of readPool those of a replica', () => {
    expect(pool.options).toBe(host.writerPool.options);
    expect(host.facade('read').options).toBe(host.readerPools[0]?.options);
  });

  test('idleTimeoutMillis closes what is idle', async () => {
    host = servers.host({ idleTimeoutMillis: 1 });
    await host.facade().query('select 1');
    await eventually(() => host.facade().totalCount === 0);
  });

  test('maxUses closes what was used so often', async () => {
    host = servers.host({ maxUses: 2 });
    const pids: unknown[] = [];
    for (let use = 0; use < 4; use += 1)
      pids.push((await host.facade('write').query('select pg_backend_pid() as pid')).rows[0]?.pid);
    expect(pids[0]).toBe(pids[1]);
    expect(pids[2]).toBe(pids[3]);
    expect(pids[1]).not.toBe(pids[2]);
  });
});

describe('events', () => {
  const EVENTS = ['connect', 'acquire', 'release', 'remove', 'error'] as const;
  const listeners = (of: Pool) => EVENTS.map((event) => of.listenerCount(event));

  test('are those of the pools, with their arguments, in their order', async () => {
    host = servers.host({ maxUses: 1 });
    pool = host.facade();
    const heard: unknown[][] = [];
    for (const event of EVENTS) pool.on(event, ((...args: unknown[]) => heard.push([event, ...args])) as never);
    await pool.query('select 1');
    await eventually(() => heard.length === 4);
    const client = heard[0]?.[1];
    expect(heard.map((args) => args.map((arg) => (arg === client ? 'the client' : arg)))).toEqual([
      ['connect', 'the client'],
      ['acquire', 'the client'],
      ['release', null, 'the client'],
      ['remove', 'the client'],
    ]);
  });

  test('tell of the pools of readers and writer, each facade of those that it asks', async () => {
    const heard: string[] = [];
    for (const kind of ['auto', 'read', 'write'] as const) host.facade(kind).on('connect', () => heard.push(kind));
    await pool.query('select 1');
    await pool.query('select 1 for update');
    expect(heard.sort()).toEqual(['auto', 'auto', 'read', 'write']);
  });

  test('an error of an idle connection is told with its client', async () => {
    const heard: unknown[][] = [];
    pool.on('error', (...args) => heard.push(args));
    await pool.query('select 1');
    await servers.local
      .replica('blue')
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $1',
        ['client backend'],
      );
    await eventually(() => heard.length === 1);
    expect(heard[0]).toEqual([expect.objectContaining({ code: '57P01' }), expect.anything()]);
  });

  test('nothing listens to the pools before somebody listens to the facade, and then it listens once', () => {
    const before = listeners(host.writerPool);
    (host.facade() as EventEmitter).on('something else', () => undefined);
    expect(listeners(host.writerPool)).toEqual(before);
    for (let round = 0; round < 5; round += 1) pool.once('connect', () => undefined);
    pool.prependListener('acquire', () => undefined);
    pool.addListener('remove', () => undefined);
    expect(listeners(host.writerPool)).toEqual(before.map((count) => count + 1));
  });

  test('of a member that came later are told too, once the facade was told of it', async () => {
    let connects = 0;
    pool.on('connect', () => {
      connects += 1;
    });
    const later = servers.host();
    host.readerPools = later.readerPools;
    pool.poolsChanged();
    pool.poolsChanged();
    await pool.query('select 1');
    expect(connects).toBe(1);
  });

  test('an error that nobody listens for ends nothing, although the facade listens to something', async () => {
    pool.on('connect', () => undefined);
    host.writerPool.emit('error', new Error('broke'), {} as never);
  });
});

describe('end', () => {
  test('closes every pool, and then refuses in the words of pg', async () => {
    await pool.query('select 1');
    expect([pool.ending, pool.ended]).toEqual([false, false]);
    await pool.end();
    expect([pool.ending, pool.ended]).toEqual([true, true]);
    const message = 'Cannot use a pool after calling end on the pool';
    await expect(pool.query('select 1')).rejects.toThrow(message);
    await expect(pool.connect()).rejects.toThrow(message);
    await expect(pool.end()).rejects.toThrow('Called end on pool more than once');
  });

  test('takes a callback', async () => {
    await called((callback) => pool.end(callback));
    expect(await called((callback) => pool.end(callback))).toEqual([new Error('Called end on pool more than once')]);
  });
});

describe('lend', () => {
  test('gives a pool over the same connections, of the same kind, which pg takes for one of its own', async () => {
    const lent = pool.lend();
    expect(lent).toBeInstanceOf(Pool);
    await lent.query('select 1 as n');
    await lent.query('select 1 as n for update');
    expect(host.seen).toEqual(['replica select 1 as n', 'primary select 1 as n for update']);
    expect(lent.totalCount).toBe(pool.totalCount);
  });

  test('its end is its own: the fleet goes on, and the lent pool refuses in the words of pg', async () => {
    const lent = pool.lend();
    await lent.end();
    expect([lent.ending, lent.ended]).toEqual([true, true]);
    await expect(lent.query('select 1')).rejects.toThrow('Cannot use a pool after calling end on the pool');
    await expect(lent.end()).rejects.toThrow('Called end on pool more than once');
    expect([pool.ending, pool.ended]).toEqual([false, false]);
    expect((await pool.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  });

  test('also while the fleet is switched off', async () => {
    const lent = pool.lend();
    host.off = true;
    await lent.end();
    const message = 'Cannot use a pool after calling end on the pool';
    await expect(lent.query('select 1')).rejects.toThrow(message);
    await expect(lent.connect()).rejects.toThrow(message);
    expect((await pool.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  });

  test('ends with the fleet', async () => {
    const lent = pool.lend();
    await pool.end();
    expect([lent.ending, lent.ended]).toEqual([true, true]);
  });

  describe('with what its reads ask for', () => {
    const reports = { endpoint: 'reports', maxStalenessMs: 60_000 };

    test.each([
      ['the pool', 'auto', 'query', (lent: FleetPool) => lent.query('select 1')],
      ['the pool of reads', 'read', 'read', (lent: FleetPool) => lent.query('select 1')],
    ] as const)('asks it of %s', async (_, kind, method, ask) => {
      const told = jest.spyOn(host, method);
      await ask(host.facade(kind).lend(reports));
      expect(told.mock.calls).toEqual([['select 1', undefined, reports]]);
    });

    test('also for each read of a client that is checked out', async () => {
      const told = jest.spyOn(host, 'query');
      const client = await pool.lend(reports).connect();
      await client.query('select $1::int', [1]);
      client.release();
      expect(told.mock.calls).toEqual([['select $1::int', [1], reports]]);
    });

    test.each([
      [
        'a read-only transaction',
        async (lent: FleetPool) => onClient(lent, (client) => client.query('begin read only')),
      ],
      ['a cursor', async (lent: FleetPool) => onClient(lent, (client) => client.query(new Cursor('select 1')).read(1))],
      ['a statement that speaks the protocol itself', (lent: FleetPool) => lent.query(new Query('select 1') as never)],
    ])('also for the member of %s', async (_, ask) => {
      const told = jest.spyOn(host, 'checkOutReader');
      await ask(pool.lend(reports));
      expect(told.mock.calls).toEqual([[reports]]);
    });

    test('also for a client of the pool of reads', async () => {
      const told = jest.spyOn(host, 'checkOutReader');
      (await host.facade('read').lend(reports).connect()).release();
      expect(told.mock.calls).toEqual([[reports]]);
    });

    test('of a pool that is lent again, the later word counts', async () => {
      const told = jest.spyOn(host, 'query');
      await pool.lend(reports).lend({ maxStalenessMs: 5 }).query('select 1');
      expect(told.mock.calls).toEqual([['select 1', undefined, { endpoint: 'reports', maxStalenessMs: 5 }]]);
    });

    test('the pool that lends asks for nothing', async () => {
      const told = jest.spyOn(host, 'query');
      pool.lend(reports);
      await pool.query('select 1');
      expect(told.mock.calls).toEqual([['select 1', undefined, undefined]]);
    });

    test('what is wrong is told at once', () => {
      expect(() => pool.lend({ maxStaleness: 5 } as never)).toThrow(/maxStaleness/);
      expect(() => pool.lend({ maxStalenessMs: -1 })).toThrow(/maxStalenessMs.*got: -1/);
    });
  });

  test('many of them, and each listened to, are no leak', () => {
    const behind = [host.writerPool, ...host.readerPools];
    const before = behind.map((one) => one.listenerCount('error'));
    const lent = Array.from({ length: 20 }, () => pool.lend().on('error', () => undefined));
    for (const one of behind) expect(one.getMaxListeners()).toBeGreaterThanOrEqual(one.listenerCount('error'));
    expect(behind.map((one) => one.listenerCount('error'))).toEqual(before.map((count) => count + lent.length));
  });

  test('leaves the pools behind it as they were', async () => {
    const behind = [host.writerPool, ...host.readerPools];
    const look = () =>
      behind.map((one) => [one.getMaxListeners(), ...one.eventNames().map((event) => one.listenerCount(event))]);
    const before = look();
    const lent = pool.lend().on('error', () => undefined);
    expect(look()).not.toEqual(before);
    await lent.end();
    expect(look()).toEqual(before);
  });

  test('tells of the members that come after it was lent', async () => {
    const lent = pool.lend();
    const connected = jest.fn();
    lent.on('connect', connected);
    host.readerPools = servers.host().readerPools;
    pool.poolsChanged();
    await pool.query('select 1');
    expect(connected).toHaveBeenCalledTimes(1);
  });
});
