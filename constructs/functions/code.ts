import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ReadfleetError } from '../../lib/errors';
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
/** Within it, beside the rest of what is not kept in the repository. */
const CACHE = path.join('.readfleet', 'functions');

const kept = new Map<FunctionName, FunctionCode>();
/** By house: both functions are bundled, or found, at once. */
const bundled = new Map<string, Readonly<Record<FunctionName, string>>>();

/**
 * The code of a function, made once per process.
 *
 * The package brings the zips: who deploys with it needs neither esbuild nor the AWS SDK, and deploys what was tested. In the
 * repository they are bundled from the sources (docs/decisions/0050-functions.md).
 *
 * @throws ReadfleetError `READFLEET_FUNCTION_CODE_MISSING`, or `READFLEET_ESBUILD_MISSING` in the repository
 */
export function functionCode(name: FunctionName): FunctionCode {
  const found = kept.get(name) ?? findCode(name, HOUSE);
  kept.set(name, found);
  return found;
}

/** The code of a function in `house`, as built or from its sources. */
export function findCode(name: FunctionName, house: string): FunctionCode {
  const built = path.join(house, 'lambda', `${name}.zip`);
  const file = existsSync(built) ? built : fromSources(name, house);
  return { file, hash: createHash('sha256').update(readFileSync(file)).digest() };
}

function fromSources(name: FunctionName, house: string): string {
  if (!existsSync(path.join(house, 'lambda', `${name}.ts`))) {
    throw new ReadfleetError(
      'READFLEET_FUNCTION_CODE_MISSING',
      `the code of the Lambda function "${name}" is not beside the constructs, in ${path.join(house, 'lambda')}. ` +
        'Install readfleet again, and leave it out of what you bundle yourself: its files must stay together.',
    );
  }
  const { cachedBundles } = require('./bundle-cache') as typeof import('./bundle-cache');
  const files = bundled.get(house) ?? cachedBundles(house, path.join(house, CACHE));
  bundled.set(house, files);
  return files[name];
}
