/**
 * Keeps what a release makes of its environments and examples, for stability.test.ts and upgrade.test.ts to hold every later
 * one against: `npm run release:keep`, once per release, after the version was raised.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp } from '../../../main';
import { environmentsOf } from './releases';

const PROJECT = resolve(__dirname, '..', '..', '..');
const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { readonly version: string };
const release = join(__dirname, version);

if (existsSync(release)) {
  console.error(`${version} is kept already, and what was released does not change.`);
  process.exitCode = 1;
} else {
  keepInputs();
  keepStacks();
  spawnSync(join(PROJECT, 'node_modules', '.bin', 'biome'), ['check', '--write', release], { stdio: 'inherit' });
  console.log(
    `Kept ${version}: ${environmentsOf(version)
      .map(({ name }) => name)
      .join(', ')}.`,
  );
}

/** As they were written, so that a later release that refuses one, or no longer compiles with it, is noticed. */
function keepInputs(): void {
  const folder = join(release, 'environments');
  mkdirSync(folder, { recursive: true });
  for (const from of ['environments', 'examples']) {
    for (const name of readdirSync(join(PROJECT, from))) {
      if (name === 'index.ts' || !name.endsWith('.ts')) continue;
      const source = readFileSync(join(PROJECT, from, name), 'utf8');
      writeFileSync(join(folder, name), source.replaceAll(`'../constructs`, `'../../../../../constructs`));
    }
  }
}

function keepStacks(): void {
  const outdir = mkdtempSync(join(tmpdir(), 'readfleet-release-'));
  try {
    createApp({ outdir, environments: environmentsOf(version), offline: false }).synth();
    mkdirSync(join(release, 'stacks'));
    for (const name of readdirSync(join(outdir, 'stacks'))) {
      const stack = readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8');
      writeFileSync(join(release, 'stacks', `${name}.json`), stack);
    }
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
