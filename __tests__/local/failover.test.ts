import { Client } from 'pg';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../local';
import { replicated } from '../support/activity';
import { eventually } from '../support/eventually';
import { leftOf } from '../support/footprint';

let fleet: LocalFleet;
let blue: LocalMember;
let green: LocalMember;
let old: LocalMember;

beforeEach(async () => {
  fleet = await startLocalFleet({ replicas: ['blue', 'green'] });
  [old, blue, green] = [fleet.primary, fleet.replica('blue'), fleet.replica('green')];
  await old.query('create table notes (text text)');
  // One that is promoted without it has diverged from all that have it.
  await replicated(old, [blue, green]);
});

afterEach(async () => {
  const { directory } = fleet;
  await fleet.stop();
  expect(leftOf(directory)).toEqual([]);
});

async function write(member: LocalMember, text: string): Promise<void> {
  await member.query('insert into notes values ($1)', [text]);
}

async function notes(member: LocalMember): Promise<string[]> {
  return (await member.query<{ text: string }>('select text from notes order by 1')).map((row) => row.text);
}

/** Every one of them has exactly these rows, sooner or later. */
async function have(members: readonly LocalMember[], texts: readonly string[]): Promise<void> {
  for (const member of members) await eventually(async () => expect(await notes(member)).toEqual(texts));
}

async function slots(member: LocalMember): Promise<string[]> {
  const rows = await member.query<{ slot_name: string }>('select slot_name from pg_replication_slots order by 1');
  return rows.map((row) => row.slot_name);
}

async function standbysOf(member: LocalMember): Promise<string[]> {
  const rows = await member.query<{ name: string }>(
    "select application_name as name from pg_stat_replication where state = 'streaming' order by 1",
  );
  return rows.map((row) => row.name);
}

describe('follow', () => {
  test('a replica goes over to a replica that was promoted, with its sessions open and its slot moved', async () => {
    const session = new Client({ connectionString: green.url });
    await session.connect();
    const { contract } = fleet;
    const { pid } = green;
    await blue.promote();

    await green.follow(blue);

    await write(blue, 'from blue');
    await have([blue, green], ['from blue']);
    expect((await session.query('select text from notes')).rows).toEqual([{ text: 'from blue' }]);
    await session.end();
    expect([await standbysOf(blue), await slots(blue)]).toEqual([['green'], ['green']]);
    expect(await slots(old)).toEqual(['blue']);
    expect([green.pid, green.role, fleet.contract]).toEqual([pid, 'replica', contract]);
  });

  test('a restart finds the new primary again', async () => {
    await blue.promote();
    await green.follow(blue);

    await green.restart();
    await blue.restart();

    await write(blue, 'from blue');
    await have([green], ['from blue']);
  });

  test('a replica that has replayed more than the new primary is refused, and goes on as before', async () => {
    await blue.stopReceiving();
    // Further than the new primary will have come, though not into another file: there it would be refused at once.
    await old.query('create table ballast as select generate_series(1, 500)');
    await write(old, 'never on blue');
    await have([green], ['never on blue']);
    await blue.promote();

    await expect(green.follow(blue)).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_DIVERGED',
      message: expect.stringMatching(/^green: .*fleet\.rejoin\("green"\)/),
    });

    await write(old, 'on');
    await have([green], ['never on blue', 'on']);
    expect(await slots(blue)).toEqual([]);
  });

  test('a replica whose replay is paused goes over once it is resumed', async () => {
    await blue.promote();
    await green.pauseReplay();
    await green.follow(blue);
    await write(blue, 'from blue');

    expect(await notes(green)).toEqual([]);
    await green.resumeReplay();

    await have([green], ['from blue']);
  });

  test('only a running primary of the same fleet can be followed', async () => {
    await expect(green.follow(blue)).rejects.toMatchObject({
      code: 'READFLEET_LOCAL_NOT_A_PRIMARY',
      message: expect.stringContaining('Promote it first'),
    });
    await expect(old.follow(blue)).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NOT_A_REPLICA' });
    await blue.promote();
    await blue.stop();
    await expect(green.follow(blue)).rejects.toMatchObject({ code: 'READFLEET_LOCAL_MEMBER_DOWN' });
    await using stranger = await startLocalFleet({ replicas: 0 });
    await expect(green.follow(stranger.primary)).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NO_MEMBER' });
    await green.follow(old);
    expect(await standbysOf(old)).toEqual(['green']);
  });
});

