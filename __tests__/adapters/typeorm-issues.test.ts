import { connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { type DataSource, DataSource as Source } from 'typeorm';
import { replicated } from '../support/activity';
import { eventually } from '../support/eventually';
import { FAST } from './matrix/fast';
import { Note, over, own, Remark, Rig, title } from './typeorm-notes';

let rig: Rig;
const opened: DataSource[] = [];

/** To be destroyed after the test. */
async function opening(source: Promise<DataSource>): Promise<DataSource> {
  opened.push(await source);
  return source;
}

beforeAll(async () => {
  rig = await Rig.start();
});

afterEach(async () => {
  for (const source of opened.splice(0)) await source.destroy();
  await rig.servers.mend();
});

afterAll(() => rig?.stop());

const finds = (source: DataSource, note: Note) => source.getRepository(Note).findOneBy({ id: note.id });

describe('typeorm #7640: a slave does not answer', () => {
  const slave = () => rig.servers.local.replicas[0] as LocalFleet['primary'];

  test('its own replication fails the reads that meet it', async () => {
    const note = await rig.stored();
    const source = await opening(own(rig.servers.ground, { slaves: rig.servers.ground.replicas.slice(0, 1) }));
    await slave().kill();
    await expect(finds(source, note)).rejects.toThrow(/ECONN|terminated/);
  });

  test('its own replication does not start beside it', async () => {
    await slave().kill();
    await expect(own(rig.servers.ground)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('a fleet answers every read, and starts', async () => {
    const note = await rig.stored();
    await slave().kill();
    const source = await opening(over(rig.fleet));
    for (let n = 0; n < 20; n += 1) expect(await finds(source, note)).toMatchObject({ title: note.title });
  });

  test('a fleet answers every read also when the last one has gone', async () => {
    const note = await rig.stored();
    await Promise.all(rig.servers.local.replicas.map((replica) => replica.kill()));
    for (let n = 0; n < 10; n += 1) expect(await finds(rig.dataSource, note)).toMatchObject({ title: note.title });
  });

  test('a runner of the slave that an app keeps is lost with its own replication, and goes on with a fleet', async () => {
    const note = await rig.stored();
    const text = 'select title from jotting_note where id = $1';
    const runners = [await opening(own(rig.servers.ground)), rig.dataSource].map((source) =>
      source.createQueryRunner('slave'),
    );
    const ask = () => Promise.allSettled(runners.map((runner) => runner.query(text, [note.id])));
    expect((await ask()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    await Promise.all(rig.servers.local.replicas.map((replica) => replica.kill()));
    expect((await ask()).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await Promise.all(runners.map((runner) => runner.release()));
  });
});

describe('typeorm #9427: the slave is behind the master', () => {
  const saves = (source: DataSource) => source.getRepository(Note).save({ title: title() }) as Promise<Note>;

  test('its own replication does not find what was just saved', async () => {
    const source = await opening(own(rig.servers.ground));
    await rig.pauseReplay();
    expect(await finds(source, await saves(source))).toBeNull();
  });

  test('a session finds it, and leaves the replicas only for as long as they are behind', async () => {
    const { fleet, dataSource, servers } = rig;
    const before = await rig.stored();
    await rig.pauseReplay();
    await fleet.session(async () => {
      expect(await rig.roles(() => finds(dataSource, before))).toEqual(['replica']);
      const saved = await saves(dataSource);
      expect(await rig.roles(async () => expect(await finds(dataSource, saved)).not.toBeNull())).toEqual(['primary']);
      await servers.mend();
      await eventually(async () => (await rig.roles(() => finds(dataSource, saved)))[0] === 'replica');
    });
  });

  test('so it does after a transaction', async () => {
    await rig.pauseReplay();
    await rig.fleet.session(async () => {
      const saved = await rig.dataSource.transaction((manager) => manager.save(Note, { title: title() }));
      expect(await finds(rig.dataSource, saved as Note)).not.toBeNull();
    });
  });

  test('who is in no session goes on reading from replicas', async () => {
    await rig.pauseReplay();
    const saved = await rig.fleet.session(() => saves(rig.dataSource));
    expect(await rig.roles(() => finds(rig.dataSource, saved))).toEqual(['replica']);
  });

  test('the next request finds it too, in another process, by the token of the first', async () => {
    const other = await connect(rig.servers.ground.contract, FAST);
    const source = await opening(over(other));
    await rig.pauseReplay();
    const [saved, token] = await rig.fleet.session(
      async () => [await saves(rig.dataSource), await rig.fleet.session.token()] as const,
    );
    expect(await other.session.resume(token, () => finds(source, saved))).not.toBeNull();
    await other.close();
  });
});

describe('the query cache, in its table', () => {
  const cache = { type: 'database', tableName: 'jotting_cache' } as const;
  const cached = (source: DataSource, id: string) =>
    source.getRepository(Note).find({ where: { id }, cache: { id, milliseconds: 60_000 } });

  beforeAll(async () => {
    const source = await over(rig.fleet, { cache });
    await source.synchronize();
    await source.destroy();
  });

  test('typeorm #5919: is filled on the primary and read on a replica', async () => {
    const { id, title: text } = await rig.stored();
    const source = await opening(over(rig.fleet, { cache }));
    expect(await rig.roles(() => cached(source, id))).toEqual(['primary', 'replica']);
    await rig.servers.caughtUp();
    await source.getRepository(Note).update({ id }, { stars: 1 });
    await rig.servers.caughtUp();
    expect(
      await rig.roles(async () => expect(await cached(source, id)).toMatchObject([{ title: text, stars: 0 }])),
    ).toEqual(['replica']);
  });

  test('typeorm #9021: a pool of one connection is enough for many who fill it at once', async () => {
    const narrow = await connect(rig.servers.ground.contract, { ...FAST, pools: { primaryMax: 1, replicaMax: 1 } });
    const source = await opening(over(narrow, { cache }));
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await rig.stored()).id);
    const found = await Promise.all(ids.map((id) => cached(source, id)));
    expect(found.map((notes) => notes.length)).toEqual([1, 1, 1, 1, 1]);
    await narrow.close();
  });

  test('typeorm #9021: without replication a pool of one connection waits for itself', async () => {
    const { user: username, ...primary } = rig.servers.ground.primary;
    const alone = new Source({
      ...{ type: 'postgres', ...primary, username, cache, entities: [Note, Remark] },
      ...{ poolSize: 1, connectTimeoutMS: 1_000 },
    });
    const source = await opening(alone.initialize());
    const { id } = await rig.stored();
    await expect(cached(source, id)).rejects.toThrow('timeout exceeded when trying to connect');
  });
});

describe('typeorm #4262: the primary is lost, and a replica is promoted', () => {
  let local: LocalFleet;
  let fleet: Fleet;

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue', 'green'] });
    fleet = await connect(local.contract, { ...FAST, failover: { silenceMs: 200 } });
  });

  afterAll(async () => {
    await fleet?.close();
    await local?.stop();
  });

  test('the data source writes to it and reads from what is left, as it is', async () => {
    const source = await opening(over(fleet, { synchronize: true }));
    const saves = () => source.getRepository(Note).save({ title: title() });
    await saves();
    await replicated(local.primary, local.replicas);
    await local.primary.kill();
    await local.failOver('blue');
    const saved = await eventually(saves);
    expect(await local.primary.query('select title from jotting_note where id = $1', [saved.id])).toEqual([
      { title: saved.title },
    ]);
    await fleet.session(async () => {
      const after = await saves();
      expect(await finds(source, after as Note)).toMatchObject({ title: after.title });
    });
  });
});
