import { begun } from '../support/activity';
import { times } from '../support/counts';
import { eventually } from '../support/eventually';
import { scrape } from './metrics/exposition';
import { useFleets } from './metrics/fleets';

const fleets = useFleets();

const BLUE = { member: 'blue' };

test('lag grows while replay is paused and the primary writes, in seconds and in bytes, and ends', async () => {
  const { fleet, registry } = await fleets.measured({ maxStalenessMs: 200 });
  const lag = async () => {
    const { value } = await scrape(registry);
    return { seconds: value('replica_lag_seconds', BLUE), bytes: value('replica_lag_bytes', BLUE) };
  };
  await eventually(async () => expect(await lag()).toEqual({ seconds: 0, bytes: 0 }));
  await fleets.local.replica('blue').pauseReplay();
  await eventually(async () => {
    await fleet.write(`insert into note values ('x')`);
    const { seconds = 0, bytes = 0 } = await lag();
    return seconds > 0.3 && bytes > 100;
  });
  const behind = await scrape(registry);
  // It replicates: what it lacks is time, not health.
  expect(behind.value('replica_health', BLUE)).toBe(1);
  expect(behind.value('fleet_member_state', { ...BLUE, state: 'lagging' })).toBe(1);
  await fleets.local.replica('blue').resumeReplay();
  await eventually(async () => expect(await lag()).toEqual({ seconds: 0, bytes: 0 }));
});

test('a replica that is killed has no health and no lag, until it is back', async () => {
  const { registry } = await fleets.measured();
  await fleets.local.replica('blue').kill();
  await eventually(async () => {
    const { value } = await scrape(registry);
    expect(value('replica_health', BLUE)).toBe(0);
    expect(value('fleet_member_state', { ...BLUE, state: 'ejected' })).toBe(1);
    expect(value('replica_lag_seconds', BLUE)).toBeUndefined();
    expect(value('replica_lag_bytes', BLUE)).toBeUndefined();
  });
  await fleets.local.replica('blue').restart();
  await eventually(async () => {
    const { value } = await scrape(registry);
    expect(value('replica_health', BLUE)).toBe(1);
    expect(value('replica_lag_seconds', BLUE)).toBeDefined();
  });
});

/** Stays on a standby, and is quick on a primary. */
const HELD = 'select case when pg_is_in_recovery() then pg_sleep(30) end as held_here';

test('the breaker of a replica that ends a session under a read opens, lets through on trial, and closes', async () => {
  const { fleet, registry } = await fleets.measured({
    breaker: { failures: 1, openMs: 1_500, longestMs: 1_500, successes: 2 },
    slowStartMs: 0,
  });
  fleet.breaker('green').forceOpen();
  const breaker = async () => (await scrape(registry)).value('circuit_breaker_state', BLUE);
  expect(await breaker()).toBe(0);
  const read = fleet.read(HELD);
  await begun(fleets.local.replica('blue'), 'held_here');
  await fleets.local
    .replica('blue')
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'held_here' and pid <> pg_backend_pid()`,
    );
  await read;
  expect(await breaker()).toBe(2);
  await eventually(async () => expect(await breaker()).toBe(1));
  await eventually(async () => {
    await fleet.query('select 1');
    expect(await breaker()).toBe(0);
  });
});

test('all replicas killed under reads: these are fallbacks, and what the dead did not answer is counted', async () => {
  const { fleet, registry } = await fleets.measured({ balancer: 'round-robin' });
  const shop = () => fleet.read(HELD, [], { endpoint: 'shop' });
  const reads = [shop(), shop()];
  await Promise.all(fleets.local.replicas.map((replica) => begun(replica, 'held_here')));
  await Promise.all(fleets.local.replicas.map((replica) => replica.kill()));
  try {
    await Promise.all(reads);
    await times(3, shop);
    const { value, sum } = await scrape(registry);
    expect(value('read_routing_total', { target: 'fallback', endpoint: 'shop' })).toBe(5);
    expect(value('read_routing_total', { target: 'fallback', endpoint: '' })).toBe(0);
    expect(value('statement_failures_total', { member: 'blue' })).toBeGreaterThan(0);
    expect(value('statement_failures_total', { member: 'green' })).toBeGreaterThan(0);
    expect(value('statement_failures_total', { member: 'primary' })).toBe(0);
    // Their callers noticed nothing but the wait.
    expect(sum('call_failures_total')).toBe(0);
    expect(value('call_duration_seconds_count', { kind: 'read' })).toBe(5);
  } finally {
    await Promise.all(fleets.local.replicas.map((replica) => replica.restart()));
  }
});

test('a second member is asked when the first is frozen: a hedge', async () => {
  const { fleet, registry } = await fleets.measured({ balancer: 'round-robin' });
  const read = () => fleet.query('select 1', [], { hedge: true });
  await times(100, read);
  await fleets.local.replica('blue').freeze();
  try {
    await eventually(async () => {
      await read();
      return (await scrape(registry)).value('read_hedged_total') === 1;
    });
    // The hedge was a decision of its own.
    const { sum, value } = await scrape(registry);
    expect(sum('read_routing_total')).toBeGreaterThan(value('call_duration_seconds_count', { kind: 'read' }) ?? 0);
  } finally {
    await fleets.local.replica('blue').thaw();
  }
});

// Last: the servers have another primary after it.
test('the primary is killed and a replica promoted: a failover, and the roles are the new ones', async () => {
  const { fleet, registry } = await fleets.measured({ failover: { silenceMs: 100 } });
  await fleets.local.primary.kill();
  await eventually(async () => {
    const { value } = await scrape(registry);
    expect(value('replica_health', { member: 'primary', role: 'primary' })).toBe(0);
  });
  await expect(fleet.write(`insert into note values ('x')`)).rejects.toMatchObject({ code: 'READFLEET_NO_WRITER' });
  await fleets.local.failOver('blue');
  await eventually(async () => {
    const { value } = await scrape(registry);
    expect(value('fleet_failovers_total')).toBe(1);
    expect(value('replica_health', { member: 'blue', role: 'primary' })).toBe(1);
    expect(value('replica_health', { member: 'blue', role: 'replica' })).toBeUndefined();
    expect(value('fleet_member_state', { member: 'primary', state: 'fenced' })).toBe(1);
  });
  await fleet.write(`insert into note values ('x')`);
  const { value } = await scrape(registry);
  expect(value('call_failures_total', { kind: 'write' })).toBe(1);
  expect(value('statement_duration_seconds_count', { member: 'blue', role: 'primary' })).toBeGreaterThan(0);
});
