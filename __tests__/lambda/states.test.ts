import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { keepAsking } from '../support/load';
import { type EmfDocument, metricsOf } from './emf-problems';
import { Invoked } from './invoked';

const LAG = ['replica_lag_seconds', 'replica_lag_bytes', 'replica_health'];

let local: LocalFleet;
let lambda: Invoked;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  await local.primary.query('create table written (n int)');
  lambda = new Invoked(local.contract);
});

afterAll(async () => {
  lambda.end();
  await local?.stop();
});

/** Samples until `isSo`, since a server takes its time to notice what happened. */
function sampleUntil(isSo: (documents: Record<string, EmfDocument>) => boolean) {
  return eventually(async () => {
    const documents = await lambda.sample();
    return isSo(documents) && documents;
  }) as Promise<Record<string, EmfDocument>>;
}

const write = () => local.primary.query('insert into written select generate_series(1, 1000)');
const isServing = ({ blue, green }: Record<string, EmfDocument>) =>
  blue?.state === 'serving' && green?.state === 'serving';

test('fresh: lag of nothing, and what each server says of itself', async () => {
  const { primary, blue, green } = await sampleUntil(isServing);
  expect(primary).toMatchObject({
    Fleet: 'local',
    Environment: 'local',
    state: 'serving',
    role: 'primary',
    server_timeline: 1,
    server_connections: expect.any(Number),
    server_max_connections: 200,
    replication_slot_lag_bytes: expect.any(Number),
    replica_health: 1,
  });
  for (const replica of [blue, green]) {
    expect(replica).toMatchObject({
      state: 'serving',
      role: 'replica',
      replica_connected: 1,
      server_timeline: 1,
      replica_health: 1,
      replica_lag_seconds: 0,
      replica_lag_bytes: 0,
      replication_slot: expect.any(String),
      replication_slot_lag_bytes: expect.any(Number),
    });
    expect(metricsOf(replica as EmfDocument)).toEqual(LAG);
  }
  expect(metricsOf(primary as EmfDocument)).toEqual(['replica_health']);
});

test('idle: its replicas age by PostgreSQL’s own account, and not by the emitter’s', async () => {
  await write();
  await sampleUntil(isServing);
  const idleSeconds = async () => {
    const [row] = await local
      .replica('blue')
      .query<{ age: number }>('select extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 as age');
    return row?.age ?? 0;
  };
  await eventually(async () => (await idleSeconds()) > 2);
  for (let turn = 0; turn < 2; turn++) {
    const { blue, green } = await lambda.sample();
    for (const replica of [blue, green]) {
      expect(replica).toMatchObject({ state: 'serving', replica_lag_seconds: 0, replica_lag_bytes: 0 });
    }
  }
});

test('under load: seconds stay small while bytes come and go', async () => {
  const stop = keepAsking(2, write);
  try {
    for (let turn = 0; turn < 3; turn++) {
      const { primary, blue, green } = await lambda.sample();
      expect(primary?.replica_health).toBe(1);
      for (const replica of [blue, green]) {
        expect(replica).toMatchObject({ replica_health: 1, replica_connected: 1 });
        expect(replica?.replica_lag_seconds).toBeLessThan(5);
      }
    }
  } finally {
    expect(await stop()).toMatchObject({ failures: [] });
  }
  await sampleUntil(({ blue, green }) => blue?.replica_lag_bytes === 0 && green?.replica_lag_bytes === 0);
});

test('replay paused: it ages in seconds and bytes, still connected, and the other does not', async () => {
  await local.replica('blue').pauseReplay();
  await write();
  const first = await sampleUntil(({ blue }) => (blue?.replica_lag_bytes as number) > 0);
  const { blue, green } = await sampleUntil(({ blue }) => {
    return (blue?.replica_lag_seconds as number) > (first.blue?.replica_lag_seconds as number);
  });
  await local.replica('blue').resumeReplay();

  expect(blue).toMatchObject({ role: 'replica', replica_connected: 1, replica_health: 1 });
  // Its log arrives all the same: the slot is not behind as the replica is.
  expect(blue?.replication_slot_lag_bytes).toBeLessThan(blue?.replica_lag_bytes as number);
  expect(green).toMatchObject({ state: 'serving', replica_lag_bytes: 0, replica_lag_seconds: 0 });
  await sampleUntil(isServing);
});

