import { connect, type Fleet } from '../../../lib';
import { beginStatement, fitsReplica, type Transaction } from '../../../lib/execution/transaction';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { begun, ended, replicated } from '../../support/activity';
import { eventually } from '../../support/eventually';

test.each([
  [{}, 'begin'],
  [{ readOnly: false }, 'begin'],
  [{ readOnly: true }, 'begin read only'],
  [{ isolation: 'serializable' }, 'begin isolation level serializable'],
  [{ readOnly: true, isolation: 'repeatable read' }, 'begin isolation level repeatable read read only'],
] as const)('%j begins with "%s"', (options, statement) => {
  expect(beginStatement(options)).toBe(statement);
});

test.each([
  [{}, false],
  [{ isolation: 'repeatable read' }, false],
  [{ readOnly: true }, true],
  [{ readOnly: true, isolation: 'repeatable read' }, true],
  [{ readOnly: true, isolation: 'serializable' }, false],
] as const)('%j fits a replica: %s', (options, fits) => {
  expect(fitsReplica(options)).toBe(fits);
});

describe('on real servers', () => {
  let local: LocalFleet;
  let fleet: Fleet;

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue'] });
    fleet = await connect(local.contract, { pools: { primaryMax: 1, replicaMax: 1 } });
    await fleet.write('create table note (body text)');
    await replicated(local.primary, local.replicas);
  });

  afterAll(async () => {
    await fleet?.close();
    await local?.stop();
  });

  async function notes(): Promise<unknown[]> {
    return (await fleet.criticalRead('select body from note')).rows;
  }

  test('that swallows the error of a statement is told not to have been committed', async () => {
    const work = fleet.transaction(async (transaction) => {
      await transaction.query(`insert into note values ('lost')`);
      await transaction.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'READFLEET_ROLLED_BACK' });
    expect(await notes()).toEqual([]);
  });

  const ways = [
    ['that writes', 'primary', {}],
    ['that only reads', 'blue', { readOnly: true }],
  ] as const;

  describe.each(ways)('a transaction %s', (_, name, options) => {
    const member = () => local.members.find((other) => other.name === name) ?? local.primary;

    test('is rolled back when its time is over, and what runs is cancelled on the server', async () => {
      const work = fleet.transaction(
        async (transaction) => {
          if (name === 'primary') await transaction.query(`insert into note values ('late')`);
          await transaction.query(`select pg_sleep(60), 'takes too long'`);
        },
        { ...options, timeoutMs: 300 },
      );
      await expect(work).rejects.toMatchObject({
        code: 'READFLEET_TIMEOUT',
        message: expect.stringContaining(`a transaction on ${name} did not end within its 300 ms`),
      });
      await ended(member(), 'takes too long');
      expect(await notes()).toEqual([]);
    });

    test('is rolled back when its caller leaves, with the caller’s reason', async () => {
      const controller = new AbortController();
      const work = fleet.transaction(
        async (transaction) => {
          if (name === 'primary') await transaction.query(`insert into note values ('left')`);
          await transaction.query(`select pg_sleep(60), 'is left alone'`);
        },
        { ...options, signal: controller.signal },
      );
      const refused = expect(work).rejects.toBe('left');
      await begun(member(), 'is left alone');
      controller.abort('left');
      await refused;
      await ended(member(), 'is left alone');
      expect(await notes()).toEqual([]);
    });

    test('whose caller has left before does not begin', async () => {
      const work = jest.fn();
      const signal = AbortSignal.abort('left');
      await expect(fleet.transaction(work, { ...options, signal })).rejects.toBe('left');
      expect(work).not.toHaveBeenCalled();
    });

    test('waits for its connection no longer than its time, and gives back what comes later', async () => {
      const held = await hold(options);
      const work = jest.fn();
      await expect(fleet.transaction(work, { ...options, timeoutMs: 200 })).rejects.toMatchObject({
        code: 'READFLEET_TIMEOUT',
        message: expect.stringContaining('no connection within its 200 ms'),
      });
      await held.letGo();
      expect(work).not.toHaveBeenCalled();
      await free(name);
    });

    test('waits for its connection no longer than its caller, and gives back what comes later', async () => {
      const held = await hold(options);
      const controller = new AbortController();
      const work = jest.fn();
      const waiting = fleet.transaction(work, { ...options, signal: controller.signal });
      controller.abort('left');
      await expect(waiting).rejects.toBe('left');
      await held.letGo();
      expect(work).not.toHaveBeenCalled();
      await free(name);
    });

    test('leaves no listener, and its connection is free again, however it ends', async () => {
      const { signal } = new AbortController();
      const added = jest.spyOn(signal, 'addEventListener');
      const removed = jest.spyOn(signal, 'removeEventListener');
      const bounds = { ...options, signal, timeoutMs: 60_000 };
      expect(await fleet.transaction(async () => 7, bounds)).toBe(7);
      await expect(fleet.transaction((transaction) => transaction.query('selec'), bounds)).rejects.toMatchObject({
        code: '42601',
      });
      const listeners = (calls: readonly (readonly unknown[])[]) => calls.map(([, listener]) => listener);
      expect(new Set(listeners(removed.mock.calls))).toEqual(new Set(listeners(added.mock.calls)));
      await free(name);
    });

    test('whose connection is lost is not run again, and that counts as an error of the member', async () => {
      const errors = () => fleet.status().members.find((other) => other.name === name)?.errors ?? 0;
      const before = errors();
      const work = jest.fn(async (transaction: { query(text: string): Promise<unknown> }) => {
        await transaction.query(`select pg_sleep(60), 'will be lost'`);
      });
      const lost = expect(fleet.transaction(work, options)).rejects.toMatchObject({ code: '57P01' });
      await begun(member(), 'will be lost');
      await member().query(
        `select pg_terminate_backend(pid) from pg_stat_activity where position('will be lost' in query) > 0 and pid <> pg_backend_pid()`,
      );
      await lost;
      expect(work).toHaveBeenCalledTimes(1);
      expect(errors()).toBe(before + 1);
      await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
    });
  });

  test('one that writes is committed when its work ends well', async () => {
    await fleet.transaction((transaction) => transaction.query(`insert into note values ('kept')`), {
      timeoutMs: 60_000,
    });
    expect(await notes()).toEqual([{ body: 'kept' }]);
    await fleet.write('truncate note');
  });

  test('one that only reads cannot write, and takes no other member for it', async () => {
    const work = fleet.transaction((transaction) => transaction.query(`insert into note values ('x')`), {
      readOnly: true,
    });
    await expect(work).rejects.toMatchObject({ code: '25006' });
    expect(await notes()).toEqual([]);
  });

  test.each([
    ['that was committed', (): unknown => 'done'],
    ['that was rolled back', (): unknown => Promise.reject(new Error('changed my mind'))],
  ])('a statement that comes late to one %s is not sent into another', async (_, end) => {
    const kept: Transaction[] = [];
    const first = fleet.transaction(async (transaction) => {
      kept.push(transaction);
      return end();
    });
    await first.catch(() => undefined);

    // There is one connection: it is the one of before.
    const second = fleet.transaction(async (transaction) => {
      await transaction.query('select 1');
      await expect(kept[0]?.query(`insert into note values ('stray')`)).rejects.toMatchObject({
        code: 'READFLEET_TRANSACTION_OVER',
        message: expect.stringContaining('Nothing was sent.'),
      });
    });
    await second;

    expect(await notes()).not.toContainEqual({ body: 'stray' });
  });

  test('a definition in a transaction is known once it has ended', async () => {
    await fleet.transaction(async (transaction) => {
      await transaction.query('create function plain(n int) returns int language sql immutable as $$ select n $$');
    });
    await replicated(local.primary, local.replicas);
    await eventually(async () => {
      const before = fleet.status().members[0]?.writes;
      await fleet.query('select plain(1)');
      return fleet.status().members[0]?.writes === before;
    });
  });

  test('options that are wrong are refused before it begins', async () => {
    const work = jest.fn();
    await expect(fleet.transaction(work, { readOnly: true, timeoutMs: 0 })).rejects.toMatchObject({
      code: 'READFLEET_OPTIONS_INVALID',
    });
    await expect(
      fleet.transaction(work, { isolation: 'read committed; drop table note' as never }),
    ).rejects.toMatchObject({ code: 'READFLEET_OPTIONS_INVALID' });
    await expect(fleet.transaction(work, { readOnly: 'no' as never })).rejects.toMatchObject({
      code: 'READFLEET_OPTIONS_INVALID',
    });
    expect(work).not.toHaveBeenCalled();
    expect(await notes()).toEqual([]);
  });

  /** A transaction that has the one connection until it is told to let go. */
  async function hold(options: { readonly readOnly?: boolean }): Promise<{ letGo(): Promise<void> }> {
    let letGo: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const holder = fleet.transaction(async (transaction) => {
      await transaction.query('select 1');
      open();
      await until;
    }, options);
    await opened;
    return {
      letGo: () => {
        letGo();
        return holder;
      },
    };
  }

  async function free(name: string): Promise<void> {
    await eventually(() => {
      const found = fleet.status().members.find((other) => other.name === name);
      return found?.inFlight === 0 && found.pool.idle === found.pool.total && found.pool.waiting === 0;
    });
  }
});
