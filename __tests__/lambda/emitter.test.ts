import { close, handler, type InvocationContext } from '../../lambda/emitter';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { ManualClock } from '../support/manual-clock';

let local: LocalFleet;
let printed: jest.SpyInstance;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

beforeEach(() => {
  process.env.READFLEET_CONTRACT = JSON.stringify(local.contract);
  printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  close();
  printed.mockRestore();
  delete process.env.READFLEET_CONTRACT;
  delete process.env.READFLEET_SAMPLE_SECONDS;
});

function lines(): Record<string, unknown>[] {
  return printed.mock.calls.map(([line]) => JSON.parse(line));
}

/** What one invocation emits, by member. */
async function invoke(): Promise<Record<string, Record<string, unknown>>> {
  printed.mockClear();
  await handler();
  return Object.fromEntries(lines().map((emitted) => [emitted.Member, emitted]));
}

test('one document for each member, with its lag on a real fleet', async () => {
  const emitted = await invoke();
  expect(Object.keys(emitted)).toEqual(['primary', 'blue', 'green']);
  expect(emitted.primary).toMatchObject({ Fleet: 'local', Environment: 'local', state: 'serving', replica_health: 1 });
  expect(emitted.blue).toMatchObject({
    state: 'serving',
    replica_health: 1,
    replica_lag_seconds: 0,
    replica_lag_bytes: 0,
  });
});

test('each document is a line of its own, as it is: no prefix, no wrapping', async () => {
  await handler();
  expect(printed.mock.calls.map(([line]) => line)).toEqual(Array(3).fill(expect.stringMatching(/^\{"_aws":.*\}\n$/)));
});

describe('within one invocation', () => {
  /** Runs an invocation and moves the clock on whenever it waits. @returns at which second each sample was taken */
  async function seconds(context?: InvocationContext): Promise<number[]> {
    const clock = new ManualClock();
    const taken: number[] = [];
    printed.mockImplementation((line: string) => {
      if (JSON.parse(line).Member === 'primary') taken.push(clock.now() / 1_000);
      return true;
    });
    let done = false;
    const invocation = handler(undefined, context, clock).finally(() => {
      done = true;
    });
    while (!done) {
      await eventually(() => done || clock.timers > 0);
      await clock.advance(1_000);
    }
    await invocation;
    return taken;
  }

  test('samples are taken at once and then on the grid, the last an interval before the next invocation', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = '15';
    expect(await seconds()).toEqual([0, 15, 30, 45]);
  });

  test('without a word one sample is taken', async () => {
    expect(await seconds()).toEqual([0]);
  });

  test('no sample begins that Lambda could cut off', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = '20';
    expect(await seconds({ getRemainingTimeInMillis: () => 24_000 })).toEqual([0]);
  });
});

test('a replica that stands still is seen in bytes and seconds, one that is down only in its health; neither hides the others', async () => {
  await invoke();
  await local.replica('blue').pauseReplay();
  await local.primary.query('create table written (n int)');
  await local.replica('green').kill();
  const emitted = await invoke();
  expect(emitted.blue?.replica_lag_bytes).toBeGreaterThan(0);
  expect(emitted.blue?.replica_lag_seconds).toBeGreaterThan(0);
  expect(emitted.green).toMatchObject({ state: 'unreachable', replica_health: 0 });
  expect(emitted.green).not.toHaveProperty('replica_lag_seconds');
  expect(emitted.primary).toMatchObject({ replica_health: 1 });
});

describe('what is wrong with its settings fails the invocation, and is named', () => {
  test('no contract', async () => {
    delete process.env.READFLEET_CONTRACT;
    await expect(handler()).rejects.toThrow(/environment variable READFLEET_CONTRACT: not JSON/);
  });

  test.each(['0', '61', '1.5', 'often'])('an interval of %s', async (text) => {
    process.env.READFLEET_SAMPLE_SECONDS = text;
    await expect(handler()).rejects.toMatchObject({
      code: 'READFLEET_EMITTER_SETTINGS',
      message: `environment variable READFLEET_SAMPLE_SECONDS: must be a whole number, 1 to 60, got: ${text}`,
    });
  });

  test('IAM without a region', async () => {
    process.env.READFLEET_CONTRACT = JSON.stringify({ ...local.contract, auth: { kind: 'iam', user: 'emitter' } });
    await expect(handler()).rejects.toMatchObject({
      code: 'READFLEET_EMITTER_SETTINGS',
      message: expect.stringContaining('it has no region'),
    });
  });
});
