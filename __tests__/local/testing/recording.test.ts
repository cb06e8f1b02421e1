import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Fleet } from '../../../lib';
import {
  assertNotReadFrom,
  assertNotWritten,
  assertReadFrom,
  assertReadOnlyFrom,
  assertWritten,
  caughtUp,
  type LocalFleet,
  readMatchers,
  readsOf,
  recordReads,
  startLocalFleet,
  testOptions,
  withDown,
} from '../../../local/testing';

expect.extend(readMatchers);

let servers: LocalFleet;
let fleet: Fleet;
/** Another fleet of the same name, on the same servers. */
let twin: Fleet;

beforeAll(async () => {
  servers = await startLocalFleet({ replicas: 1 });
  await servers.primary.query('create table notes (id int); create sequence ids');
  fleet = await connect(servers.contract, testOptions());
  twin = await connect(servers.contract, testOptions());
  await caughtUp(fleet);
});

afterAll(async () => {
  await Promise.all([fleet?.close(), twin?.close()]);
  await servers?.stop();
});

/** What is told of a statement, without what differs from run to run. */
function told(recorded: {
  statements: readonly { text: string; kind: string; member?: string | undefined; reason: string }[];
}) {
  return recorded.statements.map(({ text, kind, member, reason }) => [text, kind, member, reason]);
}

const READ = 'select id from notes';
const WRITE = 'insert into notes values (1)';

describe('what is recorded', () => {
  test('a read, a write, and a read that is taken for a write', async () => {
    const recorded = await readsOf(fleet, async () => {
      await fleet.query(READ);
      await fleet.query(WRITE);
      await fleet.query("select nextval('ids')");
    });

    expect(told(recorded)).toEqual([
      [READ, 'read', 'replica-1', 'replica'],
      [WRITE, 'write', 'primary', 'writes'],
      ["select nextval('ids')", 'write', 'primary', 'volatile function nextval'],
    ]);
  });

  test('reads that the caller sends to the primary, with his reason', async () => {
    const recorded = await readsOf(fleet, async () => {
      await fleet.criticalRead(READ);
      await fleet.write(READ);
      await fleet.writePool.query(READ);
      await fleet.session(async () => {
        await servers.replica('replica-1').pauseReplay();
        await fleet.query(WRITE);
        await fleet.query(READ);
      });
      await servers.replica('replica-1').resumeReplay();
    });

    expect(told({ statements: recorded.reads })).toEqual([
      [READ, 'read', 'primary', 'strong'],
      [READ, 'read', 'primary', 'sent as a write'],
      [READ, 'read', 'primary', 'sent as a write'],
      [READ, 'read', 'primary', 'replica-1: behind the writes of the session'],
    ]);
    await caughtUp(fleet);
  });

  test('what comes by a pool, a client of it, and a transaction on that client', async () => {
    const recorded = await readsOf(fleet, async () => {
      await fleet.pool.query(READ);
      await fleet.readPool.query({ text: READ });
      const client = await fleet.pool.connect();
      await client.query(READ);
      await client.query('begin');
      await client.query(READ);
      await client.query(WRITE);
      await client.query('commit');
      client.release();
    });

    expect(told(recorded)).toEqual([
      [READ, 'read', 'replica-1', 'replica'],
      [READ, 'read', 'replica-1', 'replica'],
      [READ, 'read', 'replica-1', 'replica'],
      [READ, 'read', 'primary', 'on a connection of the primary'],
      [WRITE, 'write', 'primary', 'on a connection of the primary'],
    ]);
  });

  test('the inside of transactions', async () => {
    const recorded = await readsOf(fleet, async () => {
      await fleet.transaction((transaction) => transaction.query(READ));
      await fleet.transaction((transaction) => transaction.query(READ), { readOnly: true });
    });

    expect(told(recorded)).toEqual([
      [READ, 'read', 'primary', 'in a transaction'],
      [READ, 'read', 'replica-1', 'replica'],
    ]);
  });

  test('a connection that is given back is no longer listened to', async () => {
    await fleet.transaction((transaction) => transaction.query(READ));
    const recorded = recordReads(fleet);
    await Promise.all(Array.from({ length: 3 }, () => fleet.query(WRITE)));
    expect(recorded.statements).toHaveLength(3);
  });

  test('a read that a standby refuses, which the primary answered', async () => {
    await fleet.query('create function sneaky() returns bigint stable language sql as $$ select 1::bigint $$');
    await fleet.query(
      "create or replace function sneaky() returns bigint stable language plpgsql as $$ begin return nextval('ids'); end $$",
    );
    await caughtUp(fleet);

    const recorded = await readsOf(fleet, () => fleet.query('/* readfleet: replica */ select sneaky()'));

    expect(recorded.statements.map(({ member }) => member)).toEqual(['primary']);
    expect(recorded.statements[0]?.reason).toBe('replica-1 could not run it');
  });

  test('a statement that fails', async () => {
    const recorded = await readsOf(fleet, () => expect(fleet.query('select 1/0')).rejects.toThrow('division by zero'));

    expect(recorded.reads).toEqual([]);
    expect(recorded.statements).toMatchObject([{ member: undefined, error: { message: 'division by zero' } }]);
    expect(() => assertReadFrom(recorded, 'replica')).toThrow('"select 1/0" failed: division by zero');
  });

  test('who answered in the end, when the first was gone', async () => {
    await withDown(fleet, 'replicas', async () => {
      const recorded = await readsOf(fleet, () => fleet.query(READ));
      expect(told(recorded)).toEqual([[READ, 'read', 'primary', expect.stringMatching(/^replica-1: /)]]);
    });
  });

  test('what is sent while the fleet is switched off', async () => {
    fleet.flags.disableAll();
    const recorded = await readsOf(fleet, () => fleet.query(READ));
    fleet.flags.enableAll();
    expect(told(recorded)).toEqual([[READ, 'read', 'primary', 'switched off']]);
  });

  test('nothing of another fleet of the same name', async () => {
    const recorded = await readsOf(fleet, () => twin.query(READ));
    expect(recorded.statements).toEqual([]);
  });

  test('an error of the work itself goes to the caller', async () => {
    await expect(
      readsOf(fleet, async () => {
        throw new Error('a bug');
      }),
    ).rejects.toThrow('a bug');
  });
});

