import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { connect, type Fleet } from '../../../lib';
import {
  caughtUp,
  freshDatabase,
  type StartedFleet,
  sharedFleet,
  startSharedFleet,
  stopSharedFleet,
  testOptions,
  undisturbed,
  withDown,
  withFaults,
  withLag,
} from '../../../local/testing';
import { eventually } from '../../support/eventually';
import { leftOf } from '../../support/footprint';

const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

type Line = Record<string, unknown>;

/** A process that starts the shared fleet, and workers of it. */
function parent(workers: number, task: string, ending = 'ends') {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'shared-fixture.ts'), 'parent', String(workers), task, ending],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.add(child);
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  const of = (field: string) => lines.filter((line) => field in line);
  /** The first line that has that field. */
  const said = (field: string) =>
    eventually(() => of(field)[0] ?? Promise.reject(new Error(`nothing was said of ${field}`)), { timeoutMs: 40_000 });
  return { process: child, of, said };
}

describe('workers of one fleet', () => {
  test('make a template once, and have databases of their own', async () => {
    const { of, said } = parent(3, 'databases');

    expect(await said('codes')).toMatchObject({ codes: [0, 0, 0] });

    expect(of('made')).toHaveLength(1);
    expect(of('rows')).toEqual(Array(9).fill({ rows: 1 }));
  });

  test('break it one after the other, and leave it whole', async () => {
    const { of, said } = parent(3, 'faults');

    const end = await said('codes');

    expect(end).toMatchObject({ codes: [0, 0, 0], states: ['running', 'running', 'running'] });
    const log = of('turn').map(({ turn, pid }) => ({ turn, pid }));
    expect(log).toHaveLength(18);
    for (let at = 0; at < log.length; at += 2) {
      expect([log[at]?.turn, log[at + 1]]).toEqual(['begins', { turn: 'ends', pid: log[at]?.pid }]);
    }
  });

  test('leave it whole when they are killed, and the next has its turn', async () => {
    const { process: main, of, said } = parent(2, 'stays', 'waits');
    const first = (await said('broken')).broken as number;

    process.kill(first, 'SIGKILL');

    await eventually(() => expect(of('broken')).toHaveLength(2));
    const second = of('broken')[1]?.broken as number;
    expect(second).not.toBe(first);
    process.kill(second, 'SIGKILL');
    const end = await said('codes');
    await eventually(() => expect(end.codes).toHaveLength(2));
    main.kill('SIGKILL');
  });
});

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'a run that dies of %s in the midst of a fault leaves nothing',
  async (signal) => {
    const { process: main, said } = parent(1, 'stays', 'waits');
    const { directory, workers } = (await said('directory')) as { directory: string; workers: number[] };
    await said('broken');
    expect(leftOf(directory)).not.toEqual([]);

    main.kill(signal);

    await once(main, 'exit');
    await eventually(() => expect(leftOf(directory)).toEqual([]));
    for (const worker of workers) process.kill(worker, 'SIGKILL');
  },
);

test('a run that forgets to stop the fleet ends by itself, and leaves nothing', async () => {
  const { process: main, said } = parent(1, 'databases');
  const { directory } = (await said('directory')) as { directory: string };

  await once(main, 'exit');

  expect(main.exitCode).toBe(0);
  await eventually(() => expect(leftOf(directory)).toEqual([]));
});

