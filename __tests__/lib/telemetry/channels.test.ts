import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { channels, connect, type Decision, type Fleet, type Outcome, type StatementEnd } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';

let local: LocalFleet;
let fleet: Fleet;
let unsubscribers: (() => void)[] = [];

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'], fleet: 'orders', environment: 'laptop' });
  await local.primary.query('create table note (body text)');
});

afterAll(() => local?.stop());

beforeEach(async () => {
  fleet = await connect(local.contract);
});

afterEach(async () => {
  for (const stop of unsubscribers) stop();
  unsubscribers = [];
  await fleet?.close();
});

/** What is published from now until the end of the test. */
function listen<Message>(name: string): Message[] {
  const messages: Message[] = [];
  const listener = (message: unknown) => messages.push(message as Message);
  subscribe(name, listener);
  unsubscribers.push(() => unsubscribe(name, listener));
  return messages;
}

const NAME = { fleet: 'orders', environment: 'laptop' };
const ON_REPLICA: Decision = {
  ...NAME,
  endpoint: undefined,
  kind: 'read',
  member: 'blue',
  target: 'replica',
  reason: 'replica',
  passedOver: [],
  ms: expect.any(Number) as unknown as number,
};

describe('readfleet:decision', () => {
  test('a read on a replica, with its endpoint', async () => {
    const decisions = listen<Decision>('readfleet:decision');
    await fleet.query('select 1', [], { endpoint: 'shop' });
    expect(decisions).toEqual([{ ...ON_REPLICA, endpoint: 'shop' }]);
  });

  test('a read that falls back, with the reason of each replica', async () => {
    fleet.breaker('blue').forceOpen();
    const decisions = listen<Decision>('readfleet:decision');
    await fleet.query('select 1');
    expect(decisions).toEqual([
      {
        ...ON_REPLICA,
        member: 'primary',
        target: 'primary',
        reason: 'fallback',
        passedOver: [{ member: 'blue', reason: 'its breaker was opened by hand' }],
      },
    ]);
  });

  test('a read that asked for the primary, and why', async () => {
    fleet.flags.disable('closed');
    fleet.flags.rollout('none', 0);
    const decisions = listen<Decision>('readfleet:decision');
    await fleet.criticalRead('select 1');
    await fleet.query('select 1', [], { endpoint: 'closed' });
    await fleet.query('select 1', [], { endpoint: 'none' });
    fleet.flags.disableAll();
    await fleet.read('select 1');
    expect(decisions.map(({ member, reason, passedOver }) => [member, reason, passedOver])).toEqual([
      ['primary', 'strong', []],
      ['primary', 'endpoint disabled', []],
      ['primary', 'not in the rollout', []],
      ['primary', 'switched off', []],
    ]);
  });

  test('a read of a fleet without replicas', async () => {
    const alone = await connect({ ...local.contract, readers: [] });
    const decisions = listen<Decision>('readfleet:decision');
    await alone.query('select 1');
    await alone.close();
    expect(decisions).toMatchObject([{ member: 'primary', target: 'primary', reason: 'no replicas', kind: 'read' }]);
  });

  test('a write, with what makes it one', async () => {
    const decisions = listen<Decision>('readfleet:decision');
    await fleet.query(`insert into note values ('x')`, [], { endpoint: 'shop' });
    expect(decisions).toEqual([
      {
        ...ON_REPLICA,
        endpoint: 'shop',
        kind: 'write',
        member: 'primary',
        target: 'primary',
        reason: 'writes',
      },
    ]);
  });

  test('a transaction, by what it may do', async () => {
    const decisions = listen<Decision>('readfleet:decision');
    await fleet.transaction((transaction) => transaction.query('select 1'), { endpoint: 'shop' });
    await fleet.transaction((transaction) => transaction.query('select 1'), { readOnly: true });
    await fleet.transaction((transaction) => transaction.query('select 1'), {
      readOnly: true,
      isolation: 'serializable',
    });
    expect(decisions.map(({ kind, member, reason, endpoint }) => [kind, member, reason, endpoint])).toEqual([
      ['write', 'primary', 'transaction', 'shop'],
      ['read', 'blue', 'replica', undefined],
      ['read', 'primary', 'isolation', undefined],
    ]);
  });

  test('a client that is checked out, once, by where its connection leads', async () => {
    const decisions = listen<Decision>('readfleet:decision');
    const writer = await fleet.writePool.connect();
    await writer.query('begin');
    await writer.query(`insert into note values ('x')`);
    await writer.query('commit');
    writer.release();
    const reader = await fleet.readPool.connect();
    await reader.query('select 1');
    reader.release();
    expect(decisions.map(({ kind, member, reason, ms }) => [kind, member, reason, ms])).toEqual([
      ['write', 'primary', 'client', undefined],
      ['read', 'blue', 'replica', undefined],
    ]);
  });

  test('each attempt of one read', async () => {
    const other = await connect(local.contract, { pools: { replicaMax: 1, connectTimeoutMs: 200 } });
    const client = await other.readPool.connect();
    try {
      await client.query('select 1 from note');
      const decisions = listen<Decision>('readfleet:decision');
      await other.query('select 1 from note');
      expect(decisions.map(({ member, reason, ms }) => [member, reason, ms])).toEqual([
        ['blue', 'replica', expect.any(Number)],
        ['primary', 'fallback', undefined],
      ]);
    } finally {
      client.release();
      await other.close();
    }
  });
});

