import { close, handler } from '../../lambda/emitter';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { keepAsking } from '../support/load';

let local: LocalFleet;
let printed: jest.SpyInstance;
let told: jest.SpyInstance;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

beforeEach(() => {
  process.env.READFLEET_CONTRACT = JSON.stringify(local.contract);
  printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  close();
  printed.mockRestore();
  told.mockRestore();
  delete process.env.READFLEET_CONTRACT;
  delete process.env.READFLEET_SAMPLE_SECONDS;
  delete process.env.READFLEET_SERVER_METRICS;
  delete process.env.READFLEET_HIGH_RESOLUTION;
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
  /** Runs an invocation that is cut off after `ms`. @returns how many samples of the primary it emitted */
  async function samples(ms = Number.POSITIVE_INFINITY): Promise<number> {
    const end = performance.now() + ms;
    await handler(undefined, { getRemainingTimeInMillis: () => end - performance.now() });
    return lines().filter(({ Member }) => Member === 'primary').length;
  }

  test('samples are taken again and again, as often as it is said', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = '1';
    expect(await samples(7_500)).toBeGreaterThan(1);
  });

  test('without a word one sample is taken', async () => {
    expect(await samples()).toBe(1);
  });

  test('no sample begins that Lambda could cut off', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = '20';
    expect(await samples(24_000)).toBe(1);
  });
});

describe('under steady writes', () => {
  /** Bytes of log that the primary has written. */
  async function written(): Promise<number> {
    const [row] = await local.primary.query<{ bytes: string }>("select pg_current_wal_lsn() - '0/0' as bytes");
    return Number(row?.bytes);
  }

  test('a healthy replica is never told to be a second behind: not within an invocation, and not by one after a pause', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = '1';
    await local.primary.query('create table steadily (n int)');
    const stop = keepAsking(2, () => local.primary.query('insert into steadily values (1)'));
    try {
      for (let invocation = 0; invocation < 2; invocation++) {
        const end = performance.now() + 8_500;
        await handler(undefined, { getRemainingTimeInMillis: () => end - performance.now() });
        // As if Lambda froze the process: the primary writes on, and nobody looks.
        const position = await written();
        await eventually(async () => (await written()) > position + 60_000);
      }
    } finally {
      expect(await stop()).toMatchObject({ failures: [] });
    }
    const readers = lines().filter(({ Member }) => Member !== 'primary');
    expect(readers.length).toBeGreaterThanOrEqual(8);
    for (const { replica_lag_seconds } of readers) expect(replica_lag_seconds).toBeLessThan(1);
  });
});

test('a replica that stands still is seen in bytes and seconds, one that is down only in its health; neither hides the others', async () => {
  await invoke();
  await local.replica('blue').pauseReplay();
  await local.primary.query('create table written (n int)');
  await local.replica('green').kill();
  const emitted = await invoke();
  await local.replica('blue').resumeReplay();
  await local.replica('green').restart();
  expect(emitted.blue?.replica_lag_bytes).toBeGreaterThan(0);
  expect(emitted.blue?.replica_lag_seconds).toBeGreaterThan(0);
  expect(emitted.green).toMatchObject({ state: 'ejected', replica_health: 0 });
  expect(emitted.green).not.toHaveProperty('replica_lag_seconds');
  expect(emitted.primary).toMatchObject({ replica_health: 1 });
});

test('it emits what servers say as metrics, each sample by itself, when the deployment says so', async () => {
  process.env.READFLEET_SERVER_METRICS = 'true';
  process.env.READFLEET_HIGH_RESOLUTION = 'true';
  const { primary } = await invoke();
  expect(JSON.stringify(primary?._aws)).toContain('{"Name":"server_connections","Unit":"Count","StorageResolution":1}');
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

  test('a password that stands in it is in no line of the log', async () => {
    process.env.READFLEET_CONTRACT = '{"auth":{"password":"hunter2"}';
    await expect(handler()).rejects.toThrow();
    expect(JSON.stringify([told.mock.calls, printed.mock.calls])).not.toContain('hunter2');
  });

  test('in one line of JSON, which logs can be searched by', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = 'often';
    await expect(handler()).rejects.toThrow();
    expect(told.mock.calls).toEqual([[expect.stringMatching(/^\{.*\}\n$/)]]);
    expect(JSON.parse(told.mock.calls[0][0])).toEqual({
      level: 'error',
      code: 'READFLEET_EMITTER_SETTINGS',
      message: 'environment variable READFLEET_SAMPLE_SECONDS: must be a whole number, 1 to 60, got: often',
    });
  });

  test('once they are right it works, in the same process', async () => {
    process.env.READFLEET_SAMPLE_SECONDS = 'often';
    await expect(handler()).rejects.toThrow();
    delete process.env.READFLEET_SAMPLE_SECONDS;
    await handler();
    expect(lines()).toHaveLength(3);
  });

  test('IAM without a region', async () => {
    process.env.READFLEET_CONTRACT = JSON.stringify({ ...local.contract, auth: { kind: 'iam', user: 'emitter' } });
    await expect(handler()).rejects.toMatchObject({
      code: 'READFLEET_EMITTER_SETTINGS',
      message: expect.stringContaining('it has no region'),
    });
  });
});
