import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { begun, ended, replicated, running } from '../../support/activity';
import { eventually } from '../../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
});

beforeEach(async () => {
  // One connection, so that a test can say which one it gets.
  fleet = await connect(local.contract, { pools: { primaryMax: 1 } });
  await fleet.write('create table if not exists note (body text)');
  await fleet.write('truncate note');
});

afterEach(() => fleet?.close());

afterAll(() => local?.stop());

const slow = (mark: string) => `insert into note select '${mark}' from pg_sleep(60)`;

async function pid(): Promise<unknown> {
  return (await fleet.query<{ pid: number }>('select pg_backend_pid() as pid', [], { consistency: 'strong' })).rows[0]
    ?.pid;
}

function ofPrimary() {
  return fleet.status().members[0];
}

test('a write whose time is over is cancelled on the primary, writes nothing, and its connection is kept', async () => {
  const before = await pid();
  await expect(fleet.query(slow('late'), [], { timeoutMs: 300 })).rejects.toMatchObject({
    code: 'READFLEET_TIMEOUT',
    message: expect.stringContaining('primary did not answer a write within its 300 ms'),
  });
  await ended(local.primary, 'late');
  expect(await pid()).toBe(before);
  expect((await fleet.criticalRead('select * from note')).rows).toEqual([]);
});

test('a write whose caller leaves rejects with the caller’s reason, and is cancelled on the primary', async () => {
  const controller = new AbortController();
  const before = await pid();
  const refused = expect(fleet.query(slow('left'), [], { signal: controller.signal })).rejects.toBe('left');
  await begun(local.primary, 'left');
  controller.abort('left');
  await refused;
  await ended(local.primary, 'left');
  expect(await pid()).toBe(before);
});

test('a write whose caller has left before is not sent', async () => {
  const signal = AbortSignal.abort();
  await expect(fleet.query(`insert into note values ('never')`, [], { signal })).rejects.toBe(signal.reason);
  expect((await fleet.criticalRead('select * from note')).rows).toEqual([]);
});

test('a write that waits for a connection when its caller leaves is never sent, and takes none', async () => {
  const [holding, leaving] = [new AbortController(), new AbortController()];
  const holder = fleet.query(slow('holds on'), [], { signal: holding.signal }).catch(() => 'given up');
  await begun(local.primary, 'holds on');
  const waiting = fleet.query(`insert into note values ('in vain')`, [], { signal: leaving.signal });
  leaving.abort();
  await expect(waiting).rejects.toBe(leaving.signal.reason);
  holding.abort();
  expect(await holder).toBe('given up');
  expect((await fleet.criticalRead('select * from note')).rows).toEqual([]);
  await eventually(() => ofPrimary()?.pool.idle === 1 && ofPrimary()?.pool.waiting === 0);
});

test('a write that ends in time leaves no listener and answers as any', async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, 'addEventListener');
  const removed = jest.spyOn(signal, 'removeEventListener');
  const bounds = { signal, timeoutMs: 60_000 };
  expect((await fleet.query(`insert into note values ('one') returning body`, [], bounds)).rows).toEqual([
    { body: 'one' },
  ]);
  await expect(fleet.query('insert into note values (1, 2)', [], bounds)).rejects.toMatchObject({ code: '42601' });
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(added.mock.calls.map(([, listener]) => listener));
  expect(added).toHaveBeenCalledTimes(2);
});

test('options that are wrong are refused for writes too, and nothing is sent', async () => {
  const write = fleet.query(`insert into note values ('never')`, [], { timeoutMs: 'soon' } as never);
  await expect(write).rejects.toMatchObject({ code: 'READFLEET_OPTIONS_INVALID' });
  expect((await fleet.criticalRead('select * from note')).rows).toEqual([]);
});

test('a write whose connection is lost on the way is not sent again: whether it was done is not known', async () => {
  const lost = expect(fleet.write(slow('once'))).rejects.toMatchObject({ code: '57P01' });
  await begun(local.primary, 'once');
  await local.primary.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where position('once' in query) > 0 and pid <> pg_backend_pid()`,
  );
  await lost;
  await ended(local.primary, 'once');
  expect(ofPrimary()).toMatchObject({ errors: 1 });
  expect(await running(local.primary, 'once')).toBe(0);
});

test('a statement’s own error is the caller’s, and no error of the primary', async () => {
  await expect(fleet.write('insert into nowhere values (1)')).rejects.toMatchObject({ code: '42P01' });
  expect(ofPrimary()).toMatchObject({ errors: 0 });
});

describe('while the primary is down', () => {
  beforeEach(async () => {
    await replicated(local.primary, local.replicas);
    await local.primary.kill();
    await eventually(() => fleet.status().members[0]?.state.kind === 'ejected');
    await eventually(() =>
      fleet.write('select 1 for update').then(
        () => false,
        (error: { code?: string }) => error.code === 'READFLEET_NO_WRITER',
      ),
    );
  });

  afterEach(() => local.primary.restart());

  test('a write fails at once, says why, and that nothing was sent', async () => {
    await expect(fleet.write(`insert into note values ('x')`)).rejects.toMatchObject({
      code: 'READFLEET_NO_WRITER',
      message: expect.stringMatching(/^primary cannot be written: it does not answer: .*Nothing was sent/),
      trace: { passedOver: [{ member: 'primary', reason: expect.stringContaining('does not answer') }] },
    });
  });

  test('a transaction that writes does too, before its work has begun', async () => {
    const work = jest.fn();
    await expect(fleet.transaction(work)).rejects.toMatchObject({ code: 'READFLEET_NO_WRITER' });
    expect(work).not.toHaveBeenCalled();
  });

  test('a session whose write was refused may still be read: there is nothing that it wrote', async () => {
    await fleet.session(async () => {
      await expect(fleet.write(`insert into note values ('x')`)).rejects.toMatchObject({ code: 'READFLEET_NO_WRITER' });
      // Once the replica was seen to have all that the primary had.
      const read = await eventually(() => fleet.query('select count(*)::int as n from note'));
      expect(read.rows).toEqual([{ n: 0 }]);
    });
  });
});
