import { type ConnectOptions, connect, type Fleet, type FleetContract, type MemberStatus } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { keepAsking } from '../support/load';

const READ = 'select count(*) from note';
const NO_WRITER = { code: 'READFLEET_NO_WRITER' };

let local: LocalFleet;
let fleet: Fleet;
let ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  fleet = await connectAgain();
  // No key: a write that was run twice is to be seen.
  await fleet.write('create table note (id int, body text)');
  await eventually(() => fleet.readPool.query(READ).then(() => fleet.readPool.query(READ)));
});

afterEach(async () => {
  const ended = ends.map((end) => end());
  ends = [];
  await local?.stop();
  await Promise.all(ended);
});

/** Closed after the test, whatever becomes of it. */
async function connectAgain(contract = local.contract, options: ConnectOptions = {}): Promise<Fleet> {
  const opened = await connect(contract, options);
  ends.push(() => opened.close());
  return opened;
}

function status(name: string, of = fleet): MemberStatus | undefined {
  return of.status().members.find((member) => member.name === name);
}

const stateOf = (name: string, of = fleet) => status(name, of)?.state.kind;
const writerOf = (of = fleet) =>
  of.status().members.find(({ role, state }) => role === 'primary' && state.kind !== 'fenced')?.name;

/** Resolves when the primary is known to be gone: until then a write may be on its way to it. */
const refusesWrites = (of = fleet) =>
  eventually(() => expect(of.write('select 1')).rejects.toMatchObject(NO_WRITER), { timeoutMs: 10_000 });
const writesTo = (name: string, of = fleet) =>
  eventually(() => writerOf(of) === name && stateOf(name, of) === 'serving');

