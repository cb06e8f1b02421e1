import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { ReadfleetError } from '../../lib/errors';
import { FUNCTIONS, type FunctionName } from './function-names';

/** Where the handler is: `index.handler`. */
const ENTRY = 'index.js';
/** The first moment that a zip can tell. Any other would make each bundle differ from the last. */
const NO_TIME = new Date(1980, 0, 1);

export interface Bundles {
  /** By function: a zip of one CommonJS file. */
  readonly zips: Readonly<Record<FunctionName, Uint8Array>>;
  /** What they were made of, as paths from the root. */
  readonly inputs: readonly string[];
}

/** What is used of esbuild; its own types would be asked of everyone who installs the package. */
interface Esbuild {
  buildSync(options: object): {
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
  };
}

/**
 * Bundles the functions, both in one run of esbuild: the same bytes for the same sources, wherever and whenever.
 *
 * @param root the folder that `lambda/` is in
 * @throws ReadfleetError `READFLEET_ESBUILD_MISSING`
 */
export function bundle(root: string): Bundles {
  const outdir = mkdtempSync(path.join(tmpdir(), 'readfleet-bundle-'));
  try {
    const { metafile } = esbuild().buildSync({
      absWorkingDir: root,
      entryPoints: FUNCTIONS.map((name) => path.join('lambda', `${name}.ts`)),
      // By way of files: handed over in memory they would cost the process that synthesises 25 MiB.
      outdir,
      metafile: true,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      // The ES modules of a package, where it has both: what is not used can be left out.
      mainFields: ['module', 'main'],
      minify: true,
      // The names of errors are in logs.
      keepNames: true,
      legalComments: 'none',
      charset: 'utf8',
      // `pg` tries it and does without.
      external: ['pg-native'],
      logLevel: 'silent',
    });
    const zips = FUNCTIONS.map((name) => [name, zip(readFileSync(path.join(outdir, `${name}.js`)))] as const);
    return { zips: Object.fromEntries(zips) as Bundles['zips'], inputs: Object.keys(metafile.inputs).sort() };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** fflate, not Node's zlib: the same bytes on every machine and in every release of Node. */
function zip(contents: Uint8Array): Uint8Array {
  // A plain file that all may read, as Lambda demands. Written by a Unix (3), so that the bits count.
  return zipSync({ [ENTRY]: [contents, { mtime: NO_TIME, level: 9, os: 3, attrs: 0o100644 << 16 }] });
}

function esbuild(): Esbuild {
  try {
    // Late: who has bundles already, and every plain import of the constructs, does without.
    return require('esbuild') as Esbuild;
  } catch (cause) {
    throw new ReadfleetError(
      'READFLEET_ESBUILD_MISSING',
      `the fleet's Lambda functions are bundled by esbuild, which cannot be loaded: ${(cause as Error).message}. ` +
        'Install it: npm install --save-dev esbuild',
      { cause },
    );
  }
}