describe('readfleet:outcome', () => {
  test('who answered', async () => {
    const outcomes = listen<Outcome>('readfleet:outcome');
    await fleet.query('select 1', [], { endpoint: 'shop' });
    await fleet.criticalRead('select 1');
    await fleet.query(`insert into note values ('x')`);
    await fleet.transaction((transaction) => transaction.query('select 1'), { readOnly: true, endpoint: 'shop' });
    const ended = { ...NAME, error: undefined, ms: expect.any(Number) };
    expect(outcomes).toEqual([
      { ...ended, kind: 'read', endpoint: 'shop', member: 'blue' },
      { ...ended, kind: 'read', endpoint: undefined, member: 'primary' },
      { ...ended, kind: 'write', endpoint: undefined, member: 'primary' },
      { ...ended, kind: 'transaction', endpoint: 'shop', member: 'blue' },
    ]);
  });

  test('what fails of each kind, with the error of its caller', async () => {
    const outcomes = listen<Outcome>('readfleet:outcome');
    const failures = [
      await fleet.query('select 1 / 0').catch((refusal: unknown) => refusal),
      await fleet.query('insert into nowhere values (1)').catch((refusal: unknown) => refusal),
      await fleet.transaction(() => Promise.reject(new Error('changed my mind'))).catch((refusal: unknown) => refusal),
    ];
    expect(outcomes.map(({ kind, member, error }) => [kind, member, error])).toEqual([
      ['read', undefined, failures[0]],
      ['write', undefined, failures[1]],
      ['transaction', undefined, failures[2]],
    ]);
  });

  test('what was under way when somebody began to listen has no time', async () => {
    const slow = fleet.query('select pg_sleep(0.2)');
    const outcomes = listen<Outcome>('readfleet:outcome');
    await slow;
    expect(outcomes).toMatchObject([{ kind: 'read', member: 'blue', ms: undefined }]);
  });
});

describe('readfleet:statement', () => {
  test('each statement of each member, with its time; an error of its own is an answer', async () => {
    const ends = listen<StatementEnd>('readfleet:statement');
    await fleet.query('select 1');
    await fleet.query(`insert into note values ('x')`);
    await fleet.query('select 1 / 0').catch(() => undefined);
    const answered = { ...NAME, ms: expect.any(Number), failed: false };
    expect(ends).toEqual([
      { ...answered, member: 'blue', role: 'replica' },
      { ...answered, member: 'primary', role: 'primary' },
      { ...answered, member: 'blue', role: 'replica' },
    ]);
  });

  test('an attempt that failed, and the one that answered', async () => {
    const other = await connect(local.contract, { pools: { replicaMax: 1, connectTimeoutMs: 200 } });
    const client = await other.readPool.connect();
    try {
      await client.query('select 1 from note');
      const ends = listen<StatementEnd>('readfleet:statement');
      await other.query('select 1 from note');
      expect(ends.map(({ member, failed }) => [member, failed])).toEqual([
        ['blue', true],
        ['primary', false],
      ]);
    } finally {
      client.release();
      await other.close();
    }
  });
});

test('readfleet:event tells what listeners are told', async () => {
  const events = listen<object>('readfleet:event');
  fleet.breaker('blue').forceOpen();
  await fleet.query('select 1', [], { endpoint: 'shop' });
  expect(events).toEqual([
    {
      ...NAME,
      event: 'state',
      member: 'blue',
      from: expect.anything(),
      to: expect.objectContaining({ kind: 'ejected' }),
    },
    {
      ...NAME,
      event: 'breaker',
      member: 'blue',
      from: { kind: 'closed' },
      to: expect.objectContaining({ kind: 'open' }),
    },
    {
      ...NAME,
      event: 'fallback',
      endpoint: 'shop',
      passedOver: [{ member: 'blue', reason: 'its breaker was opened by hand' }],
    },
  ]);
});

test('while nobody subscribes nothing is published, nor are reasons put together', async () => {
  const published = Object.values(channels).map((channel) => jest.spyOn(channel, 'publish'));
  const passedOver = jest.spyOn(fleet.internals.executor.router, 'passedOver');
  fleet.breaker('blue').forceOpen();
  await fleet.query('select 1');
  await fleet.write('select 1');
  for (const publish of published) {
    expect(publish).not.toHaveBeenCalled();
    publish.mockRestore();
  }
  expect(passedOver).not.toHaveBeenCalled();
});

test('a subscriber or a listener that throws breaks no read: its error is the app’s own, uncaught', async () => {
  const contract = JSON.stringify(local.contract);
  const root = path.join(__dirname, '../../..');
  const child = spawn(
    process.execPath,
    ['-r', path.join(root, 'register.cjs'), path.join(__dirname, 'throwing-fixture.ts')],
    {
      cwd: root,
      env: { ...process.env, READFLEET_CONTRACT: contract },
    },
  );
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(JSON.parse(output)).toEqual({
    rows: [{ one: 1 }],
    written: 1,
    uncaught: expect.arrayContaining(['of the subscriber', 'of the listener']),
  });
});
