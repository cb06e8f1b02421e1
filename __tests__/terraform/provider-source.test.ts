import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MirrorFinding } from '../../terraform/provider-mirror';
import { chooseProviderSource, cliConfig, type ProviderSource, writeCliConfig } from '../../terraform/provider-source';
import { place, temporaryFolder } from './folder';

const folder = temporaryFolder();
const HOME = join(folder, 'home');
const found: MirrorFinding = { kind: 'found', root: '/m', version: '5.100.0', layout: 'unpacked', from: 'search' };
const missing: MirrorFinding = { kind: 'missing', reason: 'none', fix: 'get one' };
const installing = place(join(folder, 'installing.tfrc'), 'provider_installation {\n  direct {}\n}\n');
const credentials = place(join(folder, 'credentials.tfrc'), 'credentials "terraform.example" {\n  token = "t"\n}\n');

test('a CLI configuration that installs providers is left to decide', () => {
  const source = chooseProviderSource({ HOME, TF_CLI_CONFIG_FILE: installing }, () => found);

  expect(source).toEqual({ kind: 'configured', file: installing });
});

test('a mirror named in the environment comes before it', () => {
  const env = { HOME, TF_CLI_CONFIG_FILE: installing, READFLEET_TERRAFORM_MIRROR: '/m' };

  expect(chooseProviderSource(env, () => found)).toEqual({
    kind: 'mirror',
    root: '/m',
    version: '5.100.0',
    layout: 'unpacked',
  });
});

test('a CLI configuration that says other things is kept beside the mirror', async () => {
  const source = chooseProviderSource({ HOME, TF_CLI_CONFIG_FILE: credentials }, () => found);
  const file = await writeCliConfig(source, join(folder, 'out', 'kept.tfrc'));

  expect(source).toMatchObject({ kind: 'mirror', file: credentials });
  expect(readFileSync(file ?? '', 'utf8')).toContain('credentials "terraform.example"');
  // It may hold a token.
  expect(statSync(file ?? '').mode & 0o077).toBe(0);
});

test('without a mirror the registry is asked, with the own CLI configuration and a word on how to do without', () => {
  const source = chooseProviderSource({ HOME, TF_CLI_CONFIG_FILE: credentials }, () => missing);

  expect(source).toEqual({ kind: 'registry', file: credentials, reason: 'none', fix: 'get one' });
});

test('a CLI configuration that is not there is not named to Terraform, which would warn of it', async () => {
  const source = chooseProviderSource({ HOME, TF_CLI_CONFIG_FILE: join(folder, 'gone') }, () => missing);

  expect(source).not.toHaveProperty('file');
  await expect(writeCliConfig(source, join(folder, 'unused'))).resolves.toBeUndefined();
});

test('what readfleet wrote itself is not taken for a configuration of the person', async () => {
  const first: ProviderSource = { kind: 'mirror', root: '/gone', version: '5.100.0', layout: 'unpacked' };
  const ours = await writeCliConfig(first, join(folder, 'ours.tfrc'));

  expect(chooseProviderSource({ HOME, TF_CLI_CONFIG_FILE: ours }, () => found)).toMatchObject({
    kind: 'mirror',
    root: '/m',
  });
});

test('the mirror is the only source of the AWS provider, and no source of any other', () => {
  const text = cliConfig('/opt/mirror');

  expect(text).toMatch(/filesystem_mirror \{\s+path {4}= "\/opt\/mirror"\s+include = \["hashicorp\/aws"\]/);
  expect(text).toMatch(/direct \{\s+exclude = \["hashicorp\/aws"\]/);
});

test('a path with quotes in it stays one string', () => {
  expect(cliConfig('/a/"b"')).toContain('"/a/\\"b\\""');
});
