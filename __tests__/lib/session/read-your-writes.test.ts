import type { PoolClient } from 'pg';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

const READ = 'select value from register';
const WRITE = 'update register set value = value + 1 returning value';
/** Whatever age: what keeps a read from being too old is its session alone. */
const ANY_AGE = { maxStalenessMs: Number.POSITIVE_INFINITY };

let local: LocalFleet;
let fleet: Fleet;
/** Another process, as far as it can tell: nothing but tokens goes from one to the other. */
let other: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  // Patient, so that a busy machine does not decide who serves.
  const options = { session: { waitMs: 5_000 } };
  [fleet, other] = await Promise.all([connect(local.contract, options), connect(local.contract, options)]);
  await fleet.write('create table register (value int not null)');
  await fleet.write('insert into register values (0)');
  await eventually(() => local.replica('blue').query(READ));
  await eventually(() => local.replica('green').query(READ));
});

afterAll(async () => {
  await Promise.all([fleet?.close(), other?.close()]);
  await local?.stop();
});

async function value(from: Fleet = fleet): Promise<number> {
  return (await from.query<{ value: number }>(READ, [], ANY_AGE)).rows[0]?.value ?? Number.NaN;
}

async function valueWritten(write: Promise<{ rows: { value: number }[] }>): Promise<number> {
  return (await write).rows[0]?.value ?? Number.NaN;
}

