import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findProviderMirror, terraformPlatform } from '../../terraform/provider-mirror';
import { place, temporaryFolder } from './folder';

const PLATFORM = 'linux_amd64';
const folder = temporaryFolder();
let count = 0;

/** A fresh tree for one test. */
function tree(): string {
  count += 1;
  return join(folder, String(count));
}

function unpacked(
  root: string,
  version: string,
  options: { platform?: string; mode?: number; host?: string } = {},
): void {
  const { platform = PLATFORM, mode = 0o755, host = 'registry.example' } = options;
  place(join(root, host, 'hashicorp/aws', version, platform, `terraform-provider-aws_v${version}_x5`), '', mode);
}

function packed(root: string, version: string): void {
  place(join(root, 'registry.example/hashicorp/aws', `terraform-provider-aws_${version}_${PLATFORM}.zip`));
}

function search(path: string, depth = 3, env: NodeJS.ProcessEnv = {}) {
  return findProviderMirror({ env, roots: [{ path, depth }], platform: PLATFORM });
}

test('the root is the folder above the host name, five levels above the program', () => {
  const top = tree();
  unpacked(join(top, 'plugins'), '5.100.0');

  expect(search(top)).toEqual({
    kind: 'found',
    root: join(top, 'plugins'),
    version: '5.100.0',
    layout: 'unpacked',
    from: 'search',
  });
});

test('of several versions the newest that satisfies the constraint counts', () => {
  const top = tree();
  for (const version of ['5.99.0', '5.100.0', '6.2.0', '7.0.0']) unpacked(top, version);

  expect(search(top)).toHaveProperty('version', '6.2.0');
});

test.each([
  ['is too old', (top: string) => unpacked(top, '5.99.0')],
  ['is too new', (top: string) => unpacked(top, '7.1.0')],
  ['is for another platform', (top: string) => unpacked(top, '5.100.0', { platform: 'darwin_arm64' })],
  ['is not executable', (top: string) => unpacked(top, '5.100.0', { mode: 0o644 })],
  ['has no host above it', (top: string) => unpacked(top, '5.100.0', { host: 'plugins' })],
])('a provider that %s is not taken', (_, plant) => {
  const top = tree();
  plant(top);

  expect(search(top)).toMatchObject({ kind: 'missing', fix: expect.stringContaining('--download') });
});

test('a packed mirror is found, and an unpacked one is preferred to it', () => {
  const top = tree();
  packed(join(top, 'a'), '6.9.0');
  expect(search(top)).toMatchObject({ kind: 'found', layout: 'packed', version: '6.9.0', root: join(top, 'a') });

  unpacked(join(top, 'b'), '5.100.0');
  expect(search(top)).toMatchObject({ kind: 'found', layout: 'unpacked', root: join(top, 'b') });
});

test('the search ends at its depth', () => {
  const top = tree();
  unpacked(join(top, 'one', 'two'), '5.100.0');

  expect(search(top, 1)).toHaveProperty('kind', 'missing');
  expect(search(top, 2)).toHaveProperty('kind', 'found');
});

test('links are not followed, so a loop ends', () => {
  const top = tree();
  mkdirSync(join(top, 'inner'), { recursive: true });
  symlinkSync(top, join(top, 'inner', 'loop'));

  expect(search(top, 1_000)).toHaveProperty('kind', 'missing');
});

test('a root that is not there is passed over', () => {
  expect(search(join(tree(), 'nowhere'))).toHaveProperty('kind', 'missing');
});

test('the mirror that the environment names comes before every other', () => {
  const [top, named] = [tree(), tree()];
  unpacked(top, '6.2.0');
  unpacked(named, '5.100.0');

  expect(search(top, 0, { READFLEET_TERRAFORM_MIRROR: named })).toMatchObject({
    root: named,
    version: '5.100.0',
    from: 'READFLEET_TERRAFORM_MIRROR',
  });
});

test('a named mirror without the provider is told, not replaced by one that was found', () => {
  const [top, named] = [tree(), tree()];
  unpacked(top, '5.100.0');

  expect(search(top, 0, { READFLEET_TERRAFORM_MIRROR: named })).toMatchObject({
    kind: 'missing',
    reason: expect.stringContaining(named),
    fix: expect.stringContaining('above the registry host'),
  });
});

test.each([
  ['linux', 'x64', 'linux_amd64'],
  ['darwin', 'arm64', 'darwin_arm64'],
  ['win32', 'ia32', 'windows_386'],
])('Node on %s %s is %s to Terraform', (platform, arch, expected) => {
  expect(terraformPlatform(platform, arch)).toBe(expected);
});
