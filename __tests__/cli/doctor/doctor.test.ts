import type { Report } from '../../../cli/doctor/report';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { readfleet } from '../fake-io';

/** Doctor against servers that are really so. Each test leaves the fleet as it found it. */
let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'], parameters: { max_slot_wal_keep_size: '10GB' } });
  await local.primary.query('create table gist (id int primary key)');
});

afterAll(() => local?.stop());

/** `readfleet doctor`, on the fleet as it is now. */
async function doctor(args: readonly string[] = [], env: Record<string, string> = {}) {
  const contract = JSON.stringify(local.contract);
  const ran = await readfleet(['doctor', '--json', ...args], { env: { READFLEET_CONTRACT: contract, ...env } });
  const report = JSON.parse(ran.out) as Report;
  const items = report.groups.flatMap((group) => group.items);
  return {
    code: ran.code,
    items,
    /** What is not ok, by id and member. */
    bad: items.filter(({ verdict }) => verdict === 'not ok').map(({ id, member }) => (member ? `${id} ${member}` : id)),
    warned: items.filter(({ verdict }) => verdict === 'warning').map(({ id }) => id),
    unknown: items.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id),
    of: (id: string) => items.filter((item) => item.id === id),
  };
}

/** Writes until the primary is further than it was. */
const write = (rows = 1_000) =>
  local.primary.query(
    `insert into gist select coalesce((select max(id) from gist), 0) + n from generate_series(1, ${rows}) n`,
  );

