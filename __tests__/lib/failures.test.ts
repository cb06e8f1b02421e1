import { spawn } from 'node:child_process';
import path from 'node:path';
import { type ConnectOptions, connect, type Fleet, type MemberState, type ReadfleetError } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { keepAsking, type LoadResult } from '../support/load';

const READ = 'select count(*) from note';
const CALLERS = 8;

let local: LocalFleet;
let fleet: Fleet;

beforeEach(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  // By turns, so that a test can say who is next.
  fleet = await connect(local.contract, { balancer: 'round-robin' });
  await fleet.write('create table note (id bigint generated always as identity primary key, body text)');
  await eventually(() => fleet.readPool.query(READ).then(() => fleet.readPool.query(READ)));
});

let stops: (() => Promise<LoadResult>)[] = [];
let others: Fleet[] = [];

afterEach(async () => {
  const stopped = stops.map((stop) => stop());
  stops = [];
  await Promise.all([fleet, ...others].map((open) => open?.close()));
  others = [];
  await local?.stop();
  // Last: a load whose reads hang, which is what a test is there to notice, must not keep the servers from being taken down.
  await Promise.all(stopped);
});

/** A second connection to the same fleet; closed after the test, whatever becomes of it. */
async function connectAgain(options: ConnectOptions = {}): Promise<Fleet> {
  const other = await connect(local.contract, options);
  others.push(other);
  return other;
}

function stateOf(name: string): MemberState['kind'] | undefined {
  return fleet.status().members.find((member) => member.name === name)?.state.kind;
}

function reads(name: string): number {
  return fleet.status().members.find((member) => member.name === name)?.reads ?? 0;
}

/** Resolves when `name` has served more reads than now. */
async function servesAgain(name: string): Promise<void> {
  const before = reads(name);
  await eventually(() => reads(name) > before);
}

/** Reads under way all the time, and a write now and then, as the primary's position must move for lag to be seen. */
function load(ask: (turn: number) => Promise<unknown> = readsAndWrites): () => Promise<LoadResult> {
  const stop = keepAsking(CALLERS, ask);
  stops.push(stop);
  return stop;
}

function readsAndWrites(turn: number): Promise<unknown> {
  return turn % 50 === 0 ? fleet.query(`insert into note (body) values ('x')`) : fleet.query(READ);
}

test('a replica killed under load: no read fails, its state is told, and it serves again once it is back', async () => {
  const told: string[] = [];
  fleet.on('state', ({ member, from, to }) => told.push(`${member}: ${from.kind} -> ${to.kind}`));
  const stop = load();
  await servesAgain('blue');

  await local.replica('blue').kill();
  await eventually(() => stateOf('blue') === 'ejected');
  await servesAgain('green');
  expect(told).toContain('blue: serving -> ejected');

  await local.replica('blue').restart();
  await eventually(() => stateOf('blue') === 'serving');
  await servesAgain('blue');
  const { done, failures } = await stop();
  expect(failures).toEqual([]);
  expect(done).toBeGreaterThan(0);
});

test('all replicas killed under load: the primary serves, no read fails, and the fallback is told', async () => {
  const fallbacks: string[][] = [];
  fleet.on('fallback', ({ passedOver }) => fallbacks.push(passedOver.map(({ member }) => member)));
  const stop = load();
  await servesAgain('green');

  await Promise.all(local.replicas.map((replica) => replica.kill()));
  await servesAgain('primary');
  await eventually(() => fallbacks.some((members) => members.length === 2));

  expect((await stop()).failures).toEqual([]);
});

test('a frozen replica, which takes connections and never answers: reads under way move on while it is frozen, and none fails', async () => {
  const stop = load();
  await servesAgain('blue');

  await local.replica('blue').freeze();
  await eventually(() => stateOf('blue') === 'ejected');
  await servesAgain('green');
  // Each caller has its answer now: nobody waits for the frozen one.
  expect((await stop()).failures).toEqual([]);

  await local.replica('blue').thaw();
  await eventually(() => stateOf('blue') === 'serving');
});

test('a session that the server ends under a read: the read moves on, and the member is asked at once whether it still is there', async () => {
  // No round of the watch comes to its help.
  const other = await connectAgain({ lag: { pollMs: 600_000 }, maxStalenessMs: Number.POSITIVE_INFINITY });
  const told: string[] = [];
  other.on('state', ({ member, from, to }) => told.push(`${member}: ${from.kind} -> ${to.kind}`));
  const sleeping = other.query('select pg_sleep(1)');
  const sleeper = `select pid from pg_stat_activity where query = 'select pg_sleep(1)' and state = 'active'`;
  const ended = await eventually(async () => {
    for (const replica of local.replicas) {
      const [row] = await replica.query<{ pid: number }>(sleeper);
      if (row) {
        await replica.query('select pg_terminate_backend($1)', [row.pid]);
        return replica.name;
      }
    }
    return false;
  });

  expect((await sleeping).rows).toHaveLength(1);
  await eventually(() => told.length >= 2);
  expect(told).toEqual([`${ended}: serving -> ejected`, `${ended}: ejected -> serving`]);
  await other.close();
});

