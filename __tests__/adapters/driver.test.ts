import { Client, types } from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import type { ClientConfig } from '../../adapters/orm/driver/client';
import type { FacadeHost } from '../../lib/facade';
import { eventually } from '../support/eventually';
import { DriverRig, INSERT } from './driver-rig';

const rig = DriverRig.use();

describe('connecting', () => {
  test('opens nothing', () => {
    expect(rig.host.seen).toEqual([]);
    expect(rig.host.writerPool.totalCount).toBe(0);
  });

  test('makes a client as far as anybody can see', () => {
    expect(rig.client).toBeInstanceOf(Client);
    expect(rig.client.escapeIdentifier('a')).toBe('"a"');
  });

  test('says what a server says of itself', async () => {
    const other = rig.make();
    const heard = new Promise((resolve) => other.connection.once('parameterStatus', resolve));
    await other.connect();
    await expect(heard).resolves.toEqual({ parameterName: 'server_version', parameterValue: '18.0' });
  });

  test('calls back', async () => {
    const other = rig.make();
    const connected = jest.fn();
    other.on('connect', connected);
    await expect(new Promise((resolve) => other.connect(resolve))).resolves.toBeNull();
    expect(connected).toHaveBeenCalledTimes(1);
  });

  test('is done once', async () => {
    await expect(rig.client.connect()).rejects.toThrow('already been connected');
  });

  test('is refused by a fleet that is closed', async () => {
    rig.open = () => {
      throw new Error('closed');
    };
    await expect(rig.make().connect()).rejects.toThrow('closed');
    await expect(new Promise((resolve) => rig.make().connect(resolve))).resolves.toMatchObject({ message: 'closed' });
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
    expect(() => rig.make({ [option]: value })).toThrow(
      expect.objectContaining({ code: 'READFLEET_CLIENT_OPTIONS', message: expect.stringContaining(`\`${option}\``) }),
    );
    expect(() => rig.make({ [option]: value })).toThrow(place);
  });

  test('does not show the key in what it refuses', () => {
    expect(() => rig.make({ ssl: { key: 'secret' } })).toThrow('got: an object.');
  });

  test('with a host, a user and a password is nothing against', () => {
    expect(() => rig.make({ host: 'a', port: 1, user: 'b', password: 'c', database: 'd', ssl: false })).not.toThrow();
  });
});

describe('outside of a transaction', () => {
  test('each statement runs where it belongs, and none keeps a connection', async () => {
    await rig.client.query('select 1');
    await rig.client.query(INSERT, ['a']);
    await rig.client.query('select 2');
    expect(rig.seen()).toEqual(['replica select 1', `primary ${INSERT}`, 'replica select 2']);
    expect(rig.inUse()).toBe(0);
  });

  test('callbacks are called', async () => {
    const answer = await new Promise((resolve) =>
      rig.client.query({ text: 'select $1::int as n', values: [7] }, (error, result) => resolve([error, result.rows])),
    );
    expect(answer).toEqual([null, [{ n: 7 }]]);
  });

  test('statements that nobody awaits run in their order', async () => {
    const [, read] = await Promise.all([
      rig.client.query(INSERT, ['in order']),
      rig.client.query('/* readfleet: primary */ select body from note where id = 1000'),
    ]);
    expect(read.rows).toEqual([{ body: 'in order' }]);
  });

  test('an error ends nothing', async () => {
    await expect(rig.client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(rig.client.query('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('a cursor of a read has a connection of a replica until it is closed', async () => {
    const cursor = rig.client.query(new Cursor('select id from note order by id'));
    await expect(cursor.read(2)).resolves.toEqual([{ id: 1 }, { id: 2 }]);
    expect(rig.seen()).toEqual(['reader connection']);
    expect(rig.inUse()).toBe(1);
    await cursor.close();
    await rig.client.query('select 1');
    expect(rig.inUse()).toBe(0);
  });

  test('a stream of a read gives its connection back at its end', async () => {
    const rows = [];
    for await (const row of rig.client.query(
      new QueryStream('select id from note where id <= 100', [], { batchSize: 10 }),
    ))
      rows.push(row);
    expect(rows).toHaveLength(100);
    await eventually(() => rig.inUse() === 0);
    expect(rig.seen()).toEqual(['reader connection']);
  });

  describe('a cursor whose server ends its connection', () => {
    let cursor: Cursor;

    beforeEach(async () => {
      cursor = rig.client.query(new Cursor('select n from generate_series(1, 100000) n'));
      await cursor.read(1);
    });

    const broken = async () => {
      const replica = rig.servers.local.replica('blue');
      const lost = new Promise((resolve) => rig.client.once('error', resolve));
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
      const replica = rig.servers.local.replica('blue');
      await replica.freeze();
      const closed = cursor.close();
      await replica.kill();
      await closed;
      await replica.restart();
    });
  });

  test('a cursor that was never submitted can be closed', async () => {
    await rig.client.end();
    const cursor = rig.client.query(new Cursor('select 1'));
    await cursor.close();
  });

  test('what its reads ask for is asked', async () => {
    const query = jest.spyOn(rig.host as FacadeHost, 'query');
    await rig.connect(undefined, { endpoint: 'reports' });
    await rig.client.query('select 1');
    expect(query).toHaveBeenCalledWith('select 1', undefined, { endpoint: 'reports' });
  });
});

describe('type parsers of an ORM', () => {
  const SELECT = 'select 7::bigint as n';
  const PARSED = { rows: [{ n: 'number 7' }] };

  beforeEach(async () => {
    await rig.connect({
      types: {
        getTypeParser: (oid: number, format?: 'text') =>
          oid === types.builtins.INT8 ? (text: string) => `number ${text}` : types.getTypeParser(oid, format),
      } as ClientConfig['types'],
    });
  });

  test('hold outside of transactions', async () => {
    await expect(rig.client.query(SELECT)).resolves.toMatchObject(PARSED);
    await expect(rig.client.query({ text: SELECT })).resolves.toMatchObject(PARSED);
  });

  test('hold within, and are gone from the connection after', async () => {
    await rig.client.query('begin');
    await expect(rig.client.query(SELECT)).resolves.toMatchObject(PARSED);
    await rig.client.query('commit');
    await expect(rig.host.writerPool.query(SELECT)).resolves.toMatchObject({ rows: [{ n: '7' }] });
  });

  test('hold for cursors', async () => {
    const cursor = rig.client.query(new Cursor(SELECT));
    await expect(cursor.read(1)).resolves.toEqual(PARSED.rows);
    await cursor.close();
  });

  test('give way to those of a statement, and to those that are set on the client', async () => {
    const own = { getTypeParser: () => () => 'its own' };
    await expect(rig.client.query({ text: SELECT, types: own } as never)).resolves.toMatchObject({
      rows: [{ n: 'its own' }],
    });
    rig.client.setTypeParser(types.builtins.INT8, () => 'set');
    await expect(rig.client.query(SELECT)).resolves.toMatchObject({ rows: [{ n: 'set' }] });
  });
});
