import { connect, type Fleet, type FleetStatus } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  // By turns, so that a test can say who is next.
  fleet = await connect(local.contract, { balancer: 'round-robin' });
  await fleet.write('create table note (id bigint generated always as identity primary key, body text not null)');
  await fleet.write(`insert into note (body) select 'note ' || n from generate_series(1, 100) n`);
  await replicated();
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

/** Resolves when both replicas show what the primary has written so far. */
async function replicated(): Promise<void> {
  const [written] = await local.primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  for (const replica of local.replicas) {
    await eventually(async () => {
      const [row] = await replica.query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
        written?.lsn,
      ]);
      return row?.there === true;
    });
  }
}

function counts(status: FleetStatus = fleet.status()): Record<string, { reads: number; writes: number }> {
  return Object.fromEntries(status.members.map(({ name, reads, writes }) => [name, { reads, writes }]));
}

/** Reads and writes of each member while `work` ran. */
async function during(work: () => Promise<unknown>): Promise<Record<string, { reads: number; writes: number }>> {
  const before = counts();
  await work();
  return Object.fromEntries(
    Object.entries(counts()).map(([name, { reads, writes }]) => [
      name,
      { reads: reads - (before[name]?.reads ?? 0), writes: writes - (before[name]?.writes ?? 0) },
    ]),
  );
}

/** The server that ran a statement, by its own word. */
const WHO = `select current_setting('cluster_name') as name, pg_is_in_recovery() as standby`;

test('once connected every member is known, with its lag', () => {
  const { members } = fleet.status();
  expect(members.map(({ name, role, state }) => [name, role, state.kind])).toEqual([
    ['primary', 'primary', 'serving'],
    ['blue', 'replica', 'serving'],
    ['green', 'replica', 'serving'],
  ]);
  expect(members[0]?.lag).toBeUndefined();
  expect(members[1]?.lag).toEqual({ seconds: expect.any(Number), bytes: expect.any(Number) });
});

test('reads go to the replicas in turn, and none to the primary', async () => {
  const seen = await during(async () => {
    for (let turn = 0; turn < 10; turn += 1)
      expect((await fleet.query('select count(*)::int as n from note')).rows).toEqual([{ n: 100 }]);
  });
  expect(seen).toEqual({
    primary: { reads: 0, writes: 0 },
    blue: { reads: 5, writes: 0 },
    green: { reads: 5, writes: 0 },
  });
});

test.each([
  `insert into note (body) values ('x') returning id`,
  `update note set body = body where id = 1`,
  `with gone as (delete from note where id = -1 returning *) select * from gone`,
  `select * from note where id = 1 for update`,
  `select nextval('note_id_seq')`,
])('%s goes to the primary without being told to', async (text) => {
  const seen = await during(() => fleet.query(text));
  expect(seen).toEqual({
    primary: { reads: 0, writes: 1 },
    blue: { reads: 0, writes: 0 },
    green: { reads: 0, writes: 0 },
  });
});

test('values, names of prepared statements and row modes reach the server', async () => {
  expect((await fleet.query<{ id: string }>('select id from note where id = $1', [7])).rows).toEqual([{ id: '7' }]);
  const config = { name: 'one-note', text: 'select id::int from note where id = $1', values: [8], rowMode: 'array' };
  for (let turn = 0; turn < 4; turn += 1) expect((await fleet.query(config)).rows).toEqual([[8]]);
});

test('a critical read and a strong one are the primary’s', async () => {
  const seen = await during(async () => {
    expect((await fleet.criticalRead(WHO)).rows[0]).toMatchObject({ standby: false });
    expect((await fleet.query('select body from note where id = 1', [], { consistency: 'strong' })).rows).toHaveLength(
      1,
    );
  });
  expect(seen.primary).toEqual({ reads: 2, writes: 0 });
});

