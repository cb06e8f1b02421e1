import { type LocalFleet, type LocalMember, startLocalFleet } from '../../local';
import { replicated } from '../support/activity';
import { eventually } from '../support/eventually';

let fleet: LocalFleet;
let blue: LocalMember;
let green: LocalMember;

beforeAll(async () => {
  fleet = await startLocalFleet({ replicas: ['blue', 'green'], network: true });
  [blue, green] = [fleet.replica('blue'), fleet.replica('green')];
  await fleet.primary.query('create table notes (id int)');
  await replicated(fleet.primary, fleet.replicas);
});

afterAll(async () => {
  await fleet?.stop();
});

let lastNote = 0;

async function writeNote(): Promise<number> {
  lastNote += 1;
  await fleet.primary.query('insert into notes values ($1)', [lastNote]);
  return lastNote;
}

async function has(member: LocalMember, note: number): Promise<boolean> {
  return (await member.query('select from notes where id = $1', [note])).length > 0;
}

describe('a replica whose replay is delayed', () => {
  test('streams, shows commits later than others, and at once when the delay ends', async () => {
    await blue.delayReplay(3_600_000);
    const note = await writeNote();
    await eventually(() => has(green, note));
    expect(await has(blue, note)).toBe(false);
    expect(await blue.query("select from pg_stat_wal_receiver where status = 'streaming'")).toHaveLength(1);

    await blue.delayReplay(0);

    await eventually(() => has(blue, note));
  });

  test('shows them when their time has come', async () => {
    await blue.delayReplay(50);
    const note = await writeNote();

    await eventually(() => has(blue, note));
    await blue.delayReplay(0);
  });

  test('is as any other after a restart', async () => {
    await blue.delayReplay(3_600_000);
    const note = await writeNote();

    await blue.restart();

    expect(await has(blue, note)).toBe(true);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 31])('is not to be had for %p ms', async (ms) => {
    await expect(blue.delayReplay(ms)).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_OPTIONS',
      message: `blue: delayReplay(${ms}): must be whole milliseconds, 0 to 2147483647.`,
    });
  });

  test('cannot be had of a primary', async () => {
    await expect(fleet.primary.delayReplay(10)).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NOT_A_REPLICA' });
  });
});

describe('heal()', () => {
  const faults: [string, () => Promise<void>][] = [
    ['a replica that was killed', () => blue.kill()],
    ['a replica that was stopped', () => blue.stop()],
    ['a frozen replica', () => blue.freeze()],
    ['a paused replay', () => blue.pauseReplay()],
    ['a replay that is delayed', () => blue.delayReplay(3_600_000)],
    ['a missing WAL receiver', () => blue.stopReceiving()],
    ['a frozen primary', () => fleet.primary.freeze()],
    ['a primary that was killed', () => fleet.primary.kill()],
    ['a fleet of which nobody is left', async () => void (await Promise.all(fleet.members.map((one) => one.kill())))],
    [
      'several faults of one replica',
      async () => {
        await blue.stopReceiving();
        await blue.delayReplay(3_600_000);
        await blue.pauseReplay();
        await blue.freeze();
      },
    ],
  ];

  test.each(faults)('ends %s', async (_, harm) => {
    await harm();

    await fleet.heal();

    expect(fleet.members.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    const note = await writeNote();
    await eventually(async () => (await has(blue, note)) && (await has(green, note)));
  });

  test('clears networks', async () => {
    blue.network.drop();
    green.network.refuse();

    await fleet.heal();

    for (const { address } of [blue, green]) {
      const { Client } = await import('pg');
      const client = new Client({ connectionString: address.url, connectionTimeoutMillis: 5_000 });
      await client.connect();
      await client.end();
    }
  });

  test('leaves servers that are well as they are', async () => {
    const pids = fleet.members.map(({ pid }) => pid);

    await fleet.heal();

    expect(fleet.members.map(({ pid }) => pid)).toEqual(pids);
  });

  test('returns when replicas have what was written while they could not', async () => {
    await blue.pauseReplay();
    const note = await writeNote();

    await fleet.heal();

    expect(await has(blue, note)).toBe(true);
  });

  test('is refused by a fleet that was stopped', async () => {
    const other = await startLocalFleet({ replicas: 0 });
    await other.stop();

    await expect(other.heal()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_STOPPED' });
  });
});
