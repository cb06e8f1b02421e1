import { searchRoots } from '../../terraform/search-roots';

const paths = (env: NodeJS.ProcessEnv) => searchRoots(env, '/home/ada', '/srv/app').map(({ path }) => path);

test("the project's own download is looked at first", () => {
  expect(paths({})[0]).toBe('/srv/app/.readfleet/terraform-mirror');
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux("Terraform's implied mirrors come before the wider search", () => {
  const all = paths({ XDG_DATA_HOME: '/data', XDG_DATA_DIRS: '/one:/two' });
  const implied = [
    '/srv/app/terraform.d/plugins',
    '/home/ada/.terraform.d/plugins',
    '/data/terraform/plugins',
    '/one/terraform/plugins',
    '/two/terraform/plugins',
  ];

  expect(all).toEqual(expect.arrayContaining(implied));
  for (const path of implied) expect(all.indexOf(path)).toBeLessThan(all.indexOf('/opt'));
});

test('a plugin cache is taken for the mirror that it is', () => {
  expect(paths({ TF_PLUGIN_CACHE_DIR: '/cache' })).toContain('/cache');
});
