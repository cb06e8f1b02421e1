import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaults } from 'pg';
import { connect } from 'readfleet';
import { routeRaw } from 'readfleet/typeorm';
import { type DataSource, MoreThanOrEqual } from 'typeorm';
import { eventually } from '../support/eventually';
import { FAST } from './matrix/fast';
import { AddLabels1700000000000, Note, over, Rig } from './typeorm-notes';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.start();
});

afterEach(() => rig.servers.mend());
afterAll(() => rig?.stop());

describe('the life of a data source', () => {
  test('its end leaves the fleet open, and it can be initialized again', async () => {
    const source = await over(rig.fleet);
    await source.destroy();
    await expect(source.getRepository(Note).find({ take: 1 })).rejects.toThrow('Driver not Connected');
    expect((await rig.fleet.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await source.initialize();
    expect(await source.getRepository(Note).find({ take: 0 })).toEqual([]);
    await source.destroy();
  });

  test('its end closes the fleet where it is to, and what is under way ends first', async () => {
    const alone = await connect(rig.servers.ground.contract, FAST);
    const source = await over(alone, {}, { closesFleet: true });
    const slow = alone.query('select pg_sleep(0.1)::text as slept');
    await source.destroy();
    expect((await slow).rows).toEqual([{ slept: '' }]);
    await expect(alone.query('select 1')).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
  });

  test('its end gives back the runners that nobody released', async () => {
    const source = await over(rig.fleet);
    await source.createQueryRunner('master').query('select 1');
    // The fleet itself asks the primary now and then.
    const inUse = (count: number) =>
      eventually(() => rig.fleet.writePool.totalCount - rig.fleet.writePool.idleCount === count);
    await inUse(1);
    await source.destroy();
    await inUse(0);
  });

  test('many of them, one after the other, leave no listener behind', async () => {
    const { writer, readers } = rig.fleet.internals.members;
    const listeners = () => [writer, ...readers].map(({ pool }) => pool.listenerCount('error'));
    const before = listeners();
    for (let n = 0; n < 12; n += 1) await (await over(rig.fleet)).destroy();
    expect(listeners()).toEqual(before);
  });

  test.each([
    ['poolSize', { poolSize: 5 }],
    ['extra.statement_timeout', { extra: { statement_timeout: 5 } }],
  ])('`%s`, which could have no effect, is refused', async (name, options) => {
    await expect(over(rig.fleet, options)).rejects.toThrow(`the fleet's and not its own: \`${name}\`.`);
  });

  test('a fleet without replicas is read on the primary', async () => {
    const alone = await connect({ ...rig.servers.ground.contract, readers: [] }, FAST);
    const source = await over(alone);
    expect(await rig.roles(() => source.getRepository(Note).find({ take: 1 }))).toEqual(['primary']);
    await source.destroy();
    await alone.close();
  });
});

describe('the schema', () => {
  test('`synchronize` looks at the primary, whose tables replicas do not have yet', async () => {
    await rig.pauseReplay();
    const source = await over(rig.fleet, { synchronize: true, cache: { type: 'database', tableName: 'jotting_kept' } });
    await source.synchronize();
    await source.destroy();
    expect(await rig.servers.local.primary.query('select 1 from jotting_kept')).toEqual([]);
  });

  test('migrations look at the primary for those that were run, which replicas have not heard of yet', async () => {
    const migrations = [AddLabels1700000000000];
    const source = routeRaw(await over(rig.fleet, { migrations, migrationsTableName: 'jotting_migration' }));
    await rig.pauseReplay();
    expect((await source.runMigrations()).map(({ name }) => name)).toEqual(['AddLabels1700000000000']);
    expect(await source.runMigrations()).toEqual([]);
    await source.undoLastMigration();
    await source.destroy();
  });

  test('the commands of TypeORM take a data source that is promised, and end', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'typeorm-'));
    const contract = path.join(folder, 'contract.json');
    writeFileSync(contract, JSON.stringify(rig.servers.ground.contract));
    const command = (name: string) =>
      promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', require.resolve('typeorm/cli.js'), name, '-d', '__tests__/adapters/typeorm-data-source.ts'],
        { cwd: path.resolve(__dirname, '..', '..'), env: { ...process.env, CONTRACT: contract }, timeout: 50_000 },
      );
    const labels = "select to_regclass('jotting_label') is not null as there";
    try {
      await command('migration:run');
      expect(await rig.servers.local.primary.query(labels)).toEqual([{ there: true }]);
      await command('migration:revert');
      expect(await rig.servers.local.primary.query(labels)).toEqual([{ there: false }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});

describe('what belongs to a connection', () => {
  test('a runner that listens keeps its connection to the primary, and hears', async () => {
    const runner = rig.dataSource.createQueryRunner();
    const connection = await runner.connect();
    await runner.query('listen jotting');
    const heard = once(connection, 'notification');
    await rig.dataSource.query("notify jotting, 'hello'");
    expect((await heard)[0]).toMatchObject({ channel: 'jotting', payload: 'hello' });
    await runner.query('unlisten jotting');
    await runner.release();
  });

  test('`parseInt8` makes numbers of big integers, and the fleet reads its members as before', async () => {
    await rig.stored();
    const source = await over(rig.fleet, { parseInt8: true });
    try {
      expect(await rig.roles(async () => expect(typeof (await first(source)).id).toBe('number'))).toEqual(['replica']);
      await rig.pauseReplay();
      await rig.fleet.session(async () => {
        await source.getRepository(Note).update({ stars: MoreThanOrEqual(0) }, { stars: 9 });
        expect(await first(source)).toMatchObject({ stars: 9 });
      });
    } finally {
      defaults.parseInt8 = false;
      await source.destroy();
    }
  });
});

const first = (source: DataSource) => source.getRepository(Note).findOneOrFail({ where: {}, order: { id: 'asc' } });