test('a replica that dies while nothing is asked of it is known to be gone before the next round', async () => {
  const other = await connectAgain({ lag: { pollMs: 600_000 } });
  await local.replica('blue').kill();
  await eventually(() => other.status().members.find(({ name }) => name === 'blue')?.state.kind === 'ejected');
  await other.close();
});

test('a replica whose replay stands still is passed over once it is older than the bound, and answers reads that allow it', async () => {
  await local.replica('blue').pauseReplay();
  await fleet.write(`insert into note (body) values ('unseen')`);
  await eventually(() => stateOf('blue') === 'lagging');

  const before = reads('blue');
  for (let turn = 0; turn < 6; turn += 1) expect((await fleet.query(READ)).rows).toEqual([{ count: '1' }]);
  expect(reads('blue')).toBe(before);

  const answers = new Set<string>();
  for (let turn = 0; turn < 4; turn += 1) {
    const { rows } = await fleet.query<{ count: string }>(READ, [], { maxStalenessMs: Number.POSITIVE_INFINITY });
    answers.add(rows[0]?.count ?? '');
  }
  expect(answers).toEqual(new Set(['0', '1']));

  await local.replica('blue').resumeReplay();
  await eventually(() => stateOf('blue') === 'serving');
});

test('a table that the replicas have not replayed yet is read from the primary, and that is not learned', async () => {
  await Promise.all(local.replicas.map((replica) => replica.pauseReplay()));
  const lessons: string[] = [];
  fleet.on('learned', ({ text }) => lessons.push(text));
  await fleet.write('create table fresh (n int)');
  const read = { maxStalenessMs: Number.POSITIVE_INFINITY };
  expect((await fleet.query('select n from fresh', [], read)).rows).toEqual([]);
  expect((await fleet.read('select n from fresh', [], read)).rows).toEqual([]);
  expect(lessons).toEqual([]);
  // Nor was a replica blamed, nor the next one asked.
  expect(fleet.status().members.map(({ errors }) => errors)).toEqual([0, 0, 0]);
});

test('a replica promoted behind our back gets no more reads: what it holds is no longer the primary’s', async () => {
  await local.replica('blue').promote();
  await eventually(() => stateOf('blue') === 'promoted');
  const before = reads('blue');
  for (let turn = 0; turn < 6; turn += 1) await fleet.query(READ, [], { maxStalenessMs: Number.POSITIVE_INFINITY });
  expect(reads('blue')).toBe(before);
});

test('a session that was open when its replica was promoted cannot write beside the primary', async () => {
  const client = await fleet.readPool.connect();
  const { rows } = await client.query<{ port: number }>('select inet_server_port() as port');
  const promoted = local.replicas.find(({ port }) => port === rows[0]?.port);
  await promoted?.promote();
  expect((await client.query('select pg_is_in_recovery() as standby')).rows).toEqual([{ standby: false }]);
  await expect(client.query(`insert into note (body) values ('lost')`)).rejects.toMatchObject({ code: '25006' });
  client.release();
});

test('the primary is gone: reads go on, writes fail at once, reads that need more than a replica can prove say why', async () => {
  const stop = load(() => fleet.query(READ));
  await servesAgain('blue');
  await local.primary.kill();
  await eventually(() => stateOf('primary') === 'ejected' && stateOf('blue') === 'disconnected');
  await servesAgain('blue');
  await servesAgain('green');
  expect((await stop()).failures).toEqual([]);

  await expect(fleet.write(`insert into note (body) values ('x')`)).rejects.toMatchObject({
    code: 'READFLEET_NO_WRITER',
  });
  const error: ReadfleetError = await eventually(() =>
    fleet.query(READ, [], { maxStalenessMs: 0 }).then(
      () => Promise.reject(new Error('still proved fresh')),
      (refusal) => refusal,
    ),
  );
  expect(error.code).toBe('READFLEET_NO_MEMBER');
  expect(error.trace?.attempts.map(({ member }) => member)).toEqual(['primary']);
  expect(error.trace?.passedOver.map(({ member }) => member)).toEqual(['blue', 'green']);
  expect(error.message).toMatch(/primary was asked: connect ECONNREFUSED/);

  await local.primary.restart();
  await eventually(() => stateOf('primary') === 'serving' && stateOf('blue') === 'serving');
  await fleet.write(`insert into note (body) values ('back')`);
});

