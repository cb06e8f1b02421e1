import type { Pool } from 'pg';
import { connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';

let local: LocalFleet;
let fleet: Fleet;

const STANDBY = '/* readfleet: replica */ select pg_is_in_recovery() as standby';

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

async function standby(on: { query: Pool['query'] }): Promise<unknown> {
  return (await on.query<{ standby: boolean }>(STANDBY)).rows[0]?.standby;
}

test('fleet.pool is a pg.Pool whose clients read from replicas until their session has state', async () => {
  const pool: Pool = fleet.pool;
  const client = await pool.connect();
  expect(await standby(client)).toBe(true);
  await client.query('begin');
  expect(await standby(client)).toBe(false);
  await client.query('rollback');
  client.release();
});

test('a read-only transaction of a client runs on a replica', async () => {
  const client = await fleet.pool.connect();
  await client.query('begin read only');
  expect(await standby(client)).toBe(true);
  await client.query('commit');
  client.release();
});

test('while the fleet is switched off every pool asks the primary', async () => {
  fleet.flags.disableAll();
  try {
    for (const pool of [fleet.pool, fleet.readPool, fleet.writePool]) expect(await standby(pool)).toBe(false);
    const client = await fleet.pool.connect();
    expect(await standby(client)).toBe(false);
    client.release();
  } finally {
    fleet.flags.enableAll();
  }
});
