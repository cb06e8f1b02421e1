import { type BreakerState, connect, type Fleet, type MemberState } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { begun, replicated } from '../support/activity';
import { memberOf, readsDuring, times } from '../support/counts';
import { eventually } from '../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  // Dawdles on replicas alone.
  await local.primary.query(
    `create function dawdle_there(mark text) returns text language plpgsql stable as
     $$ begin if pg_is_in_recovery() then perform pg_sleep(60); end if; return 'answered'; end $$`,
  );
  await local.primary.query('create table note (body text)');
  await replicated(local.primary, local.replicas);
});

afterAll(() => local?.stop());

beforeEach(async () => {
  fleet = await connect(local.contract, { balancer: 'round-robin' });
});

afterEach(() => fleet?.close());

const read = (of: Fleet = fleet) => of.query('select 1 as one');

test('no member of that name: the error says which there are', () => {
  expect(() => fleet.breaker('red')).toThrow(
    expect.objectContaining({
      code: 'READFLEET_NO_SUCH_MEMBER',
      message: expect.stringContaining('It has: primary, blue, green.'),
    }),
  );
});

describe('opened by hand', () => {
  test('a replica takes no reads, says so, and takes them again after reset()', async () => {
    const told: [string, BreakerState['kind'], BreakerState['kind']][] = [];
    fleet.on('breaker', ({ member, from, to }) => told.push([member, from.kind, to.kind]));
    fleet.breaker('blue').forceOpen();
    expect(memberOf(fleet, 'blue')).toMatchObject({
      state: { kind: 'ejected', reason: 'its breaker was opened by hand' },
      breaker: { state: 'open', forced: 'open' },
    });
    expect(await readsDuring(fleet, () => times(6, () => read()))).toEqual({ primary: 0, blue: 0, green: 6 });

    fleet.breaker('blue').reset();
    expect(memberOf(fleet, 'blue')).toMatchObject({
      state: { kind: 'serving' },
      breaker: { state: 'closed', forced: undefined },
    });
    expect((await readsDuring(fleet, () => times(40, () => read()))).blue).toBeGreaterThan(0);
    await eventually(() => told.length === 2);
    expect(told).toEqual([
      ['blue', 'closed', 'open'],
      ['blue', 'open', 'closed'],
    ]);
  });

  test('it stays so, whatever the watch sees of it', async () => {
    fleet.breaker('blue').forceOpen();
    const seen: MemberState['kind'][] = [];
    fleet.on('state', ({ member, to }) => member === 'blue' && seen.push(to.kind));
    await fleet.internals.members.round();
    await fleet.internals.members.round();
    expect(memberOf(fleet, 'blue').state.kind).toBe('ejected');
    expect(seen).not.toContain('serving');
  });

  test('when no replica is left the primary serves, and the fallback says why', async () => {
    const reasons: string[][] = [];
    fleet.on('fallback', ({ passedOver }) => reasons.push(passedOver.map(({ reason }) => reason)));
    for (const name of ['blue', 'green']) fleet.breaker(name).forceOpen();
    expect(await readsDuring(fleet, () => read())).toEqual({ primary: 1, blue: 0, green: 0 });
    await eventually(() => reasons.length === 1);
    expect(reasons).toEqual([Array(2).fill('its breaker was opened by hand')]);
  });

  test('the primary takes no writes, no strong reads and no fallback, and each error says so', async () => {
    fleet.breaker('primary').forceOpen();
    const writes = memberOf(fleet, 'primary');
    for (const ask of [
      () => fleet.write(`insert into note values ('x')`),
      () => fleet.query(`insert into note values ('x')`),
      () => fleet.transaction(async (transaction) => transaction.query('select 1')),
      () => fleet.writePool.query('select 1'),
    ]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'READFLEET_BREAKER_OPEN',
        message: expect.stringContaining(`Call breaker('primary').reset()`),
      });
    }
    await expect(fleet.criticalRead('select 1')).rejects.toMatchObject({
      code: 'READFLEET_NO_MEMBER',
      trace: { passedOver: [{ member: 'primary', reason: 'its breaker was opened by hand' }] },
    });
    expect(await readsDuring(fleet, () => read())).toMatchObject({ primary: 0 });
    for (const name of ['blue', 'green']) fleet.breaker(name).forceOpen();
    await expect(read()).rejects.toMatchObject({ code: 'READFLEET_NO_MEMBER', trace: { attempts: [] } });
    expect(memberOf(fleet, 'primary')).toMatchObject({ reads: 0, errors: writes.errors });

    fleet.breaker('primary').reset();
    await fleet.write(`insert into note values ('x')`);
  });

  test('what a standby does not know is not asked of such a primary', async () => {
    fleet.breaker('primary').forceOpen();
    await expect(fleet.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01' });
    expect(memberOf(fleet, 'primary').reads).toBe(0);
  });
});

/** Has the server end the session of a read that is under way on blue; the primary then answers it. */
async function failOnce(of: Fleet, mark: string): Promise<void> {
  const asked = of.query(`select dawdle_there('${mark}') as said`, [], { maxStalenessMs: Number.POSITIVE_INFINITY });
  await begun(local.replica('blue'), mark);
  await local
    .replica('blue')
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity where position($1 in query) > 0 and pid <> pg_backend_pid()`,
      [mark],
    );
  expect((await asked).rows).toEqual([{ said: 'answered' }]);
  // The watch sees that it lives.
  await eventually(() => of.internals.members.readers[0]?.facts.failure === undefined);
}

describe('by itself', () => {
  let alone: Fleet;

  beforeEach(async () => {
    const { contract } = local;
    alone = await connect(
      { ...contract, readers: contract.readers.filter(({ name }) => name === 'blue') },
      { maxStalenessMs: Number.POSITIVE_INFINITY, breaker: { openMs: 300, successes: 2 } },
    );
  });

  afterEach(() => alone?.close());

  test('it opens after three failures in a row, though the watch sees the member alive, and closes after trials that succeed', async () => {
    await failOnce(alone, 'first of three');
    await failOnce(alone, 'second of three');
    expect(memberOf(alone, 'blue').breaker.state).toBe('closed');
    await failOnce(alone, 'third of three');
    expect(memberOf(alone, 'blue')).toMatchObject({
      state: { kind: 'ejected', reason: 'its breaker is open' },
      breaker: { state: 'open', forced: undefined },
      errors: 3,
    });
    expect(await readsDuring(alone, () => read(alone))).toEqual({ primary: 1, blue: 0 });

    await eventually(() => memberOf(alone, 'blue').breaker.state === 'half-open');
    await eventually(async () => {
      await read(alone);
      return memberOf(alone, 'blue').breaker.state === 'closed';
    });
    await eventually(() => memberOf(alone, 'blue').state.kind === 'serving');
  });

  test('it does not open for errors of statements, nor for reads that were given up', async () => {
    await times(5, () => expect(alone.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' }));
    await times(4, () =>
      expect(alone.query('select pg_sleep(60)', [], { timeoutMs: 20 })).rejects.toMatchObject({
        code: 'READFLEET_TIMEOUT',
      }),
    );
    expect(memberOf(alone, 'blue').breaker.state).toBe('closed');
  });

  test('it never opens while it is forced closed', async () => {
    alone.breaker('blue').forceClosed();
    expect(memberOf(alone, 'blue').breaker).toEqual({ state: 'closed', forced: 'closed' });
    await times(4, (turn) => failOnce(alone, `forced closed ${turn}`));
    expect(memberOf(alone, 'blue').breaker.state).toBe('closed');
  });
});
