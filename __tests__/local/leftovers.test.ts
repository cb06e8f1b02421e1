import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { leftOf, processesIn } from '../support/footprint';
import { reachableDirectory } from '../support/reachable-directory';

const root = path.join(__dirname, '..', '..');
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

interface Parent {
  readonly process: ChildProcess;
  /** The next line that it prints, as JSON. */
  next(): Promise<Record<string, unknown>>;
}

/** A process of its own that starts a fleet and prints what it has come to. */
function parent(ending: 'waits' | 'forgets' | 'throws', options: object = {}, env: object = {}): Parent {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'parent-fixture.ts'), ending, JSON.stringify(options)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  );
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    next: async () => {
      const line = await lines.next();
      if (line.done) throw new Error('the parent ended without a word');
      return JSON.parse(line.value);
    },
  };
}

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('a parent that dies of %s leaves nothing', async (signal) => {
  const { process: child, next } = parent('waits');
  const { directory } = (await next()) as { directory: string };
  expect(leftOf(directory)).not.toEqual([]);

  child.kill(signal);

  await once(child, 'exit');
  await eventually(() => expect(leftOf(directory)).toEqual([]));
});

test('a parent that dies with one member frozen, one killed and one paused leaves nothing', async () => {
  const { process: child, next } = parent('waits', { replicas: 3, faults: true });
  const { directory } = (await next()) as { directory: string };

  child.kill('SIGKILL');

  await once(child, 'exit');
  await eventually(() => expect(leftOf(directory)).toEqual([]));
});

describe('a parent that is killed in the middle of its start leaves nothing', () => {
  let home: string;
  beforeAll(async () => {
    home = await reachableDirectory();
  });
  afterAll(async () => {
    await rm(home, { recursive: true, force: true });
  });

  // In this order: the first makes the template that the others copy, or would.
  test.each(['preparing', 'starting primary', 'primary is up', 'starting replica-1'])('at "%s"', async (step) => {
    const cache = path.join(home, 'cache');
    const { process: child, next } = parent('waits', { dieAt: step }, { READFLEET_LOCAL_CACHE: cache });
    await next();

    await once(child, 'exit');

    expect(child.signalCode).toBe('SIGKILL');
    await eventually(() => {
      expect(processesIn(cache)).toEqual([]);
      for (const room of ['fleets', 'building', 'ports'])
        expect([room, readdirSync(path.join(cache, room))]).toEqual([room, []]);
    });
  });
});

test('a script that forgets stop() ends by itself, and leaves nothing', async () => {
  const { process: child, next } = parent('forgets');
  const { directory } = (await next()) as { directory: string };

  await once(child, 'exit');

  expect(child.exitCode).toBe(0);
  await eventually(() => expect(leftOf(directory)).toEqual([]));
});

test('a script that forgets a fleet with a network and a client in it ends by itself, and leaves nothing', async () => {
  const { process: child, next } = parent('forgets', { network: true });
  const { directory } = (await next()) as { directory: string };

  await once(child, 'exit');

  expect(child.exitCode).toBe(0);
  await eventually(() => expect(leftOf(directory)).toEqual([]));
});

test('a script that throws ends with its error, and leaves nothing', async () => {
  const { process: child, next } = parent('throws');
  const { directory } = (await next()) as { directory: string };

  await once(child, 'exit');

  expect(child.exitCode).toBe(7);
  await eventually(() => expect(leftOf(directory)).toEqual([]));
});

test('data in a dataDir survive the death of the parent, and its fleet can be resumed', async () => {
  const home = await reachableDirectory();
  const dataDir = path.join(home, 'fleet');
  const { process: child, next } = parent('waits', { dataDir, replicas: 1 });
  await next();
  child.kill('SIGKILL');
  await once(child, 'exit');

  // At once: the start waits for the keeper, which is ending the servers.
  const fleet = await startLocalFleet({ dataDir });

  expect(await fleet.replica('replica-1').query('select id from notes')).toEqual([{ id: 1 }]);
  await fleet.stop();
  await rm(home, { recursive: true });
});

test('a fleet whose keeper was killed still ends whole', async () => {
  const fleet = await startLocalFleet({ replicas: 1 });
  const lock = JSON.parse(readFileSync(path.join(fleet.directory, 'readfleet.lock'), 'utf8'));

  process.kill(lock.keeper, 'SIGKILL');
  await fleet.stop();

  expect(leftOf(fleet.directory)).toEqual([]);
});

test('what lost parent and keeper at once is cleared by the next fleet', async () => {
  const { process: child, next } = parent('waits', { replicas: 1 });
  const { directory } = (await next()) as { directory: string };
  const lock = JSON.parse(readFileSync(path.join(directory, 'readfleet.lock'), 'utf8'));
  process.kill(lock.keeper, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(leftOf(directory)).not.toEqual([]);

  const fleet = await startLocalFleet({ replicas: 0 });

  await eventually(() => expect(leftOf(directory)).toEqual([]));
  await fleet.stop();
});

test('someone who reads a log or stands in a data directory is not ended with the fleet', async () => {
  const fleet = await startLocalFleet({ replicas: 0 });
  const reader = spawn('tail', ['-f', path.join(fleet.primary.dataDir, 'server.log')], { stdio: 'ignore' });
  const visitor = spawn('sleep', ['60'], { cwd: fleet.primary.dataDir, stdio: 'ignore' });
  children.add(reader).add(visitor);

  await fleet.stop();

  for (const child of [reader, visitor]) {
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill();
  }
});
