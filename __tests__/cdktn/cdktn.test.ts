/** cdktf is archived; whoever moves to cdktn must get the same infrastructure. Both synthesise everything, from the same sources. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '..', '..');
const HOOK = join(__dirname, 'resolve-cdktn.cjs');

let outdir: string;
let files: { readonly cdktf: Record<string, string>; readonly cdktn: Record<string, string> };

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'readfleet-cdktn-'));
  files = { cdktf: synthesised('cdktf', []), cdktn: synthesised('cdktn', ['--require', HOOK]) };
});

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test('the second run really was by cdktn', () => {
  const { version } = require('cdktn/package.json') as { readonly version: string };

  expect(versions(files.cdktn)).toEqual([version]);
  expect(versions(files.cdktf)).not.toContain(version);
});

test('both write the same files', () => {
  expect(Object.keys(files.cdktn)).toEqual(Object.keys(files.cdktf));
  expect(Object.keys(files.cdktf)).toEqual(
    expect.arrayContaining([
      'stacks/production/cdk.tf.json',
      'stacks/aurora/cdk.tf.json',
      expect.stringMatching(/\.zip$/),
    ]),
  );
});

test('and the same in each of them but for their own version', () => {
  for (const [name, content] of Object.entries(files.cdktf)) {
    const other = files.cdktn[name] ?? '';
    if (name.endsWith('.json'))
      expect({ name, ...withoutVersion(other) }).toEqual({ name, ...withoutVersion(content) });
    else expect(`${name}: ${other === content}`).toBe(`${name}: true`);
  }
});

test('a difference would be noticed', () => {
  const stack = files.cdktf['stacks/production/cdk.tf.json'] ?? '';
  const other = stack.replace('"storage_encrypted": true', '"storage_encrypted": false');

  expect(other).not.toBe(stack);
  expect(withoutVersion(other)).not.toEqual(withoutVersion(stack));
});

/** Every file that comes of it, by its path. */
function synthesised(name: string, options: readonly string[]): Record<string, string> {
  const folder = join(outdir, name);
  const { status, stderr } = spawnSync(
    process.execPath,
    [...options, '--import', require.resolve('tsx'), join(__dirname, 'synth-all.ts')],
    { cwd: PROJECT, env: { ...process.env, CDKTF_OUTDIR: folder }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const read = found.filter((file) => statSync(join(folder, file)).isFile());
  // Latin 1 keeps each byte of an archive.
  return Object.fromEntries(read.map((file) => [file, readFileSync(join(folder, file), 'latin1')]));
}

interface Versioned {
  readonly version?: string;
  readonly '//'?: { readonly metadata?: { readonly version?: string } };
}

function withoutVersion(json: string): Record<string, unknown> {
  const { version: _, '//': comment, ...rest } = JSON.parse(json) as Versioned & Record<string, unknown>;
  const { version: __, ...metadata } = comment?.metadata ?? {};
  return { ...rest, comment: { ...comment, metadata } };
}

function versions(all: Record<string, string>): (string | undefined)[] {
  const stacks = Object.keys(all).filter((name) => name.endsWith('cdk.tf.json'));
  return [...new Set(stacks.map((name) => (JSON.parse(all[name] ?? '{}') as Versioned)['//']?.metadata?.version))];
}
