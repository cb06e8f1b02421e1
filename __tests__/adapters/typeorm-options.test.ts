import { defaults } from 'pg';
import { typeorm } from '../../adapters/orm/typeorm';
import type { Fleet, FleetPool } from '../../lib';

type Driver = { Pool: new (options: object) => FleetPool; defaults: unknown };

/** Says which pool was lent, and for what. */
const lender = (name: string) => ({ lend: (read?: object) => [name, read] });
const fleet = { pool: lender('pool'), writePool: lender('writePool') } as unknown as Fleet;

function open(options: object, given = typeorm(fleet)): unknown {
  const { Pool } = given.driver as Driver;
  return new Pool(options);
}

const { master, slaves } = typeorm(fleet).replication;

describe('what stands in the options', () => {
  test('is one slave, whatever the fleet has, and no server, user or password', () => {
    expect(typeorm(fleet).replication).toEqual({
      master: { host: 'readfleet-primary' },
      slaves: [{ host: 'readfleet-replicas' }],
      defaultMode: 'slave',
    });
  });

  test('reads are of the slave unless it is said otherwise', () => {
    expect(typeorm(fleet, { defaultMode: 'master' }).replication.defaultMode).toBe('master');
  });

  test('the driver has the defaults of pg itself, which `parseInt8` sets', () => {
    expect((typeorm(fleet).driver as Driver).defaults).toBe(defaults);
  });
});

describe('the driver', () => {
  test('gives the master the pool of writes', () => {
    expect(open(master)).toEqual(['writePool', undefined]);
  });

  test('gives the slave the pool that routes', () => {
    expect(open(slaves[0] ?? {})).toEqual(['pool', undefined]);
  });

  test('hands on what reads ask for, to the slave alone', () => {
    const given = typeorm(fleet, { read: { maxStalenessMs: 500 } });
    expect(open(slaves[0] ?? {}, given)).toEqual(['pool', { maxStalenessMs: 500 }]);
    expect(open(master, given)).toEqual(['writePool', undefined]);
  });

  test('gives the master the pool whose end is that of the fleet, where it is to close it', () => {
    expect(open(master, typeorm(fleet, { closesFleet: true }))).toBe(fleet.writePool);
  });

  test('takes the options that TypeORM leaves undefined', () => {
    expect(open({ ...master, max: undefined, ssl: undefined, connectionTimeoutMillis: undefined })).toBeDefined();
  });

  test.each([
    ['max', 'poolSize'],
    ['connectionTimeoutMillis', 'connectTimeoutMS'],
    ['application_name', 'applicationName'],
    ['statement_timeout', 'extra.statement_timeout'],
  ])('refuses `%s` by the name that it has in a DataSource, %s', (option, name) => {
    expect(() => open({ ...master, [option]: 5 })).toThrow(
      expect.objectContaining({
        code: 'READFLEET_TYPEORM_OPTIONS',
        message: expect.stringContaining(`connections, which are the fleet's and not its own: \`${name}\`.`),
      }),
    );
  });

  test('names every option that it refuses', () => {
    expect(() => open({ ...master, max: 5, keepAlive: true })).toThrow('`poolSize`, `extra.keepAlive`.');
  });

  test.each([[undefined], ['db.example.com']])('refuses a server that is not of the fleet: %s', (host) => {
    expect(() => open({ host })).toThrow(
      expect.objectContaining({
        code: 'READFLEET_TYPEORM_OPTIONS',
        message: expect.stringContaining(`a server by the name of ${host}: its \`replication\` is not that of typeorm`),
      }),
    );
  });
});

describe('what is wrong is told at once', () => {
  test.each([
    ['nothing', undefined, 'got: undefined. Give it what connect(…) resolves with.'],
    ['null', null, 'got: null.'],
    ['a pool', new (class Pool {})(), 'got: Pool.'],
    ['a url', 'postgres://db', 'got: string.'],
    ['a fleet that was not waited for', Promise.resolve(fleet), 'got: a promise. Await connect(…) first.'],
  ])('%s in the place of a fleet', (_, given, message) => {
    expect(() => typeorm(given as never)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_NOT_A_FLEET',
        message: expect.stringMatching(new RegExp(`^typeorm\\(fleet\\) takes a fleet, ${escaped(message)}`)),
      }),
    );
  });

  test('a bound that is none', () => {
    expect(() => typeorm(fleet, { read: { maxStalenessMs: -1 } })).toThrow(/maxStalenessMs.*got: -1/);
  });
});

function escaped(text: string): string {
  return text.replace(/[.()]/g, '\\$&');
}