describe('failOver', () => {
  test('after the death of the primary a replica takes its place, the others follow, and the contract says so', async () => {
    await write(old, 'before');
    await have([blue, green], ['before']);
    await old.kill();

    expect(await fleet.failOver('blue')).toBe(blue);

    expect([fleet.primary, fleet.replicas, fleet.formerPrimaries]).toEqual([blue, [green], [old]]);
    expect([fleet.member('primary'), fleet.member('blue'), fleet.members]).toEqual([old, blue, [blue, green]]);
    expect(() => fleet.replica('blue')).toThrow(expect.objectContaining({ code: 'READFLEET_LOCAL_NO_MEMBER' }));
    expect(fleet.contract).toMatchObject({
      writer: { name: 'blue', port: blue.port },
      readers: [{ name: 'green', port: green.port }],
    });
    await write(blue, 'after');
    await have([blue, green], ['after', 'before']);
    expect(await slots(blue)).toEqual(['green']);
  });

  test('a primary that goes on as if nothing had happened is left alone, under writes too', async () => {
    const { pid } = green;
    let writing = true;
    let written = 0;
    const writer = (async () => {
      for (; writing; written++) await write(old, `${written}`);
    })();
    await eventually(() => written > 5);

    await fleet.failOver('blue');
    await write(old, 'only here');
    writing = false;
    await writer;

    expect(old).toMatchObject({ state: 'running', role: 'primary' });
    await write(blue, 'after');
    await eventually(async () => expect(await notes(green)).toContain('after'));
    expect(await notes(green)).toEqual(await notes(blue));
    expect(await notes(blue)).not.toContain('only here');
    expect(await notes(old)).toContain('only here');
    // Nobody had to be made anew.
    expect(green.pid).toBe(pid);
  });

  test('a replica that has what the new primary never had is made anew', async () => {
    await blue.stopReceiving();
    await write(old, 'lost');
    await have([green], ['lost']);
    await old.kill();
    const { port } = green;

    await fleet.failOver('blue');

    await write(blue, 'after');
    await have([blue, green], ['after']);
    expect([green.port, await slots(blue)]).toEqual([port, ['green']]);
  });

  test('a replica that is down, and one that is frozen, follow when they are told', async () => {
    const red = await fleet.addReplica('red');
    await green.kill();
    await red.freeze();
    await old.kill();

    await fleet.failOver('blue');
    await green.restart();
    await red.thaw();
    await red.follow(fleet.primary);

    await write(blue, 'after');
    await have([green, red], ['after']);
    expect(await slots(blue)).toEqual(['green', 'red']);
  });

  test('a promotion by accident can be acknowledged', async () => {
    await blue.promote();

    await fleet.failOver('blue');

    await write(fleet.primary, 'after');
    await have([blue, green], ['after']);
  });

  test('replicas come and go as before', async () => {
    await old.kill();
    await fleet.failOver('blue');
    await write(blue, 'after');

    const added = await fleet.addReplica();
    expect(added.name).toBe('replica-1');
    await have([added, green], ['after']);
    expect(await slots(blue)).toEqual(['green', 'replica_1']);
    await fleet.removeReplica('green');
    await fleet.removeReplica('replica-1');

    expect([fleet.contract.readers, await slots(blue)]).toEqual([[], []]);
    await expect(fleet.addReplica('primary')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_OPTIONS' });
    await expect(fleet.addReplica('blue')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_OPTIONS' });
  });

  test('it can happen again, back to the first primary', async () => {
    await old.kill();
    await fleet.failOver('blue');
    await fleet.rejoin('primary');
    await write(blue, 'on blue');
    await blue.kill();

    await fleet.failOver('primary');
    await fleet.rejoin('blue');

    await write(old, 'on the first');
    await have([old, blue, green], ['on blue', 'on the first']);
    expect([fleet.primary, fleet.replicas, fleet.formerPrimaries]).toEqual([old, [green, blue], []]);
  });

  test('what cannot take over is refused, and nothing has changed', async () => {
    await blue.kill();

    await expect(fleet.failOver('blue')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_MEMBER_DOWN' });
    await expect(fleet.failOver('primary')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NO_MEMBER' });

    expect(fleet.primary).toBe(old);
    await write(old, 'as before');
    await have([green], ['as before']);
  });
});

describe('rejoin', () => {
  test.each(['killed', 'running'])('the old primary (%s) comes back as a standby on its port', async (how) => {
    const { port } = old;
    if (how === 'killed') await old.kill();
    await fleet.failOver('blue');
    if (how === 'running') await write(old, 'only here');
    await write(blue, 'after');

    expect(await fleet.rejoin('primary')).toBe(old);

    expect(old).toMatchObject({ role: 'replica', state: 'running', port });
    await have([old, green], ['after']);
    expect([fleet.replicas, fleet.formerPrimaries]).toEqual([[green, old], []]);
    expect(await standbysOf(blue)).toEqual(['green', 'primary']);
    expect(fleet.contract.readers.map((reader) => reader.name)).toEqual(['green', 'primary']);
    await old.restart();
    await write(blue, 'more');
    await have([old], ['after', 'more']);
  });

  test('a replica that was promoted by accident comes back too', async () => {
    await blue.promote();
    await write(blue, 'a mistake');

    await fleet.rejoin('blue');

    await write(old, 'on');
    await have([blue, green], ['on']);
    expect(fleet.replicas).toEqual([blue, green]);
  });

  test('the primary itself is refused, and so is all when it is down', async () => {
    await expect(fleet.rejoin('primary')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_NOT_A_REPLICA' });
    await old.kill();
    await expect(fleet.rejoin('blue')).rejects.toMatchObject({ code: 'READFLEET_LOCAL_MEMBER_DOWN' });
  });
});