describe('whose reads they are', () => {
  test('two works at once are told apart', async () => {
    const work = (text: string) => async () => {
      for (let turn = 0; turn < 5; turn += 1) await fleet.query(text);
    };

    const [one, two] = await Promise.all([readsOf(fleet, work('select 1')), readsOf(fleet, work('select 2'))]);

    expect(one.statements.map(({ text }) => text)).toEqual(Array(5).fill('select 1'));
    expect(two.statements.map(({ text }) => text)).toEqual(Array(5).fill('select 2'));
  });

  test('a work within another counts for both', async () => {
    let inner: { statements: readonly unknown[] } | undefined;
    const outer = await readsOf(fleet, async () => {
      await fleet.query('select 1');
      inner = await readsOf(fleet, () => fleet.query('select 2'));
    });
    expect([outer.statements.length, inner?.statements.length]).toEqual([2, 1]);
  });

  test('what a server of this process does for a request of the work is the work of it', async () => {
    const app = createServer((_, response) => {
      void fleet.query(READ).then(() => response.end());
    }).listen(0, '127.0.0.1');
    await once(app, 'listening');
    const { port } = app.address() as AddressInfo;

    const recorded = await readsOf(fleet, () =>
      fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } }),
    );

    app.close();
    expect(recorded).toHaveReadOnlyFrom('replica');
  });

  test('a recording without work takes all, until it is stopped or the next begins', async () => {
    const first = recordReads(fleet);
    await fleet.query(READ);
    const second = recordReads(fleet);
    await fleet.query(READ);
    second.stop();
    await fleet.query(READ);
    expect([first.reads.length, second.reads.length]).toEqual([1, 1]);
  });
});

describe('matchers', () => {
  test('look at a recording', async () => {
    const recorded = await readsOf(fleet, () => fleet.query(READ));
    expect(recorded).toHaveReadFrom('replica');
    expect(recorded).toHaveReadFrom('replica-1');
    expect(recorded).toHaveReadOnlyFrom('replica');
    expect(recorded).not.toHaveReadFrom('primary');
    expect(recorded).not.toHaveWritten();
    expect(() => expect(recorded).toHaveReadFrom('primary')).toThrow(
      /^expected a read from the primary, but "select id from notes" ran on replica-1$/,
    );
    expect(() => expect(recorded).not.toHaveReadFrom('replica')).toThrow(/^expected no read from a replica, but/);
  });

  test('look at a fleet, since recordReads()', async () => {
    await fleet.query(WRITE);
    recordReads(fleet);
    await fleet.query(READ);
    expect(fleet).toHaveReadFrom('replica');
    expect(fleet).not.toHaveWritten();
    await fleet.query(WRITE);
    expect(fleet).toHaveWritten();
  });

  test.each([
    ['a fleet of which nothing is recorded', () => twin],
    ['something else', () => undefined],
  ])('refuse %s', (_, subject) => {
    expect(() => expect(subject()).toHaveReadFrom('replica')).toThrow('Call recordReads(fleet) first');
    expect(() => expect(subject()).not.toHaveReadFrom('replica')).toThrow('Call recordReads(fleet) first');
  });
});

describe('assertions', () => {
  test('hold, or throw an AssertionError that begins at the line of the test', async () => {
    const recorded = await readsOf(fleet, () => fleet.query(READ));
    assertReadFrom(recorded, 'replica');
    assertReadOnlyFrom(recorded, 'replica-1');
    assertNotReadFrom(recorded, 'primary');
    assertNotWritten(recorded);

    const fails: [string, () => void, string][] = [
      ['assertReadFrom', () => assertReadFrom(recorded, 'primary'), 'expected a read from the primary'],
      ['assertReadOnlyFrom', () => assertReadOnlyFrom(recorded, 'primary'), 'expected reads from the primary only'],
      ['assertNotReadFrom', () => assertNotReadFrom(recorded, 'replica'), 'expected no read from a replica'],
      ['assertWritten', () => assertWritten(recorded), 'expected a write'],
    ];
    for (const [operator, fail, message] of fails) {
      expect(fail).toThrow(expect.objectContaining({ code: 'ERR_ASSERTION', operator }));
      expect(fail).toThrow(message);
    }
    const write = await readsOf(fleet, () => fleet.query(WRITE));
    assertWritten(write);
    expect(() => assertNotWritten(write)).toThrow('expected no write, but "insert into notes values (1)"');
  });
});
