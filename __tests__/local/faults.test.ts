import { Client } from 'pg';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../local';
import { replicated } from '../support/activity';
import { eventually } from '../support/eventually';

let fleet: LocalFleet;
let blue: LocalMember;
let green: LocalMember;

beforeAll(async () => {
  fleet = await startLocalFleet({
    replicas: ['blue', 'green'],
    parameters: { max_standby_streaming_delay: 0, hot_standby_feedback: false },
  });
  [blue, green] = [fleet.replica('blue'), fleet.replica('green')];
  await fleet.primary.query('create table notes as select generate_series(1, 100) as id');
  await replicated(fleet.primary, [blue, green]);
});

afterAll(async () => {
  await fleet?.stop();
});

let lastNote = 100;

async function writeNote(): Promise<number> {
  lastNote += 1;
  await fleet.primary.query('insert into notes values ($1)', [lastNote]);
  return lastNote;
}

async function has(member: LocalMember, note: number): Promise<boolean> {
  return (await member.query('select from notes where id = $1', [note])).length > 0;
}

async function receivers(member: LocalMember): Promise<number> {
  return (await member.query('select from pg_stat_wal_receiver')).length;
}

async function slot(member: LocalMember): Promise<unknown> {
  const rows = await fleet.primary.query('select active from pg_replication_slots where slot_name = $1', [member.name]);
  return rows[0]?.active;
}

describe('a standby without its WAL receiver', () => {
  test('serves what it has and gets nothing, its slot stays, and it streams again when told', async () => {
    const { pid } = blue;
    await blue.stopReceiving();
    expect(await receivers(blue)).toBe(0);

    const note = await writeNote();
    await eventually(() => has(green, note));
    await eventually(async () => (await slot(blue)) === false);
    expect([await has(blue, note), await receivers(blue), blue.role]).toEqual([false, 0, 'replica']);
    expect(await blue.query('select pg_is_in_recovery() as standby')).toEqual([{ standby: true }]);

    await blue.resumeReceiving();

    expect([await receivers(blue), await slot(blue), blue.pid]).toEqual([1, true, pid]);
    await eventually(() => has(blue, note));
  });

  test('a restart ends it', async () => {
    await blue.stopReceiving();
    const note = await writeNote();

    await blue.restart();

    expect(await has(blue, note)).toBe(true);
  });

  test('it can be had of a replica whose replay is paused too', async () => {
    await blue.pauseReplay();
    await blue.stopReceiving();
    expect(await receivers(blue)).toBe(0);
    await blue.resumeReplay();
    const note = await writeNote();
    await eventually(() => has(green, note));
    expect([await has(blue, note), await receivers(blue)]).toEqual([false, 0]);

    await blue.resumeReceiving();

    await eventually(() => has(blue, note));
  });

  test('told to receive while its replay is paused, it streams once that is resumed', async () => {
    await blue.stopReceiving();
    await blue.pauseReplay();

    await blue.resumeReceiving();
    const note = await writeNote();
    await blue.resumeReplay();

    await eventually(() => has(blue, note));
  });

  test('it can be told to receive while its primary is down', async () => {
    await blue.stopReceiving();
    await fleet.primary.kill();
    await blue.resumeReceiving();
    await fleet.primary.restart();

    const note = await writeNote();
    await eventually(() => has(blue, note));
  });

  test('only a replica that runs can lose its receiver', async () => {
    await expect(fleet.primary.stopReceiving()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NOT_A_REPLICA' });
    await expect(fleet.primary.resumeReceiving()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NOT_A_REPLICA' });
    await blue.stop();
    await expect(blue.stopReceiving()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_MEMBER_DOWN' });
    await blue.restart();
  });
});

describe('a recovery conflict', () => {
  /** A query that a replica answers with a snapshot that it holds, until it is cancelled. */
  async function holding(query: string): Promise<{ held: Promise<unknown> }> {
    const client = new Client({ connectionString: blue.url, application_name: 'holder' });
    client.on('error', () => undefined);
    await client.connect();
    const held = client.query(query).finally(() => client.end());
    held.catch(() => undefined);
    await eventually(async () => {
      const rows = await blue.query(
        "select from pg_stat_activity where application_name = 'holder' and wait_event = 'PgSleep'",
      );
      return rows.length === 1;
    });
    return { held };
  }

  test.each([
    ['rows that are vacuumed', 'delete from notes where id % 2 = 0', 'vacuum notes', 'must be removed'],
    ['a table that is altered', 'alter table notes add column more int', 'select 1', 'relation lock'],
  ])('%s cancel the query on the replica that holds them', async (_, first, second, detail) => {
    const { held } = await holding('select pg_sleep(60) from notes');

    await fleet.primary.query(first);
    await fleet.primary.query(second);

    await expect(held).rejects.toMatchObject({ code: '40001', detail: expect.stringContaining(detail) });
  });
});

describe('a storm of restarts', () => {
  test('restarts of one member at once are done one after the other', async () => {
    const pids = new Set([blue.pid]);

    await Promise.all([0, 1, 2, 3].map(() => blue.restart().then(() => pids.add(blue.pid))));

    expect(pids.size).toBeGreaterThan(2);
    expect(blue.state).toBe('running');
    const note = await writeNote();
    await eventually(() => has(blue, note));
  });

  test('all members at once, the primary among them, twice, come back and stream', async () => {
    await Promise.all([...fleet.members, ...fleet.members].map((member) => member.restart()));

    expect(fleet.members.map((member) => member.state)).toEqual(['running', 'running', 'running']);
    const note = await writeNote();
    for (const replica of fleet.replicas) await eventually(() => has(replica, note));
  });

  test('a stop after a restart leaves the member down, a restart after a stop leaves it up', async () => {
    await Promise.all([blue.restart(), blue.stop(), green.stop(), green.restart()]);

    expect([blue.state, green.state]).toEqual(['stopped', 'running']);
    await blue.restart();
  });

  test('a kill in the midst of it is survived: the member can be restarted', async () => {
    const outcomes = Promise.allSettled([blue.restart(), blue.kill(), blue.restart(), blue.kill()]);
    await outcomes;

    await blue.restart();

    expect(blue.state).toBe('running');
    const note = await writeNote();
    await eventually(() => has(blue, note));
  });
});
