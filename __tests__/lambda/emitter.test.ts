import { close, handler } from '../../lambda/emitter';
import { type LocalFleet, startLocalFleet } from '../../local';

let local: LocalFleet;
let printed: jest.SpyInstance;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

beforeEach(() => {
  process.env.READFLEET_CONTRACT = JSON.stringify(local.contract);
  printed = jest.spyOn(console, 'log').mockImplementation();
});

afterEach(() => {
  close();
  printed.mockRestore();
  delete process.env.READFLEET_CONTRACT;
});

/** What one invocation emits, by member. */
async function invoke(): Promise<Record<string, Record<string, unknown>>> {
  printed.mockClear();
  await handler();
  return Object.fromEntries(
    printed.mock.calls.map(([line]) => JSON.parse(line)).map((emitted) => [emitted.Member, emitted]),
  );
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

test('without a contract the invocation fails and says which variable is meant', async () => {
  delete process.env.READFLEET_CONTRACT;
  await expect(handler()).rejects.toThrow(/environment variable READFLEET_CONTRACT: not JSON/);
});