test('whoever asks again at once, and again, does not keep the process from hearing that servers are back', async () => {
  // Off by hand, since what is off is refused without a question to anybody.
  const limited = await connectAgain({ bulkhead: { max: 1, queue: 0 }, closeTimeoutMs: 100 });
  const closed = await connectAgain();
  await closed.close();
  fleet.breaker('primary').forceOpen();
  for (const each of [fleet, limited]) for (const name of ['blue', 'green']) each.breaker(name).forceOpen();
  const burden = limited.query('select pg_sleep(600) from note right join (select 1) as one on true');
  burden.catch(() => undefined);
  await eventually(() => limited.status().bulkhead.active === 1);
  const refused: Record<string, () => Promise<unknown>> = {
    write: () => fleet.write('select 1'),
    read: () => fleet.query(READ),
    'strong read': () => fleet.criticalRead(READ),
    transaction: () => fleet.transaction(async () => undefined),
    'read-only transaction': () => fleet.transaction(async () => undefined, { readOnly: true }),
    pool: () => fleet.pool.query(READ),
    'client for writes': () => fleet.writePool.connect(),
    'client for reads': () => fleet.readPool.connect(),
    'read that is shed': () => limited.query(READ),
    'on a closed fleet': () => closed.query(READ),
    'write on a closed fleet': () => closed.write(READ),
    'read on a closed fleet': () => closed.readPool.query(READ),
    'transaction on a closed fleet': () => closed.transaction(async () => undefined),
    'client of a closed fleet': () => closed.writePool.connect(),
    'client that is shed': () => limited.readPool.connect(),
  };
  for (const [what, ask] of Object.entries(refused)) {
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    for (let tries = 0; tries < 100 && !turned; tries += 1) {
      await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(/^READFLEET_/) });
    }
    expect([what, turned]).toEqual([what, true]);
  }
});

test('a read-only transaction on a replica that dies fails once, and the next one runs elsewhere', async () => {
  const dying = fleet.transaction(
    async (transaction) => {
      await local.replica(transaction.member).kill();
      await transaction.query(READ);
    },
    { readOnly: true },
  );
  await expect(dying).rejects.toThrow(/terminat|not queryable|ECONNRESET/i);
  for (let turn = 0; turn < 4; turn += 1)
    await fleet.transaction((transaction) => transaction.query(READ), { readOnly: true });
});

describe('closing', () => {
  test('waits for what is under way', async () => {
    const other = await connectAgain();
    const slow = other.query('select pg_sleep(0.2)');
    await eventually(() => other.pool.totalCount > 0);
    await other.close();
    expect((await slow).rows).toHaveLength(1);
  });

  test('cuts off what takes longer than its time, and that is not tried elsewhere', async () => {
    const other = await connectAgain({ closeTimeoutMs: 100 });
    const endless = other.query('select pg_sleep(600)');
    endless.catch(() => undefined);
    await eventually(() => other.readPool.totalCount - other.readPool.idleCount === 1);
    await other.close();
    await expect(endless).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
  });

  test.each(['readPool', 'writePool'] as const)(
    'cuts off a client of %s that the app never gives back, and ends',
    async (pool) => {
      const other = await connectAgain({ closeTimeoutMs: 100, applicationName: 'forgetful' });
      const client = await other[pool].connect();
      await client.query('select 1');
      await other.close();
      await expect(client.query('select 1')).rejects.toThrow();
      for (const member of local.members) {
        await eventually(async () => {
          const rows = await member.query("select 1 from pg_stat_activity where application_name = 'forgetful'");
          return rows.length === 0;
        });
      }
    },
  );

  test('also one whose connection broke while it was checked out', async () => {
    const other = await connectAgain({ closeTimeoutMs: 100 });
    const client = await other.readPool.connect();
    await Promise.all(local.replicas.map((replica) => replica.kill()));
    await eventually(() =>
      client.query('select 1').then(
        () => false,
        () => true,
      ),
    );
    await other.close();
  });

  test('refuses what comes after, and may be asked for again', async () => {
    const other = await connectAgain();
    await other.close();
    await expect(other.query(READ)).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
    await expect(other.write(READ)).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
    await expect(other.transaction(async () => undefined)).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
    await other.close();
  });

  test('lets the process end, also when a server is frozen and answers no goodbye', async () => {
    const script = `
      const { connect } = require('./lib');
      connect(${JSON.stringify(local.contract)}, { closeTimeoutMs: 100 }).then(async (fleet) => {
        for (let turn = 0; turn < 4; turn += 1) await fleet.query('select 1');
        process.stdin.once('data', () => { process.stdin.destroy(); fleet.close(); });
        console.log('ready');
      });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: path.join(__dirname, '..', '..') });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await local.replica('blue').freeze();
      child.stdin.write('close');
      expect(await exited).toBe(0);
    } finally {
      child.kill('SIGKILL');
      await local.replica('blue').thaw();
    }
  });
});
