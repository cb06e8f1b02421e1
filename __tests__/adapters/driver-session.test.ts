import type { FacadeHost } from '../../lib/facade';
import { begun } from '../support/activity';
import { eventually } from '../support/eventually';
import { DriverRig, INSERT } from './driver-rig';

const rig = DriverRig.use();

describe('a transaction', () => {
  test('has one connection of the primary, and gives it back at its end', async () => {
    await rig.client.query('BEGIN;');
    await rig.client.query(INSERT, ['b']);
    await rig.client.query('select 1');
    expect(rig.inUse()).toBe(1);
    await rig.client.query('COMMIT;');
    expect(rig.inUse()).toBe(0);
    expect(rig.seen()).toEqual(['writer connection']);
    await rig.client.query('select 2');
    expect(rig.seen()).toEqual(['replica select 2']);
  });

  test('also when it fails and is rolled back', async () => {
    await rig.client.query('begin');
    await rig.client.query('select 1 / 0').catch(() => undefined);
    await expect(rig.client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await rig.client.query('rollback');
    expect(rig.inUse()).toBe(0);
  });

  test('also when its COMMIT is refused', async () => {
    await rig.client.query('begin');
    await rig.client.query('create temp table pair (id int unique deferrable initially deferred) on commit drop');
    await rig.client.query('insert into pair values (1), (1)');
    await expect(rig.client.query('commit')).rejects.toMatchObject({ code: '23505' });
    await rig.client.query('select 1');
    expect(rig.inUse()).toBe(0);
  });

  test('its savepoints are on its connection', async () => {
    await rig.client.query('begin');
    await rig.client.query('savepoint a');
    await rig.client.query(INSERT, ['undone']);
    await rig.client.query('rollback to savepoint a');
    await rig.client.query('release savepoint a');
    await rig.client.query('commit');
    const { rows } = await rig.client.query('/* readfleet: primary */ select body from note where id = 1000');
    expect(rows).not.toContainEqual({ body: 'undone' });
    expect(rig.inUse()).toBe(0);
  });

  test('that only reads has a connection of a replica', async () => {
    await rig.client.query('BEGIN TRANSACTION READ ONLY;');
    await rig.client.query('select 1');
    await rig.client.query('COMMIT;');
    expect(rig.seen()).toEqual(['reader connection']);
    expect(rig.inUse()).toBe(0);
  });

  test('what was set in it for itself is gone, and so is the connection', async () => {
    await rig.client.query('begin');
    await rig.client.query(`select set_config('app.tenant', $1, true)`, ['ann']);
    await rig.client.query('set local work_mem = 64');
    await rig.client.query('commit');
    expect(rig.inUse()).toBe(0);
  });

  test('what was set in it for the session stays, and so does the connection', async () => {
    await rig.client.query('begin');
    await rig.client.query(`set application_name = 'kept'`);
    await rig.client.query('commit');
    expect(rig.inUse()).toBe(1);
    await expect(rig.client.query('show application_name')).resolves.toMatchObject({
      rows: [{ application_name: 'kept' }],
    });
  });

  test('shows the number of its process on the primary', async () => {
    expect(rig.driver.processID).toBeNull();
    await rig.client.query('begin');
    const { rows } = await rig.client.query('select pg_backend_pid() as pid');
    expect(rig.driver.processID).toBe(rows[0].pid);
    await rig.client.query('commit');
  });

  test('shows its connection', async () => {
    const before = rig.client.connection;
    await rig.client.query('begin');
    expect(rig.client.connection.stream.writable).toBe(true);
    await rig.client.query('commit');
    expect(rig.client.connection).toBe(before);
  });

  test('whose connection breaks is told of, and the client can be ended', async () => {
    const broken = new Promise((resolve) => rig.client.once('error', resolve));
    await rig.client.query('begin');
    await rig.servers.local.primary.query('select pg_terminate_backend($1)', [rig.driver.processID]);
    await expect(broken).resolves.toBeInstanceOf(Error);
    await expect(rig.client.query('select 1')).rejects.toThrow('not queryable');
    await rig.client.end();
  });

  test('whose connection breaks is given up at once, also when nobody ends the client', async () => {
    const ended = new Promise((resolve) => rig.client.once('end', () => resolve('ended')));
    await rig.client.query('begin');
    const asked = rig.client.query('select pg_sleep(60)').catch((error: Error) => error);
    await rig.servers.local.primary.query('select pg_terminate_backend($1)', [rig.driver.processID]);
    await expect(asked).resolves.toMatchObject({ code: '57P01' });
    await expect(ended).resolves.toBe('ended');
    await eventually(() => rig.host.writerPool.totalCount === 0);
  });
});

describe('what is left in the session', () => {
  test('is there until the end, and then gone with its connection', async () => {
    await rig.client.query('set work_mem = 64');
    expect(rig.driver.holdsState).toBe(true);
    await expect(rig.client.query('show work_mem')).resolves.toMatchObject({ rows: [{ work_mem: '64kB' }] });
    await rig.client.query('select 1');
    expect(rig.seen()).toEqual(['writer connection']);
    await rig.client.end();
    await eventually(() => rig.host.writerPool.totalCount === 0);
  });

  test('notifications are heard', async () => {
    const heard = new Promise((resolve) => rig.client.once('notification', resolve));
    await rig.client.query('listen news');
    await rig.servers.local.primary.query(`notify news, 'hello'`);
    await expect(heard).resolves.toMatchObject({ channel: 'news', payload: 'hello' });
  });

  test('an advisory lock is held until the end', async () => {
    const tried = async () => {
      const [row] = await rig.servers.local.primary.query(
        'select pg_try_advisory_lock(77) as got, pg_advisory_unlock(77)',
      );
      return row?.got;
    };
    await rig.client.query('select pg_advisory_lock(77)');
    await expect(tried()).resolves.toBe(false);
    await rig.client.end();
    await eventually(tried);
  });

  test('a temporary table can be read', async () => {
    await rig.client.query('create temp table mine as select 1 as n');
    await expect(rig.client.query('select n from mine')).resolves.toMatchObject({ rows: [{ n: 1 }] });
  });

  test('a cursor WITH HOLD can be fetched from after its transaction', async () => {
    await rig.client.query('begin');
    await rig.client.query('declare c cursor with hold for select generate_series(1, 3) as n');
    await rig.client.query('commit');
    await expect(rig.client.query('fetch 2 from c')).resolves.toMatchObject({ rows: [{ n: 1 }, { n: 2 }] });
  });

  test('is nothing when the statement failed', async () => {
    await rig.client.query('set no_such_setting = 1').catch(() => undefined);
    expect(rig.driver.holdsState).toBe(false);
    await eventually(() => rig.inUse() === 0);
  });
});

describe('the end', () => {
  test('of a client that has nothing leaves the pools as they are', async () => {
    await rig.client.query('select 1');
    await rig.client.end();
    expect(rig.host.readerPools[0]?.idleCount).toBe(1);
  });

  test('in a transaction closes the connection, so that the server rolls it back', async () => {
    await rig.client.query('begin');
    await rig.client.query(INSERT, ['never']);
    await rig.client.end();
    await eventually(() => rig.host.writerPool.totalCount === 0);
    const [row] = await rig.servers.local.primary.query('select body from note where id = 1000');
    expect(row?.body).not.toBe('never');
  });

  test('while a BEGIN is on its way leaves no transaction to anybody', async () => {
    const begun = rig.client.query('begin').catch((error: Error) => error);
    await rig.client.end();
    await begun;
    await eventually(() => rig.inUse() === 0);
    const other = await rig.host.writerPool.connect();
    await expect(other.query('select now() = statement_timestamp() as fresh')).resolves.toMatchObject({
      rows: [{ fresh: true }],
    });
    other.release();
  });

  test('calls back, is told, and may be asked for twice', async () => {
    const ended = new Promise((resolve) => rig.client.once('end', () => resolve('told')));
    await new Promise<void>((resolve) => rig.client.end(resolve as never));
    await rig.client.end();
    await expect(ended).resolves.toBe('told');
  });

  test('is final', async () => {
    await rig.client.end();
    await expect(rig.client.query('select 1')).rejects.toThrow('not queryable');
  });
});

describe('cancelling', () => {
  test('asks for the signal only where it is said', async () => {
    const query = jest.spyOn(rig.host as FacadeHost, 'query');
    await rig.client.query('select 1');
    rig.driver.cancellable = true;
    await rig.client.query('select 2');
    rig.driver.cancellable = false;
    await rig.client.query('select 3');
    expect(query.mock.calls.map(([, , read]) => read?.signal !== undefined)).toEqual([false, true, false]);
  });

  test('aborts what the fleet runs, whoever else may abort it', async () => {
    const query = jest.spyOn(rig.host as FacadeHost, 'query');
    const other = new AbortController();
    await rig.connect(undefined, { signal: other.signal, endpoint: 'reports' });
    rig.driver.cancellable = true;
    const asked = rig.client.query('select 1');
    await rig.driver.cancel();
    await asked;
    expect(query.mock.calls[0]?.[2]).toMatchObject({ endpoint: 'reports', signal: { aborted: true } });
    rig.driver.cancellable = true;
    await rig.client.query('select 1');
    other.abort();
    expect(query.mock.calls[1]?.[2]?.signal?.aborted).toBe(true);
  });

  test.each([
    ['in a transaction', 'begin', () => rig.servers.local.primary],
    ['in one that reads on a replica', 'begin read only', () => rig.servers.local.replica('blue')],
  ])('%s ends the statement, and not the connection', async (_, begin, server) => {
    await rig.client.query(begin);
    const asked = rig.client.query('select pg_sleep(60)');
    await Promise.all([
      expect(asked).rejects.toMatchObject({ code: '57014' }),
      begun(server(), 'pg_sleep').then(() => rig.driver.cancel()),
    ]);
    await rig.client.query('rollback');
    expect(rig.inUse()).toBe(0);
  });
});