async function withClient<T>(pool: Fleet['pool'], work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** Seconds, as each replica was last seen by each process. */
function lags(): number[] {
  const members = [fleet, other].flatMap((each) => each.status().members);
  return members.filter(({ role }) => role === 'replica').map(({ lag }) => lag?.seconds ?? Number.NaN);
}

function replicaReads(of: Fleet): number {
  const replicas = of.status().members.filter(({ role }) => role === 'replica');
  return replicas.reduce((sum, { reads }) => sum + reads, 0);
}

describe('while every replica stands still', () => {
  beforeAll(async () => {
    await Promise.all(local.replicas.map((replica) => replica.pauseReplay()));
    // Seen further behind than anybody would wait for.
    await fleet.write(WRITE);
    await eventually(() => lags().every((seconds) => seconds > 5));
  });

  afterAll(async () => {
    await Promise.all(local.replicas.map((replica) => replica.resumeReplay()));
  });

  test('a read in no session is as old as it asked to be', async () => {
    expect(await value()).toBe(0);
  });

  const writes: [string, () => Promise<number>][] = [
    ['query()', () => valueWritten(fleet.query(WRITE))],
    ['write()', () => valueWritten(fleet.write(WRITE))],
    ['a pool', () => valueWritten(fleet.pool.query(WRITE))],
    ['the pool for writes', () => valueWritten(fleet.writePool.query(WRITE))],
    [
      'a pool with a callback',
      () =>
        new Promise((resolve, reject) => {
          fleet.pool.query<{ value: number }>(WRITE, (error, result) =>
            error ? reject(error) : resolve(result.rows[0]?.value ?? Number.NaN),
          );
        }),
    ],
    ['a transaction', () => fleet.transaction((transaction) => valueWritten(transaction.query(WRITE)))],
    ['a client, before it is released', () => withClient(fleet.pool, (client) => valueWritten(client.query(WRITE)))],
    [
      'a client of the pool for writes, before it is released',
      () => withClient(fleet.writePool, (client) => valueWritten(client.query(WRITE))),
    ],
    [
      'the pool while the fleet is switched off',
      async () => {
        fleet.flags.disableAll();
        try {
          return await valueWritten(fleet.query(WRITE));
        } finally {
          fleet.flags.enableAll();
        }
      },
    ],
  ];

  test.each(writes)('a session sees what it wrote by %s', async (_, write) => {
    await fleet.session(async () => {
      const written = await write();
      expect(await value()).toBe(written);
    });
  });

  test('also what a failed write may have done', async () => {
    await fleet.session(async () => {
      const before = await value(other);
      await expect(fleet.query('update register set value = 1 / (value - value)')).rejects.toThrow('division by zero');
      expect(await value()).toBeGreaterThan(before);
    });
  });

  test('another session does not', async () => {
    await fleet.session(() => fleet.query(WRITE));

    await fleet.session(async () => expect(await value()).toBe(0));
  });

  test('a read that asks for no session does not, within one', async () => {
    await fleet.session(async () => {
      await fleet.query(WRITE);
      const { rows } = await fleet.query(READ, [], { ...ANY_AGE, consistency: 'eventual' });
      expect(rows).toEqual([{ value: 0 }]);
    });
  });

  test('a session within a session sees what that wrote, and the other way round', async () => {
    await fleet.session(async () => {
      const written = await valueWritten(fleet.query(WRITE));
      await fleet.session(async () => {
        expect(await value()).toBe(written);
        await fleet.query(WRITE);
      });
      expect(await value()).toBe(written + 1);
    });
  });

  test('what was read on the primary once is not read older after', async () => {
    await fleet.session(async () => {
      const { rows } = await fleet.query(READ, [], { maxStalenessMs: 0 });
      expect(await value()).toBe(rows[0]?.value);
    });
  });

  const strongReads: [string, () => Promise<number>][] = [
    ['criticalRead()', () => valueWritten(fleet.criticalRead(READ))],
    [
      'a client of the pool for writes',
      () => withClient(fleet.writePool, (client) => valueWritten(client.query(READ))),
    ],
  ];

  test.each(strongReads)('what %s read on the primary is not read older after', async (_, read) => {
    await fleet.session(async () => {
      const seen = await read();
      expect(seen).toBeGreaterThan(0);
      expect(await value()).toBe(seen);
    });
  });

  test('another process that goes on from a token sees what this one wrote', async () => {
    const { token, written } = await fleet.session(async () => {
      const mine = await valueWritten(fleet.query(WRITE));
      return { token: await fleet.session.token(), written: mine };
    });

    expect(await value(other)).toBe(0);
    expect(await other.session.resume(token, () => value(other))).toBe(written);
  });

  test('a token of a position that no log has reached is served by the primary', async () => {
    const token = await fleet.session(() => fleet.session.token());
    const madeUp = token.replace(/[^.]+$/, 'ffffffffffffffff');

    const now = await fleet.session(() => valueWritten(fleet.query(WRITE)));
    expect(await other.session.resume(madeUp, () => value(other))).toBe(now);
  });

  test('the next token after such a one is the primary’s own', async () => {
    const token = await fleet.session(() => fleet.session.token());
    const madeUp = token.replace(/[^.]+$/, 'ffffffffffffffff');

    const next = await fleet.session.resume(madeUp, async () => {
      await value();
      return fleet.session.token();
    });
    expect(next).not.toContain('ffffffffffffffff');
  });
});

describe('while the replicas keep up', () => {
  beforeAll(() => eventually(() => lags().every((seconds) => seconds < 1)));

  test('a session that writes and reads without a pause is served by replicas, and sees every write', async () => {
    const before = replicaReads(fleet);

    await fleet.session(async () => {
      for (let turn = 0; turn < 10; turn += 1) {
        const written = await valueWritten(fleet.query(WRITE));
        expect(await value()).toBe(written);
      }
    });
    expect(replicaReads(fleet) - before).toBe(10);
  });

  test('so is one that goes on elsewhere', async () => {
    const token = await fleet.session(async () => {
      await fleet.query(WRITE);
      return fleet.session.token();
    });
    const before = replicaReads(other);

    await other.session.resume(token, () => value(other));

    expect(replicaReads(other) - before).toBe(1);
  });

  test('a session on a fleet of another name is refused', async () => {
    const token = await fleet.session(() => fleet.session.token());
    const elsewhere = token.replace(/^rf1\.[^.]+/, 'rf1.00000000');

    await expect(fleet.session.resume(elsewhere, () => value())).rejects.toThrow('another fleet than local/local');
  });
});
