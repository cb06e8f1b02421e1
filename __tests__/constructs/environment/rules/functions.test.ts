import { environmentProblems } from '../../../../constructs/environment';
import { GROUPS } from '../../../../lib/roles/kinds';
import { MINIMAL, MINIMAL_AURORA, MINIMAL_CLUSTER } from '../../support/environments';

const coded = (written: object, code: string) =>
  environmentProblems(written).filter((problem) => problem.code === code);

describe('the emitter’s role', () => {
  const taken = (changes: object) => coded({ ...MINIMAL, ...changes }, 'READFLEET_EMITTER_ROLE_TAKEN');

  test.each([
    ['apps', { emitter: { user: 'app' } }],
    ['apps', { access: { user: 'readfleet_emitter' } }],
    ['the master user', { emitter: { user: 'fleet_admin' } }],
    ['the master user', { database: { ...MINIMAL.database, masterUser: 'readfleet_emitter' } }],
    ['the proxy', { emitter: { user: 'app_proxy' }, proxy: {} }],
    ['the proxy', { emitter: { user: 'shared' }, proxy: { user: 'shared' } }],
  ])('is not that of %s: %j', (whose, changes) => {
    expect(taken(changes)).toMatchObject([
      {
        path: 'emitter.user',
        message: expect.stringContaining(`the role of ${whose} too`),
        fix: expect.stringContaining('"readfleet_emitter"'),
      },
    ]);
  });

  test('may have the name that a proxy would have, where there is none', () => {
    expect(taken({ emitter: { user: 'app_proxy' } })).toEqual([]);
  });

  test('is looked at in a cluster too, and not where there is no emitter', () => {
    const access = { user: 'readfleet_emitter' };
    expect(coded({ ...MINIMAL_CLUSTER, access }, 'READFLEET_EMITTER_ROLE_TAKEN')).toHaveLength(1);
    expect(coded({ ...MINIMAL_AURORA, access }, 'READFLEET_EMITTER_ROLE_TAKEN')).toEqual([]);
  });
});

describe('a bootstrap without a way to its secrets', () => {
  const network = { ...MINIMAL.network, secretsRoute: { kind: 'none' } };
  const noRoute = (changes: object) => coded({ ...MINIMAL, ...changes }, 'READFLEET_BOOTSTRAP_NO_ROUTE');

  test.each([[{ network }], [{ network, bootstrap: { kind: 'lambda' } }]])('is refused: %j', (changes) => {
    expect(noRoute(changes)).toMatchObject([
      { path: 'bootstrap.kind', got: 'lambda', fix: expect.stringContaining('{ kind: "manual" }') },
    ]);
  });

  test.each([
    [{ network, bootstrap: { kind: 'manual' } }],
    [{}],
    [{ network: { ...network, secretsRoute: { kind: 'endpoint' } } }],
  ])('is not meant by %j', (changes) => {
    expect(noRoute(changes)).toEqual([]);
  });
});

test.each(GROUPS)('the group $name is no name for a role', ({ name }) => {
  for (const changes of [
    { access: { user: name } },
    { access: { migrationUser: name } },
    { emitter: { user: name } },
  ]) {
    expect(coded({ ...MINIMAL, ...changes }, 'READFLEET_RESERVED_NAME')).toHaveLength(1);
  }
});