test('WAL receiver dead: not healthy, though all that it received is replayed', async () => {
  await local.replica('blue').stopReceiving();
  const still = await lambda.sample();
  await write();
  const { blue, green, primary } = await sampleUntil(({ blue }) => (blue?.replica_lag_bytes as number) > 0);
  await local.replica('blue').resumeReceiving();

  expect(still.blue).toMatchObject({ state: 'disconnected', replica_connected: 0, replica_health: 0 });
  expect(blue).toMatchObject({ state: 'disconnected', reason: 'no WAL receiver', replica_health: 0 });
  expect(blue).not.toHaveProperty('replication_slot');
  expect(primary?.replication_slot_lag_bytes).toBeGreaterThan(0);
  expect(green).toMatchObject({ state: 'serving', replica_health: 1 });
  await sampleUntil(isServing);
});

test('down: why, and nothing that could be taken for a lag; its slot on the primary is told of', async () => {
  await local.replica('green').kill();
  await write();
  const { primary, blue, green } = await lambda.sample();

  expect(green).toMatchObject({ state: 'ejected', reason: expect.any(String), replica_health: 0 });
  expect(metricsOf(green as EmfDocument)).toEqual(['replica_health']);
  expect(green).not.toHaveProperty('role');
  expect(green).not.toHaveProperty('server_failure');
  expect(blue).toMatchObject({ replica_health: 1 });
  expect(primary?.replication_slot_lag_bytes).toBeGreaterThan(0);
  await local.replica('green').restart();
  await sampleUntil(isServing);
});

test('frozen: it costs its time limit, and hides nobody', async () => {
  await local.replica('green').freeze();
  const { primary, blue, green } = await lambda.sample();
  await local.replica('green').thaw();

  expect(green).toMatchObject({ state: 'ejected', replica_health: 0 });
  expect(green?.reason).toMatch(/no answer within 3000 ms|timeout expired/);
  expect(primary).toMatchObject({ replica_health: 1, server_connections: expect.any(Number) });
  expect(blue).toMatchObject({ state: 'serving', replica_health: 1, replica_lag_bytes: 0 });
  await sampleUntil(isServing);
});

test('promoted: a primary of its own, on a timeline of its own', async () => {
  await local.replica('green').promote();
  const { green, blue } = await lambda.sample();

  expect(green).toMatchObject({ state: 'promoted', role: 'primary', server_timeline: 2, replica_health: 0 });
  expect(green).not.toHaveProperty('replica_lag_seconds');
  expect(blue).toMatchObject({ state: 'serving', role: 'replica', server_timeline: 1 });
});

test('primary down: replicas are told of all the same, with the lag that is still known', async () => {
  await local.primary.kill();
  const { primary, blue } = await sampleUntil(({ blue }) => blue?.state === 'disconnected');

  expect(primary).toMatchObject({
    state: 'ejected',
    reason: expect.stringMatching(/./),
    replica_health: 0,
  });
  expect(blue).toMatchObject({
    role: 'replica',
    replica_connected: 0,
    replica_health: 0,
    replica_lag_bytes: 0,
    server_connections: expect.any(Number),
  });
});

test('in none of these was the password written, nor anything but documents', () => {
  const { password } = local.contract.auth as { password: string };
  expect(lambda.output.length).toBeGreaterThan(30);
  expect(lambda.output.filter((line) => !line.startsWith('{"_aws":'))).toEqual([]);
  expect(lambda.output.join('')).not.toContain(password);
});
