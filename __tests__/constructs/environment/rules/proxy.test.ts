import { environmentProblems, type Problem } from '../../../../constructs/environment';
import { MINIMAL, MINIMAL_AURORA, MINIMAL_CLUSTER } from '../../support/environments';

/** As a person may have written it, whatever the types say. */
function problems(changes: object, base: object = MINIMAL): Problem[] {
  return environmentProblems({ ...base, ...changes });
}

const one = (code: string, path: string) => [expect.objectContaining({ code, path })];

describe("the proxy's role", () => {
  test.each([
    ['app', {}],
    ['shop', { access: { user: 'shop' } }],
  ])('is not %s, the role of apps', (user, changes) => {
    expect(problems({ ...changes, proxy: { user } })).toEqual(one('READFLEET_PROXY_ROLE_TAKEN', 'proxy.user'));
  });

  test('is not the master user, whatever the topology', () => {
    for (const base of [MINIMAL, MINIMAL_CLUSTER, MINIMAL_AURORA]) {
      expect(problems({ proxy: { user: 'fleet_admin' } }, base)).toEqual(
        one('READFLEET_PROXY_ROLE_TAKEN', 'proxy.user'),
      );
    }
  });

  test('is no one else by default, not even when apps take its default', () => {
    expect(problems({ proxy: {} })).toEqual([]);
    expect(problems({ proxy: {}, access: { user: 'app_proxy' } })).toEqual(
      one('READFLEET_PROXY_ROLE_TAKEN', 'proxy.user'),
    );
    expect(problems({ access: { user: 'app_proxy' } })).toEqual([]);
  });

  test("that is the emitter's is told once", () => {
    expect(problems({ proxy: { user: 'readfleet_emitter' } })).toEqual(
      one('READFLEET_EMITTER_ROLE_TAKEN', 'emitter.user'),
    );
  });
});

describe('a read endpoint of the proxy', () => {
  test('over instances is refused once, with what there is instead', () => {
    expect(problems({ proxy: { readEndpoint: true } })).toEqual([
      expect.objectContaining({
        code: 'READFLEET_PROXY_READ_ON_INSTANCES',
        path: 'proxy.readEndpoint',
        got: true,
        fix: expect.stringMatching(/multi-az-cluster.*aurora.*readName/),
      }),
    ]);
  });

  test.each([MINIMAL_CLUSTER, MINIMAL_AURORA])('over the readers of a cluster is fine', (base) => {
    expect(problems({ proxy: { readEndpoint: true } }, base)).toEqual([]);
    expect(problems({ proxy: { readEndpoint: false } }, base)).toEqual([]);
  });
});