describe('the shared fleet in one process', () => {
  let started: StartedFleet;
  let fleet: Fleet;

  beforeAll(async () => {
    started = await startSharedFleet({ replicas: 1 });
    fleet = await connect(sharedFleet().contract, testOptions());
  });
  afterAll(async () => {
    await fleet?.close();
    await stopSharedFleet();
  });

  test('is one object, with the servers of the contract', () => {
    expect(sharedFleet()).toBe(sharedFleet());
    const servers = sharedFleet();
    expect(servers.contract).toEqual(started.contract);
    expect([servers.primary, ...servers.replicas].map(({ name, port }) => [name, port])).toEqual(
      started.local.members.map(({ name, port }) => [name, port]),
    );
    expect(servers.primary.url).toBe(started.local.primary.url);
    expect(servers.member('replica-1').name).toBe('replica-1');
    expect(() => servers.member('replica-9')).toThrow(
      'The fleet has no "replica-9" there. It has: primary, replica-1.',
    );
  });

  test('answers queries, of each member', async () => {
    const ask = () =>
      Promise.all(
        [sharedFleet().primary, ...sharedFleet().replicas].map((one) =>
          one.query('select pg_is_in_recovery() as standby'),
        ),
      );
    expect(await ask()).toEqual([[{ standby: false }], [{ standby: true }]]);
  });

  test('cannot be broken by the way: a fault names what to do', async () => {
    await expect(sharedFleet().member('replica-1').kill()).rejects.toMatchObject({
      code: 'READFLEET_TESTING_SHARED',
      message: expect.stringContaining('withFaults(fleet, work)'),
    });
    expect(started.local.replica('replica-1').state).toBe('running');
  });

  test('is broken by each fault, and mended', async () => {
    const states: string[] = [];
    const replica = started.local.replica('replica-1');
    await withFaults(fleet, async (servers) => {
      const shared = servers.member('replica-1');
      await shared.freeze();
      states.push(replica.state);
      await shared.thaw();
      states.push(replica.state);
      await shared.stop();
      states.push(replica.state);
      await shared.restart();
      await shared.delayReplay(3_600_000);
      states.push((await shared.query('show recovery_min_apply_delay'))[0]?.recovery_min_apply_delay as string);
      await shared.stopReceiving();
      await shared.resumeReceiving();
      await shared.pauseReplay();
    });
    expect(states).toEqual(['frozen', 'running', 'stopped', '1h']);
    await caughtUp(fleet);
  });

  test('tells why a fault could not be made', async () => {
    await withFaults(fleet, (servers) =>
      expect(servers.primary.pauseReplay()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NOT_A_REPLICA' }),
    );
  });

  test.each([Number.NaN, -1, undefined])('refuses a delay of %p', async (ms) => {
    await withFaults(fleet, (servers) =>
      expect(servers.member('replica-1').delayReplay(ms as number)).rejects.toMatchObject({
        code: 'READFLEET_LOCAL_OPTIONS',
      }),
    );
  });

  test('lags, without time going by', async () => {
    await withLag(fleet, { ms: 3_600_000 }, async () => {
      expect(started.local.replica('replica-1').state).toBe('running');
      expect(fleet.status().members[1]?.state.kind).toBe('lagging');
    });
  });

  test('makes databases while nobody breaks it, and within a fault for who makes it', async () => {
    await withDown(fleet, 'primary', async () => undefined);
    const db = await withFaults(fleet, () => freshDatabase());
    await db.drop();
    await undisturbed(fleet, async () => (await freshDatabase()).drop());
  });

  test('hangs up on strangers', async () => {
    const { port, token } = JSON.parse(process.env.READFLEET_TEST_FLEET as string);
    const enter = (guess: string) => `${JSON.stringify({ kind: 'enter', token: guess, hold: 'alone' })}\n`;
    for (const word of ['not JSON\n', enter(''), enter('x'.repeat(token.length))]) {
      const socket = createConnection({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      socket.write(word);
      await once(socket.resume(), 'close');
    }
  });

  test('does nothing for who has no turn', async () => {
    const { port } = JSON.parse(process.env.READFLEET_TEST_FLEET as string);
    const socket = createConnection({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    socket.write('{"kind":"fault","member":"replica-1","fault":"kill"}\n');
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(JSON.parse(String(answer)).error.code).toBe('READFLEET_TESTING_REFUSED');
    expect(started.local.replica('replica-1').state).toBe('running');
  });
});

describe('start and stop', () => {
  test('a second start ends what the first one started', async () => {
    const first = await startSharedFleet({ replicas: 0 });
    await using second = await startSharedFleet({ replicas: 0 });
    expect(leftOf(first.local.directory)).toEqual([]);
    expect(sharedFleet().contract).toEqual(second.contract);
    await first.stop();
    expect(sharedFleet().contract).toEqual(second.contract);
  });

  test('after the end there is none, and who asks a fleet of before is told', async () => {
    const first = await startSharedFleet({ replicas: 1 });
    const gone = sharedFleet();
    const fleet = await connect(gone.contract, testOptions());
    await first.stop();

    expect(() => sharedFleet()).toThrow(expect.objectContaining({ code: 'READFLEET_TESTING_NO_FLEET' }));
    await expect(gone.enter('alone')).rejects.toMatchObject({ code: 'READFLEET_TESTING_GONE' });
    await fleet.close();
  });

  test('the end of the parent ends the wait for a turn', async () => {
    const first = await startSharedFleet({ replicas: 0 });
    const shared = sharedFleet();
    await shared.enter('alone');
    const waits = shared.enter('alone');
    const refused = expect(waits).rejects.toMatchObject({ code: 'READFLEET_TESTING_GONE' });

    await first.stop();

    await refused;
  });
});
