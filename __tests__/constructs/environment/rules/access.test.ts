import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL, MINIMAL_AURORA, MINIMAL_CLUSTER } from '../../support/environments';

const taken = (changes: object, written: object = MINIMAL) =>
  environmentProblems({ ...written, ...changes }).filter(({ code }) => code === 'READFLEET_ACCESS_ROLE_TAKEN');

describe.each(['readOnlyUser', 'migrationUser'] as const)('%s', (key) => {
  test.each([
    ['apps', { access: { [key]: 'app' } }],
    ['apps', { access: { user: 'shared', [key]: 'shared' } }],
    ['the master user', { access: { [key]: 'fleet_admin' } }],
    ['the master user', { access: { [key]: 'root' }, database: { ...MINIMAL.database, masterUser: 'root' } }],
    ['the emitter', { access: { [key]: 'readfleet_emitter' } }],
    ['the emitter', { access: { [key]: 'shared' }, emitter: { user: 'shared' } }],
    ['the proxy', { access: { [key]: 'app_proxy' }, proxy: {} }],
    ['the proxy', { access: { [key]: 'shared' }, proxy: { user: 'shared' } }],
  ])('is not the role of %s: %j', (whose, changes) => {
    expect(taken(changes)).toMatchObject([
      {
        path: `access.${key}`,
        message: expect.stringContaining(`the role of ${whose} too`),
        fix: expect.stringMatching(/"readfleet_(?:read_only|migrations)"/),
      },
    ]);
  });

  test('may have the name that a proxy would have, where there is none', () => {
    expect(taken({ access: { [key]: 'app_proxy' } })).toEqual([]);
  });

  test('may have the name of an emitter in Aurora, where there is none', () => {
    const access = { [key]: 'readfleet_emitter' };

    expect(taken({ access }, MINIMAL_CLUSTER)).toHaveLength(1);
    expect(taken({ access }, MINIMAL_AURORA)).toEqual([]);
  });
});

test('who only reads does not run migrations', () => {
  expect(taken({ access: { readOnlyUser: 'shared', migrationUser: 'shared' } })).toMatchObject([
    { path: 'access.migrationUser', message: expect.stringContaining('those that only read') },
  ]);
});
