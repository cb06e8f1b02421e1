import { withReplicas as drizzleOn } from '../../adapters/orm/drizzle';
import { knexClient } from '../../adapters/orm/knex';
import { mikroOrmDriver } from '../../adapters/orm/mikro-orm';
import { withReplicas as prismaOn } from '../../adapters/orm/prisma';
import { typeorm } from '../../adapters/orm/typeorm';
import { type Fleet, InvalidConfigError, type ReadOptions } from '../../lib';
import { checkReadOptions } from '../../lib/check-options';

const pool = {
  lend(read?: ReadOptions) {
    if (read !== undefined) checkReadOptions(read);
    return { connect: async () => undefined, query: async () => undefined };
  },
};
const fleet = { pool, writePool: pool, readPool: pool } as unknown as Fleet;

const open = () => {
  throw new Error('it went on');
};
const READS = ['primary', 'replica'];
const adapters: [string, (options: object | null) => unknown, string, string[]][] = [
  ['drizzle', (options) => drizzleOn(fleet, open, options as object), 'defaultReads', READS],
  ['prisma', (options) => prismaOn(fleet, open, options as object), 'defaultReads', READS],
  ['typeorm', (options) => typeorm(fleet, options as object), 'defaultMode', ['master', 'slave']],
];

function refused(work: () => unknown): InvalidConfigError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect(error).toMatchObject({ code: 'READFLEET_OPTIONS_INVALID' });
    return error as InvalidConfigError;
  }
  throw new Error('it was not refused');
}

/** What is thrown behind the check is another's. */
function taken(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).not.toBeInstanceOf(InvalidConfigError);
  }
}

describe.each(adapters)('%s', (_, given, choice, values) => {
  test('an option that there is not is refused by its name, with those that there are', () => {
    const error = refused(() => given({ defaultRead: 'primary' }));
    expect(error.message).toContain('defaultRead  got: "primary"');
    expect(error.message).toMatch(/There is no such option\.\n.*There are: default\w+, .*read\./);
  });

  test.each([
    ['maxStalenessMs', 5],
    ['consistency', 'strong'],
    ['endpoint', 'reports'],
    ['timeoutMs', 100],
    ['signal', new AbortController().signal],
  ])('%s, which belongs into `read`, is refused with the place where it belongs', (name, value) => {
    expect(refused(() => given({ [name]: value })).message).toContain(`Was { read: { ${name} } } meant?`);
  });

  test('every problem is told at once', () => {
    const { problems } = refused(() => given({ reads: {}, maxStalenessMs: 5, [choice]: 'first' }));
    expect(problems.map(({ path }) => path)).toEqual(['reads', 'maxStalenessMs', choice]);
  });

  test('of a choice only what there is', () => {
    expect(refused(() => given({ [choice]: 'first' })).message).toMatch(/Must be "\w+" or "\w+"\./);
    for (const value of [...values, undefined]) taken(() => given({ [choice]: value }));
  });

  test('a name of every object is no option', () => {
    expect(refused(() => given({ toString: 1 })).message).toContain('There is no such option.');
  });

  test.each([[null], ['primary']])('%p is no object', (options) => {
    expect(refused(() => given(options as null)).message).toContain('Must be an object.');
  });

  test('what reads ask for is looked through as well', () => {
    expect(refused(() => given({ read: { maxStaleness: 5 } })).message).toContain('maxStaleness');
    expect(() => given({ read: null })).toThrow(InvalidConfigError);
    taken(() => given({ read: { maxStalenessMs: 5 } }));
  });
});

describe('what is not what the ORM is made by', () => {
  const told = (work: () => unknown, code: string, message: string) =>
    expect(work).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'got: undefined. Write `import knex from'],
    ['a namespace', { default: () => undefined }, 'got: Object.'],
  ])('knexClient(): %s', (_, knex, message) => {
    told(() => knexClient(fleet, knex as never), 'READFLEET_KNEX_OPTIONS', message);
  });

  test('mikroOrmDriver() without the driver', () => {
    told(
      () => mikroOrmDriver(fleet, undefined as never),
      'READFLEET_MIKRO_ORM_OPTIONS',
      'got: undefined. Write `import { PostgreSqlDriver }',
    );
  });

  test.each<[string, unknown, string]>([
    ['no function', {}, 'open must be a function that makes a database of Drizzle, got: Object.'],
    [
      'a function that returns nothing',
      () => undefined,
      'open(client) must give a database of Drizzle, got: undefined.',
    ],
    ['a promise', async () => ({}), 'got: a promise. Write `(client) => drizzle({ client, schema })`.'],
  ])('drizzle: %s', (_, given, message) => {
    told(() => drizzleOn(fleet, given as never), 'READFLEET_DRIZZLE_DATABASE', message);
  });

  test.each<[string, unknown, string]>([
    ['no function', {}, 'open must be a function that makes a Prisma client on the pool'],
    ['a function that returns nothing', () => undefined, 'got: undefined. Write `(pool) => new PrismaClient('],
    ['a promise', async () => ({}), 'got: a promise.'],
    [
      'a client that was given options and not the pool',
      () => ({ _engineConfig: { adapter: { externalPool: null, config: { connectionString: 'postgres://db' } } } }),
      'got: one whose PrismaPg was not given the pool, but options, by which it makes a pool of its own.',
    ],
    [
      'a client whose PrismaPg knows another pg',
      (own: object) => ({ _engineConfig: { adapter: { externalPool: null, config: own } } }),
      'two copies of "pg"',
    ],
  ])('prisma: %s', (_, given, message) => {
    told(() => prismaOn(fleet, given as never), 'READFLEET_PRISMA_CLIENT', message);
  });
});
