import { QueryTypes } from 'sequelize';
import { begun } from '../support/activity';
import { Stage } from './builder-stage';
import type { Server } from './matrix/subject';
import { type Opened, over, own } from './sequelize-authors';

let stage: Stage;
const opened: Opened[] = [];

/** To be closed after the test. */
function opening(given: Opened): Opened {
  opened.push(given);
  return given;
}

beforeAll(async () => {
  stage = await Stage.start();
});

afterEach(async () => {
  for (const { sequelize } of opened.splice(0)) await sequelize.close();
  await stage.servers.mend();
});

afterAll(() => stage?.stop());

const victim = () => {
  const [first] = stage.servers.local.replicas;
  if (!first) throw new Error('there are replicas');
  return first;
};

const groundWith = (replicas: readonly Server[]) => ({ ...stage.servers.ground, replicas });

/** How each of some reads, one after the other, ended. */
async function reads({ authors }: Opened, id: number, times: number): Promise<string[]> {
  const ended: string[] = [];
  for (let n = 0; n < times; n += 1) {
    ended.push(
      await authors.findByPk(id).then(
        (found) => (found ? 'found' : 'not found'),
        (error: Error) => error.name,
      ),
    );
  }
  return ended;
}

describe('sequelize #7180: the one read replica is down', () => {
  test('its own replication fails every read', async () => {
    const { id } = await stage.author();
    const sequelize = opening(own(groundWith(stage.servers.ground.replicas.slice(0, 1))));
    await victim().kill();
    expect(new Set(await reads(sequelize, id, 3))).toEqual(new Set(['SequelizeConnectionRefusedError']));
  });

  test('a fleet answers each, also when every replica is', async () => {
    const { id } = await stage.author();
    const sequelize = opening(over(stage));
    await reads(sequelize, id, 3);
    await Promise.all(stage.servers.local.replicas.map((replica) => replica.kill()));
    expect(new Set(await reads(sequelize, id, 20))).toEqual(new Set(['found']));
  });

  test('a Sequelize that is made then reads as well', async () => {
    const { id } = await stage.author();
    await Promise.all(stage.servers.local.replicas.map((replica) => replica.kill()));
    const sequelize = opening(over(stage));
    await sequelize.sequelize.authenticate();
    expect(await reads(sequelize, id, 3)).toEqual(['found', 'found', 'found']);
  });
});

describe('sequelize #13944: one of several replicas is down', () => {
  test('its own replication goes on asking it, beside one that lives', async () => {
    const { id } = await stage.author();
    const sequelize = opening(own(stage.servers.ground));
    await victim().kill();
    expect(await reads(sequelize, id, 4)).toContain('SequelizeConnectionRefusedError');
  });

  test('a fleet reads the ones that live', async () => {
    const { id } = await stage.author();
    const sequelize = opening(over(stage));
    await victim().kill();
    expect(new Set(await reads(sequelize, id, 20))).toEqual(new Set(['found']));
    expect(await stage.roles(() => reads(sequelize, id, 5))).toEqual(['replica']);
  });
});

describe('sequelize #7179: replay cancels a read', () => {
  /** A read that is under way on a replica while rows that it may need are removed. */
  async function cancelled({ sequelize }: Opened): Promise<unknown> {
    const { name } = await stage.author();
    const read = sequelize
      .query('select count(*), pg_sleep(2) from jotting_author where id > 0', { type: QueryTypes.SELECT })
      .catch((error: Error) => error.message);
    const { primary, replicas } = stage.servers.local;
    await Promise.any(replicas.map((replica) => begun(replica, 'pg_sleep')));
    await primary.query('delete from jotting_note');
    await primary.query('delete from jotting_author where name = $1', [name]);
    await primary.query('vacuum jotting_author');
    return read;
  }

  test('its own replication fails it', async () => {
    expect(await cancelled(opening(own(stage.servers.ground)))).toBe(
      'canceling statement due to conflict with recovery',
    );
  });

  test('a fleet asks another member', async () => {
    expect(await cancelled(opening(over(stage)))).toEqual([expect.objectContaining({ count: expect.any(String) })]);
  });
});

describe('sequelize #9845: the primary is down', () => {
  afterEach(async () => {
    await stage.servers.local.primary.restart();
    await stage.servers.caughtUp();
  });

  test('its own replication asks it for its version before the first read', async () => {
    const { id } = await stage.author();
    await stage.servers.local.primary.kill();
    expect(await reads(opening(own(stage.servers.ground)), id, 1)).toEqual(['SequelizeConnectionRefusedError']);
  });

  test('a fleet reads its replicas', async () => {
    const { id } = await stage.author();
    await stage.servers.local.primary.kill();
    expect(await reads(opening(over(stage)), id, 5)).toEqual(Array(5).fill('found'));
  });
});

describe('connect-session-sequelize #145: what findOrCreate() made is read at once, while replay stands still', () => {
  async function foundAfter({ authors }: Opened): Promise<boolean> {
    const name = stage.name();
    const [{ id }] = await authors.findOrCreate({ where: { name } });
    return (await authors.findByPk(id)) !== null;
  }

  test('its own replication does not find it', async () => {
    const sequelize = opening(own(stage.servers.ground));
    await stage.pauseReplay();
    expect(await foundAfter(sequelize)).toBe(false);
  });

  test('a session does', async () => {
    const sequelize = opening(over(stage));
    await stage.pauseReplay();
    expect(await stage.fleet.session(() => foundAfter(sequelize))).toBe(true);
  });
});
