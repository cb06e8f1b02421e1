import { type ConnectOptions, connect, type Fleet, type ReadOptions } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { begun, ended, replicated, running } from '../../support/activity';
import { eventually } from '../../support/eventually';

const PID = 'select pg_backend_pid() as pid';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connectWith({});
  // Volatile by default, so nobody knows that it is a read.
  await fleet.write(
    'create function dawdle(mark text) returns void language plpgsql as $$ begin perform pg_sleep(60); end $$',
  );
  await replicated(local.primary, local.replicas);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

/** One connection to each member, so that a test can say which one it gets. */
function connectWith(options: ConnectOptions): Promise<Fleet> {
  return connect(local.contract, { pools: { replicaMax: 1, primaryMax: 1 }, ...options });
}

function pool(name: string) {
  return fleet.status().members.find((member) => member.name === name)?.pool;
}

/** The three ways of a read, each with the member on which it dawdles. */
const WAYS: [string, string, (mark: string, read: ReadOptions) => Promise<unknown>][] = [
  ['a read on a replica', 'blue', (mark, read) => fleet.query(`select pg_sleep(60), '${mark}'`, [], read)],
  [
    'a read on the primary',
    'primary',
    (mark, read) => fleet.query(`select pg_sleep(60), '${mark}'`, [], { consistency: 'strong', ...read }),
  ],
  [
    'on the primary what is only called a read',
    'primary',
    (mark, read) => fleet.read(`select dawdle('${mark}')`, [], { consistency: 'strong', ...read }),
  ],
];

describe.each(WAYS)('%s', (_, name, ask) => {
  const member = () => local.members.find((other) => other.name === name) ?? local.primary;
  const strong: ReadOptions = name === 'primary' ? { consistency: 'strong' } : {};
  const pid = async () => (await fleet.query(PID, [], strong)).rows[0]?.pid;

  test('is cancelled on its server when its time is over, and its connection is kept', async () => {
    const before = await pid();
    await expect(ask('out of time', { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'READFLEET_TIMEOUT',
      message: expect.stringContaining(`${name} was asked: no answer within the time`),
      trace: { attempts: [{ member: name, error: 'no answer within the time' }] },
    });
    await ended(member(), 'out of time');
    expect(await pid()).toBe(before);
    expect(fleet.status().members.map(({ errors }) => errors)).toEqual([0, 0]);
  });

  test('is cancelled on its server when its caller leaves, with the caller’s reason, and its connection is kept', async () => {
    const before = await pid();
    const controller = new AbortController();
    const reason = new Error('left');
    const read = ask('left alone', { signal: controller.signal });
    const refused = expect(read).rejects.toBe(reason);
    await begun(member(), 'left alone');
    controller.abort(reason);
    await refused;
    await ended(member(), 'left alone');
    expect(await pid()).toBe(before);
  });

  test('is never sent when its caller has left before', async () => {
    const signal = AbortSignal.abort();
    await expect(ask('never sent', { signal })).rejects.toBe(signal.reason);
    expect(await running(member(), 'never sent')).toBe(0);
    expect(pool(name)?.waiting).toBe(0);
  });

  test('does not take the connection that it was waiting for when its caller left', async () => {
    const controller = new AbortController();
    const other = new AbortController();
    const holder = ask('holds on', { signal: other.signal }).catch(() => 'given up');
    await begun(member(), 'holds on');
    const waiting = ask('waits in vain', { signal: controller.signal });
    const next = pid();
    controller.abort();
    await expect(waiting).rejects.toBe(controller.signal.reason);
    other.abort();
    expect(await holder).toBe('given up');
    expect(await next).toEqual(expect.any(Number));
    expect(await running(member(), 'waits in vain')).toBe(0);
    await eventually(() => pool(name)?.idle === 1 && pool(name)?.waiting === 0);
  });
});

test('a read that a standby cannot serve is cancelled on the primary as well', async () => {
  await fleet.write('create table only_here (id int)');
  await local.replica('blue').pauseReplay();
  try {
    await fleet.write('create table newer (id int)');
    const read = fleet.query(`select pg_sleep(60), 'too new' from (select 1 union select id from newer) r`, [], {
      timeoutMs: 500,
      maxStalenessMs: Number.POSITIVE_INFINITY,
    });
    await expect(read).rejects.toMatchObject({ code: 'READFLEET_TIMEOUT' });
    await ended(local.primary, 'too new');
  } finally {
    await local.replica('blue').resumeReplay();
  }
});

test('an attempt that takes too long is cancelled on its server, and another member answers', async () => {
  // The same statement dawdles on the replica alone.
  await fleet.write(
    `create function dawdle_there(mark text) returns text language plpgsql stable as
     $$ begin if pg_is_in_recovery() then perform pg_sleep(60); end if; return 'answered'; end $$`,
  );
  await replicated(local.primary, local.replicas);
  const other = await connectWith({});
  try {
    const asked = await other.query(`select dawdle_there('one attempt') as said`, [], { attemptTimeoutMs: 300 });
    expect(asked.rows).toEqual([{ said: 'answered' }]);
    await ended(local.replica('blue'), 'one attempt');
    expect(other.status().members.map(({ name, reads, errors }) => [name, reads, errors])).toEqual([
      ['primary', 1, 0],
      ['blue', 0, 1],
    ]);
  } finally {
    await other.close();
  }
});

test('a time that the fleet, or an endpoint, sets holds for reads that set none', async () => {
  const other = await connectWith({ timeoutMs: 300, endpoints: { report: { timeoutMs: 400 } } });
  try {
    await expect(other.query('select pg_sleep(60)')).rejects.toThrow(/within its 300 ms/);
    await expect(other.query('select pg_sleep(60)', [], { endpoint: 'report' })).rejects.toThrow(/within its 400 ms/);
    expect((await other.query(PID, [], { timeoutMs: 10_000 })).rowCount).toBe(1);
  } finally {
    await other.close();
  }
});
