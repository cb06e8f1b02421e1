import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The package `kysely`: its highest version is ESM alone, which jest loads by no `require`. */
export type KyselyPackage = typeof import('kysely', { with: { 'resolution-mode': 'import' }}) &
  Pick<typeof import('kysely/migration', { with: { 'resolution-mode': 'import' }}), 'Migrator'>;

const PROJECT = path.resolve(__dirname, '..', '..');

/** Packs the installed `kysely` as a CommonJS module, and loads that. */
export function loadKysely(): KyselyPackage {
  const folder = path.join(PROJECT, '.readfleet', 'subjects');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `kysely-package.${process.pid}.cjs`);
  const { status, stderr } = spawnSync(
    path.join(PROJECT, 'node_modules', '.bin', 'esbuild'),
    ['--bundle', '--platform=node', '--format=cjs', '--log-level=warning', `--outfile=${outfile}`],
    {
      cwd: PROJECT,
      encoding: 'utf8',
      input: "export * from 'kysely'; export { Migrator } from 'kysely/migration';",
    },
  );
  if (status !== 0) throw new Error(`esbuild on kysely:\n${stderr}`);
  try {
    return require(outfile) as KyselyPackage;
  } finally {
    rmSync(outfile);
  }
}