test('of a fleet in which all is well, every item is ok', async () => {
  const { code, items } = await doctor(['--allow-failover-probe']);

  expect(items.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(items.length).toBeGreaterThan(30);
  expect(code).toBe(0);
});

test('it writes nothing, and leaves no session behind', async () => {
  const transactions = () => local.primary.query('select txid_snapshot_xmax(txid_current_snapshot())');
  const before = await transactions();

  await doctor(['--allow-failover-probe']);

  expect(await transactions()).toEqual(before);
  for (const member of local.members) {
    await eventually(async () => {
      const sessions = await member.query(
        `select from pg_stat_activity where application_name like 'readfleet doctor%'`,
      );
      expect(sessions).toEqual([]);
    });
  }
});

test('a replica that was killed', async () => {
  await local.replica('blue').kill();
  try {
    const { bad, code, of } = await doctor();

    expect(bad).toEqual(['reach.answers blue', 'slots.state']);
    expect(of('routing.reads')).toMatchObject([{ verdict: 'ok', found: 'spread over replicas: green 4' }]);
    expect(code).toBe(1);
  } finally {
    await local.replica('blue').restart();
  }
});

test('a replica that is frozen holds up nobody', async () => {
  await local.replica('blue').freeze();
  try {
    const { bad, of } = await doctor();

    expect(bad).toContain('reach.answers blue');
    expect(of('reach.answers')).toMatchObject([{ found: expect.stringMatching(/^primary, green; /) }, {}]);
  } finally {
    await local.replica('blue').thaw();
  }
});

test('a primary that is gone: what it alone knows is unknown, and reads go on', async () => {
  await local.primary.kill();
  try {
    const { bad, of, unknown } = await doctor();

    expect(bad).toEqual(
      expect.arrayContaining(['reach.answers primary', 'replication.streams blue', 'replication.streams green']),
    );
    expect(unknown).toEqual(
      expect.arrayContaining(['servers.primary', 'slots.state', 'parameters.standby', 'routing.fallback']),
    );
    expect(of('data.collation')).toMatchObject([{ verdict: 'ok' }]);
  } finally {
    await local.primary.restart();
    for (const replica of local.replicas) await replica.restart();
  }
});

test('replay that is paused, until the replica is known to be critical', async () => {
  await local.replica('green').pauseReplay();
  await write();
  try {
    const { bad, of } = await doctor();

    expect(bad).toEqual(['replication.replay green', 'replication.lag green']);
    expect(of('replication.lag')[0]?.found).toMatch(/^more than 5\.\d\d s behind, .* of log; critical is 5 s$/);
  } finally {
    await local.replica('green').resumeReplay();
  }
});

test('a replica without a WAL receiver', async () => {
  await local.replica('green').stopReceiving();
  await write();
  try {
    const { bad } = await doctor();

    expect(bad).toEqual(['replication.streams green', 'replication.lag green', 'slots.state']);
  } finally {
    await local.replica('green').resumeReceiving();
  }
});

test('a replica that was promoted behind its back', async () => {
  await local.replica('blue').promote();
  try {
    const { bad } = await doctor();

    expect(bad).toEqual(['servers.replicas blue', 'slots.state']);
  } finally {
    await local.rejoin('blue');
  }
});

test('a parameter that differs, and one that waits for a restart', async () => {
  const blue = local.replica('blue');
  await blue.query(`alter system set work_mem = '9MB'`);
  await blue.query('alter system set max_connections = 300');
  await blue.query('select pg_reload_conf()');
  try {
    const { code, of } = await eventually(async () => {
      const ran = await doctor();
      expect(ran.of('parameters.pending')[0]?.verdict).toBe('warning');
      return ran;
    });

    expect(of('parameters.same')).toMatchObject([
      { verdict: 'warning', found: 'work_mem differs: 4096 kB on primary, green; 9216 kB on blue' },
    ]);
    expect(of('parameters.pending')).toMatchObject([
      { member: 'blue', found: expect.stringMatching(/: max_connections$/) },
    ]);
    expect(code).toBe(0);
  } finally {
    await blue.query('alter system reset all');
    await blue.query('select pg_reload_conf()');
  }
});

test('a slot that nobody uses', async () => {
  await local.primary.query(`select pg_create_physical_replication_slot('left_behind', true)`);
  await write();
  try {
    const { bad, of } = await doctor();

    expect(bad).toEqual(['slots.state']);
    expect(of('slots.state')[0]?.fix).toContain(`select pg_drop_replication_slot('left_behind');`);
  } finally {
    await local.primary.query(`select pg_drop_replication_slot('left_behind')`);
  }
});

test('pools that are too large for max_connections', async () => {
  const { bad, of } = await doctor(['--processes', '10', '--primary-max', '10', '--replica-max', '50']);

  expect(bad).toEqual(['connections.pools blue', 'connections.pools green']);
  expect(of('connections.pools')[0]?.found).toBe('10 processes × 51 = 510 of 197: when all are busy, connecting fails');
});

test('a connection that is cut amid a read: another member answers it', async () => {
  const { of } = await doctor(['--allow-failover-probe']);

  const [item] = of('routing.failover');
  expect(item).toMatchObject({ verdict: 'ok' });
  expect(item?.found).toMatch(
    /^a read whose connection to (blue|green) was cut was answered by (blue|green|primary), /,
  );
});

describe('as a role without rights of its own', () => {
  beforeAll(() =>
    local.primary
      .query(`create role plain login password 'plain'`)
      .then(() =>
        Promise.all(
          local.replicas.map((replica) =>
            eventually(async () =>
              expect(await replica.query(`select from pg_roles where rolname = 'plain'`)).toHaveLength(1),
            ),
          ),
        ),
      ),
  );

  test('what it may not see is unknown, and nothing is not ok', async () => {
    const { bad, code, unknown } = await doctor(['--user', 'plain'], { READFLEET_PASSWORD: 'plain' });

    expect(bad).toEqual([]);
    expect(unknown).toEqual(expect.arrayContaining(['replication.timeline', 'roles.statistics', 'long.transactions']));
    expect(code).toBe(0);
  });

  test('with pg_monitor it sees all', async () => {
    await local.primary.query('grant pg_monitor to plain');
    await Promise.all(
      local.replicas.map((replica) =>
        eventually(async () =>
          expect(await replica.query(`select pg_has_role('plain', 'pg_monitor', 'usage') as has`)).toEqual([
            { has: true },
          ]),
        ),
      ),
    );

    const { items } = await doctor(['--user', 'plain'], { READFLEET_PASSWORD: 'plain' });

    expect(items.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  });
});

test('a wrong password: every member says so, and nothing more can be said', async () => {
  const { bad, code, of } = await doctor([], { READFLEET_PASSWORD: 'wrong' });

  expect(bad).toEqual(['reach.answers primary', 'reach.answers blue', 'reach.answers green']);
  expect(of('reach.answers')[0]?.found).toContain('password authentication failed for user "postgres"');
  expect(code).toBe(3);
});

test('an address where nobody is', async () => {
  const nobody = { ...local.contract, writer: { name: 'primary', host: '127.0.0.1', port: 1 }, readers: [] };
  const { code, out } = await readfleet(['doctor', '--quiet'], { env: { READFLEET_CONTRACT: JSON.stringify(nobody) } });

  expect(code).toBe(3);
  expect(out).toContain('NOT OK');
  expect(out).toContain('primary: 127.0.0.1:1 does not: connect ECONNREFUSED 127.0.0.1:1');
});