/** Writes one row after the other, each with a number of its own, and remembers what became of it. */
function keepWriting() {
  const acknowledged: number[] = [];
  const refused: unknown[] = [];
  const unknown: unknown[] = [];
  let last = performance.now();
  let longestStallMs = 0;
  const stop = keepAsking(2, async (id) => {
    try {
      await fleet.write('insert into note (id) values ($1)', [id]);
      acknowledged.push(id);
      longestStallMs = Math.max(longestStallMs, performance.now() - last);
      last = performance.now();
    } catch (error) {
      const { code } = error as { code?: string };
      // Nothing was sent either where no connection could be had.
      (code === NO_WRITER.code || code === 'ECONNREFUSED' ? refused : unknown).push(error);
      // Refused at once: time for others.
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const end = async () => {
    await stop();
    return { acknowledged, refused, unknown, longestStallMs };
  };
  ends.push(end);
  return { acknowledged, refused, end };
}

function keepReading() {
  const end = keepAsking(8, () => fleet.query(READ));
  ends.push(end);
  return end;
}

describe('the primary is killed and a replica promoted', () => {
  test('under load: no read fails, writes are refused at once and then go on at the new primary, and none is done twice', async () => {
    const told: string[] = [];
    fleet.on('failover', ({ from, to, reason }) => told.push(`${from} -> ${to}: ${reason}`));
    const endReads = keepReading();
    const writes = keepWriting();
    await eventually(() => writes.acknowledged.length > 20);

    const connections = status('primary')?.pool.total ?? 0;
    await local.primary.kill();
    await eventually(() => writes.refused.length > 0);
    const before = writes.acknowledged.length;
    await local.failOver('blue');
    await eventually(() => writes.acknowledged.length > before + 20);

    expect((await endReads()).failures).toEqual([]);
    const { acknowledged, refused, unknown, longestStallMs } = await writes.end();
    console.log(
      `failover: longest stall of writes ${Math.round(longestStallMs)} ms, ${acknowledged.length} acknowledged, ` +
        `${refused.length} refused, ${unknown.length} of unknown fate`,
    );
    // Each connection breaks once, under whatever is sent on it before that is noticed; and each of the two writers may meet one that breaks as it opens.
    expect(unknown.length).toBeLessThanOrEqual(connections + 2);
    expect(writerOf()).toBe('blue');
    expect(stateOf('primary')).toBe('fenced');
    expect(told).toEqual([
      expect.stringMatching(/^primary -> blue: primary has not answered for \d+ ms; blue was promoted on timeline 2/),
    ]);

    const rows = await local.primary.query<{ id: number }>('select id from note');
    const written = rows.map(({ id }) => id);
    expect(new Set(written).size).toBe(written.length);
    // Of the confirmed ones from before, replication may owe the last.
    expect(written).toEqual(expect.arrayContaining(acknowledged.slice(before)));
  });

  test('transactions are refused while nobody is the primary, and run at the new one', async () => {
    await local.primary.kill();
    await refusesWrites();
    const insert = () => fleet.transaction((transaction) => transaction.query('insert into note values (1)'));
    await expect(insert()).rejects.toMatchObject(NO_WRITER);
    await expect(fleet.query('insert into note values (1)')).rejects.toMatchObject(NO_WRITER);
    await expect(fleet.pool.query('insert into note values (1)')).rejects.toMatchObject(NO_WRITER);
    await local.failOver('blue');
    await writesTo('blue');
    await insert();
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
  });

  test('a transaction that was open at the old primary fails, and is not begun again at the new one', async () => {
    let begun = 0;
    const outcome = fleet.transaction(async (transaction) => {
      begun += 1;
      await transaction.query('insert into note values (1)');
      await local.primary.kill();
      await local.failOver('blue');
      await writesTo('blue');
      await transaction.query('insert into note values (2)');
    });
    await expect(outcome).rejects.toThrow();
    expect(begun).toBe(1);
    expect(await local.primary.query('select id from note')).toEqual([]);
  });

  test('a process that starts with the contract of before finds the new primary, since a replica follows it', async () => {
    const { contract } = local;
    await local.primary.kill();
    await local.failOver('green');
    const late = await connectAgain(contract);
    await writesTo('green', late);
    await late.write('insert into note values (1)');
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
  });

  test('while nobody is promoted, that is told once', async () => {
    const told: string[] = [];
    fleet.on('leaderless', ({ reason }) => told.push(reason));
    await local.primary.kill();
    await eventually(() => told.length > 0);
    for (let turn = 0; turn < 5; turn += 1) await fleet.internals.members.round();
    expect(told).toEqual([
      expect.stringMatching(/^primary has not answered for \d+ ms, and no reader that answers has been promoted$/),
    ]);
  });

  test('an orderly one, before the primary stops: it is written until it stops, and the replica that others follow succeeds it', async () => {
    const old = local.primary;
    await local.failOver('blue');
    await eventually(() => stateOf('blue') === 'promoted');
    await fleet.internals.members.round();
    expect(writerOf()).toBe('primary');
    await old.stop();
    await writesTo('blue');
    await fleet.write('insert into note values (1)');
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
  });

  test('a second failover finds the next primary', async () => {
    await local.primary.kill();
    await local.failOver('blue');
    await writesTo('blue');
    await local.primary.kill();
    await refusesWrites();
    await local.failOver('green');
    await writesTo('green');
    await fleet.write('insert into note values (1)');
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
  });
});

describe('the old primary comes back', () => {
  beforeEach(async () => {
    await local.primary.kill();
    await local.failOver('blue');
    await writesTo('blue');
    await eventually(() => stateOf('green') === 'serving');
  });

  test('on its old timeline: neither read nor written, also when it has rows that nobody else has', async () => {
    const old = local.member('primary');
    await old.restart();
    await old.query('insert into note select 1 from generate_series(1, 100)');
    const { reads, writes } = status('primary') as MemberStatus;

    const answers = new Set<unknown>();
    for (let turn = 0; turn < 30; turn += 1) {
      for (const maxStalenessMs of [1_000, Number.POSITIVE_INFINITY]) {
        answers.add((await fleet.query<{ count: string }>(READ, [], { maxStalenessMs })).rows[0]?.count);
      }
      await fleet.write(`update note set body = 'x'`);
      await fleet.internals.members.round();
    }

    expect(answers).toEqual(new Set(['0']));
    expect(status('primary')).toMatchObject({ reads, writes, state: { kind: 'fenced' } });
    expect(writerOf()).toBe('blue');
  });

  test('as a standby of the new one: it serves reads, and takes no writes', async () => {
    await local.rejoin('primary');
    await eventually(() => status('primary')?.role === 'replica' && stateOf('primary') === 'serving');
    await eventually(async () => {
      await fleet.query(READ);
      expect(status('primary')?.reads).toBeGreaterThan(0);
    });
    expect(writerOf()).toBe('blue');
    expect(
      fleet
        .status()
        .members.map(({ name }) => name)
        .sort(),
    ).toEqual(['blue', 'green', 'primary']);
  });

  test('and may be the primary again', async () => {
    await local.rejoin('primary');
    await eventually(() => status('primary')?.role === 'replica' && stateOf('primary') === 'serving');
    await local.primary.kill();
    await refusesWrites();
    await local.failOver('primary');
    await writesTo('primary');
    await fleet.write('insert into note values (1)');
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
  });
});

describe('a frozen primary, which takes connections and never answers', () => {
  test('is succeeded, what waits for it fails, and once it thaws it is left alone', async () => {
    const endReads = keepReading();
    const old = local.primary;
    await old.freeze();
    const lost = fleet.write('insert into note values (99)').catch((error) => error);
    await refusesWrites();
    await local.failOver('blue');
    await writesTo('blue');
    expect(await lost).toBeInstanceOf(Error);
    await fleet.write('insert into note values (1)');

    await old.thaw();
    await eventually(async () =>
      expect(await old.query('select pg_is_in_recovery() as standby')).toEqual([{ standby: false }]),
    );
    for (let turn = 0; turn < 5; turn += 1) await fleet.internals.members.round();
    await fleet.write('insert into note values (2)');
    expect(writerOf()).toBe('blue');
    expect((await endReads()).failures).toEqual([]);
    expect(await local.primary.query('select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});

test('a writer that is in recovery, since the contract came before its promotion: writes are refused until it is promoted', async () => {
  const old = local.primary;
  const [writer, ...readers] = local.contract.readers;
  if (!writer) throw new Error('a contract with readers was expected');
  const early = await connectAgain({ ...local.contract, writer, readers });
  const told: string[] = [];
  early.on('leaderless', ({ reason }) => told.push(reason));
  expect(stateOf('blue', early)).toBe('demoted');
  await expect(early.write('insert into note values (1)')).rejects.toMatchObject(NO_WRITER);
  await eventually(() => expect(told).toEqual(['blue is in recovery, and no reader that answers has been promoted']));

  await old.kill();
  await local.failOver('blue');
  await writesTo('blue', early);
  await early.write('insert into note values (1)');
  expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
});

describe('a write that waits for a connection of a frozen primary', () => {
  test('is refused, and not sent when that thaws after it was succeeded', async () => {
    const narrow = await connectAgain(local.contract, { pools: { primaryMax: 1, connectTimeoutMs: 60_000 } });
    const old = local.primary;
    await old.freeze();
    const sent = narrow.write('insert into note values (1)').catch((error) => error);
    const waiting = narrow.write('insert into note values (2)').catch((error) => error);
    await eventually(() => stateOf('primary', narrow) === 'ejected');
    await local.failOver('blue');
    await writesTo('blue', narrow);
    expect((await sent).message).toMatch(/terminated/);

    await old.thaw();
    expect(await waiting).toMatchObject({ ...NO_WRITER, message: expect.stringContaining('try again, at blue') });
    expect(await old.query('select id from note where id = 2')).toEqual([]);
    expect(await local.primary.query('select id from note')).toEqual([]);
  });
});

describe('an accidental promotion', () => {
  test('while the primary lives changes nothing, also when the primary is lost afterwards and comes back', async () => {
    await local.replica('blue').promote();
    await eventually(() => stateOf('blue') === 'promoted');
    // One more answer of the primary: only then it is known to have lived.
    await fleet.internals.members.round();
    await fleet.write('insert into note values (1)');
    expect(writerOf()).toBe('primary');

    const leaderless: string[] = [];
    fleet.on('leaderless', ({ reason }) => leaderless.push(reason));
    await local.primary.kill();
    await refusesWrites();
    await eventually(() => leaderless.some((reason) => /blue was promoted beside primary/.test(reason)));
    for (let turn = 0; turn < 5; turn += 1) await fleet.internals.members.round();
    expect(writerOf()).toBe('primary');
    expect(stateOf('blue')).toBe('promoted');

    await local.primary.restart();
    await writesTo('primary');
    await fleet.write('insert into note values (2)');
    expect(await local.primary.query('select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('does not keep the other replica from the succession', async () => {
    await local.replica('blue').promote();
    await eventually(() => stateOf('blue') === 'promoted');
    await fleet.internals.members.round();
    await local.primary.kill();
    await refusesWrites();
    await local.replica('green').promote();
    await writesTo('green');
    await fleet.write('insert into note values (1)');
    expect(await local.replica('green').query('select id from note')).toEqual([{ id: 1 }]);
    expect(await local.replica('blue').query('select id from note')).toEqual([]);
  });
});

describe('a contract that is loaded again', () => {
  let contract: FleetContract;
  let told: Fleet;
  const members = () => told.status().members.map(({ name, role }) => `${name}: ${role}`);

  beforeEach(async () => {
    contract = local.contract;
    told = await connect(() => contract);
    ends.push(() => told.close());
  });

  async function take(next: FleetContract): Promise<void> {
    contract = next;
    await told.reload();
  }

  test('after a failover names what is so already: nothing is connected anew, and the old primary is dropped', async () => {
    await local.primary.kill();
    await local.failOver('blue');
    await writesTo('blue', told);
    const { writer } = told.internals.members;
    expect(members()).toEqual(['blue: primary', 'green: replica', 'primary: primary']);
    await take(local.contract);
    expect(members()).toEqual(['blue: primary', 'green: replica']);
    expect(told.internals.members.writer).toBe(writer);
    await told.write('insert into note values (1)');
  });

  test('that wants the old primary back as a replica has it wait until it is one', async () => {
    const old = contract.writer;
    await local.primary.kill();
    await local.failOver('blue');
    await writesTo('blue', told);
    await take({ ...local.contract, readers: [...local.contract.readers, old] });
    expect(stateOf('primary', told)).toBe('fenced');
    await local.rejoin('primary');
    await eventually(() => stateOf('primary', told) === 'serving');
    expect(members().sort()).toEqual(['blue: primary', 'green: replica', 'primary: replica']);
  });

  test('before a failover was noticed makes its writer the writer at once', async () => {
    await local.failOver('blue');
    await take({ ...local.contract, readers: [...local.contract.readers, contract.writer] });
    await writesTo('blue', told);
    await told.write('insert into note values (1)');
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
    expect(members().sort()).toEqual(['blue: primary', 'green: replica', 'primary: replica']);
    // As a reader it is a primary on a timeline of its own.
    await eventually(() => stateOf('primary', told) === 'promoted');
  });

  test('that takes a failover back', async () => {
    const before = contract;
    await local.primary.kill();
    await local.failOver('blue');
    await writesTo('blue', told);
    await take(local.contract);
    await local.rejoin('primary');
    await local.failOver('primary');
    await take(before);
    await writesTo('primary', told);
    await told.write('insert into note values (1)');
    expect(await local.primary.query('select id from note')).toEqual([{ id: 1 }]);
    expect(members()).toEqual(['primary: primary', 'green: replica', 'blue: replica']);
  });

  test('that names a third writer keeps the one that was adopted as the reader it was', async () => {
    const before = contract;
    await local.primary.kill();
    await local.failOver('blue');
    await writesTo('blue', told);
    await local.failOver('green');
    const [blue, green] = before.readers;
    if (!blue || !green) throw new Error('a contract with two readers was expected');
    await take({ ...before, writer: green, readers: [blue] });
    await writesTo('green', told);
    expect(members()).toEqual(['green: primary', 'blue: replica']);
  });

  test('settles what nobody can prove: of two that were promoted at once, it says who writes', async () => {
    await local.primary.kill();
    await refusesWrites(told);
    await Promise.all(local.replicas.map((replica) => replica.promote()));
    await eventually(() => stateOf('blue', told) === 'promoted' && stateOf('green', told) === 'promoted');
    await expect(told.write('insert into note values (1)')).rejects.toMatchObject(NO_WRITER);

    const green = contract.readers.find(({ name }) => name === 'green') ?? contract.writer;
    await take({ ...contract, writer: green, readers: [] });
    await writesTo('green', told);
    await told.write('insert into note values (1)');
    expect(await local.replica('green').query('select id from note')).toEqual([{ id: 1 }]);
    expect(members()).toEqual(['green: primary']);
  });
});
