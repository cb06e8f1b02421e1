import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, readsOf, startLocalFleet, testOptions, withFaults } from 'readfleet/testing';

/** Of this file alone: a failover is not undone, and nobody else is to wait for these. */
let servers: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  servers = await startLocalFleet({ replicas: 2 });
  fleet = await connect(servers.contract, testOptions());
  await fleet.query('create table note (text text)');
});

afterAll(async () => {
  await fleet.close();
  await servers.stop();
});

/** Takes a minute, but only on a replica. */
const REPORT = "select 'a report' from pg_sleep(case when pg_is_in_recovery() then 60 else 0 end)";

/** Resolves when a replica runs it. */
async function isRunning(): Promise<void> {
  const active = "select from pg_stat_activity where state = 'active' and query = $1";
  for (;;) {
    const rows = await Promise.all(servers.replicas.map((replica) => replica.query(active, [REPORT])));
    if (rows.flat().length > 0) return;
  }
}

test('a request is answered though its replica dies under it', () =>
  withFaults(fleet, async () => {
    const recorded = readsOf(fleet, () => fleet.read(REPORT));
    await isRunning();

    await Promise.all(servers.replicas.map((replica) => replica.kill()));

    expect(await recorded).toHaveReadFrom('primary');
  }));

test('writes go to the new primary after a failover', async () => {
  const failover = new Promise((resolve) => fleet.on('failover', resolve));
  await servers.primary.kill();

  await servers.failOver('replica-1');

  expect(await failover).toMatchObject({ from: 'primary', to: 'replica-1' });
  await fleet.query("insert into note values ('after the failover')");
  expect(await servers.primary.query('select text from note')).toEqual([{ text: 'after the failover' }]);
});