test('a statement’s own error is the caller’s, as pg made it, and no member is blamed', async () => {
  await expect(fleet.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01', severity: 'ERROR' });
  await expect(fleet.query('selec')).rejects.toMatchObject({ code: '42601' });
  expect(fleet.status().members.map(({ errors }) => errors)).toEqual([0, 0, 0]);
});

test.each([undefined, null, 7, {}, { text: 7 }])(
  '%j is no statement, and the error says what is',
  async (statement) => {
    for (const ask of [fleet.query, fleet.read, fleet.write]) {
      await expect(ask.call(fleet, statement as never)).rejects.toMatchObject({ code: 'READFLEET_STATEMENT_INVALID' });
    }
  },
);

test('read options that are wrong are refused, and named', async () => {
  await expect(fleet.query('select 1', [], { maxStaleness: 5 } as never)).rejects.toThrow(/maxStaleness/);
});

test('what a standby refuses is run on the primary once, and taken there from then on', async () => {
  // Declared STABLE and yet it writes: nothing but the standby can know.
  await fleet.write(
    `create function sly() returns int language plpgsql stable as $$ begin perform nextval('note_id_seq'); return 1; end $$`,
  );
  await replicated();
  const other = await connect(local.contract);
  const lessons: string[] = [];
  other.on('learned', ({ text }) => lessons.push(text));
  try {
    expect((await other.query('select sly()')).rows).toEqual([{ sly: 1 }]);
    expect((await other.query('select sly()')).rows).toEqual([{ sly: 1 }]);
    expect(lessons).toEqual(['select sly()']);
    expect(counts(other.status()).primary).toEqual({ reads: 1, writes: 1 });
  } finally {
    await other.close();
  }
});

test('functions that users made are known from the primary’s catalogue', async () => {
  await fleet.write('create function tame(n int) returns int language sql immutable as $$ select n + 1 $$');
  await replicated();
  const other = await connect(local.contract);
  try {
    await other.query('select tame(1)');
    expect(counts(other.status()).primary).toEqual({ reads: 0, writes: 0 });
  } finally {
    await other.close();
  }
});

test('what the caller calls a read runs on a replica, which refuses a write', async () => {
  await expect(fleet.read(`insert into note (body) values ('x')`)).rejects.toMatchObject({ code: '25006' });
});

test('what the caller calls a read cannot write on the primary either', async () => {
  await expect(fleet.criticalRead(`insert into note (body) values ('x')`)).rejects.toMatchObject({ code: '25006' });
  expect((await fleet.criticalRead('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

describe('transactions', () => {
  test('one that writes stays together on the primary', async () => {
    const seen = await during(() =>
      fleet.transaction(async (transaction) => {
        expect(transaction.member).toBe('primary');
        const { rows } = await transaction.query<{ id: string }>(
          `insert into note (body) values ('mine') returning id`,
        );
        expect((await transaction.query('select body from note where id = $1', [rows[0]?.id])).rows).toEqual([
          { body: 'mine' },
        ]);
      }),
    );
    expect(seen.primary).toEqual({ reads: 0, writes: 1 });
  });

  test('one that fails is rolled back, and its error is the caller’s', async () => {
    const failing = fleet.transaction(async (transaction) => {
      await transaction.query(`insert into note (body) values ('never')`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await fleet.criticalRead(`select 1 from note where body = 'never'`)).rows).toEqual([]);
  });

  test('a read-only one runs on a replica, at the isolation asked for', async () => {
    const standby = await fleet.transaction(
      async (transaction) => {
        expect((await transaction.query('show transaction_isolation')).rows).toEqual([
          { transaction_isolation: 'repeatable read' },
        ]);
        return (await transaction.query<{ standby: boolean }>(WHO)).rows[0]?.standby;
      },
      { readOnly: true, isolation: 'repeatable read' },
    );
    expect(standby).toBe(true);
  });

  test('a serializable one runs on the primary, since a standby cannot do it', async () => {
    const standby = await fleet.transaction(
      async (transaction) => (await transaction.query<{ standby: boolean }>(WHO)).rows[0]?.standby,
      {
        readOnly: true,
        isolation: 'serializable',
      },
    );
    expect(standby).toBe(false);
  });
});

describe('in the shape of pg.Pool', () => {
  test('pool routes by what the statement is, readPool reads, writePool writes', async () => {
    expect(await during(() => fleet.pool.query('select 1 from note'))).toMatchObject({ primary: { reads: 0 } });
    expect(await during(() => fleet.pool.query('update note set body = body where id = 1'))).toMatchObject({
      primary: { writes: 1 },
    });
    expect((await fleet.readPool.query<{ standby: boolean }>(WHO)).rows[0]?.standby).toBe(true);
    expect((await fleet.writePool.query<{ standby: boolean }>(WHO)).rows[0]?.standby).toBe(false);
  });

  test('callbacks are called, with and without values', async () => {
    const answers = await new Promise<unknown[]>((resolve) => {
      fleet.pool.query('select 1 as one', (_, first) => {
        fleet.pool.query('select $1::int as two', [2], (__, second) => {
          fleet.pool.query('selec', (error) => resolve([first.rows, second.rows, (error as { code?: string }).code]));
        });
      });
    });
    expect(answers).toEqual([[{ one: 1 }], [{ two: 2 }], '42601']);
  });

  test('a client is checked out and given back, the primary’s or a replica’s', async () => {
    for (const [pool, standby] of [
      [fleet.pool, false],
      [fleet.writePool, false],
      [fleet.readPool, true],
    ] as const) {
      const client = await pool.connect();
      expect((await client.query(WHO)).rows[0]).toMatchObject({ standby });
      client.release();
    }
    await new Promise<void>((resolve, reject) => {
      fleet.pool.connect((error, client, release) => {
        release();
        if (error || !client) reject(error);
        else resolve();
      });
    });
    expect(fleet.pool.totalCount).toBeGreaterThan(0);
    await eventually(() => fleet.pool.idleCount === fleet.pool.totalCount && fleet.pool.waitingCount === 0);
  });
});

test('a cluster names its present writer among the readers too: it is known for what it is, and takes no reads', async () => {
  const { contract } = local;
  const cluster = await connect(
    {
      ...contract,
      topology: 'multi-az-cluster',
      readers: [{ ...contract.writer, name: 'instance-1' }, ...contract.readers],
    },
    { balancer: 'round-robin' },
  );
  try {
    for (let turn = 0; turn < 6; turn += 1) await cluster.query('select 1');
    expect(cluster.status().members.map(({ name, state, reads }) => [name, state.kind, reads])).toEqual([
      ['primary', 'serving', 0],
      ['instance-1', 'writing', 0],
      ['blue', 'serving', 3],
      ['green', 'serving', 3],
    ]);
  } finally {
    await cluster.close();
  }
});
