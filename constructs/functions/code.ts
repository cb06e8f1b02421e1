import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FunctionName } from './function-names';

/** The code of a function: a zip, and what it is told apart by. */
export interface FunctionCode {
  /** Absolute; for the process that synthesises alone. */
  readonly file: string;
  /** SHA-256 of the zip. */
  readonly hash: Buffer;
}

/** What both `constructs/` and `lambda/` are in: the repository, or `dist` in the package. */
const HOUSE = path.join(__dirname, '..', '..');

const kept = new Map<FunctionName, FunctionCode>();

/**
 * The code of a function, made once per process.
 *
 * The package brings the zips: who deploys with it needs neither esbuild nor the AWS SDK, and deploys what was tested. In the
 * repository they are bundled from the sources (docs/decisions/0050-functions.md).
 *
 * @throws ReadfleetError `READFLEET_ESBUILD_MISSING`, in the repository
 */
export function functionCode(name: FunctionName): FunctionCode {
  const found = kept.get(name) ?? read(name);
  kept.set(name, found);
  return found;
}

function read(name: FunctionName): FunctionCode {
  const built = path.join(HOUSE, 'lambda', `${name}.zip`);
  const file = existsSync(built) ? built : fromSources(name);
  return { file, hash: createHash('sha256').update(readFileSync(file)).digest() };
}

function fromSources(name: FunctionName): string {
  const { cachedBundles } = require('./bundle-cache') as typeof import('./bundle-cache');
  return cachedBundles(HOUSE, path.join(HOUSE, '.readfleet', 'functions'))[name];
}
