import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bundles } from './bundle';
import { FUNCTIONS, type FunctionName } from './function-names';

/** Beside the sources, of a bundle: what decides over it too. */
const SURROUNDINGS = ['package-lock.json', 'tsconfig.json'];
const INPUTS = 'inputs.json';
/** Bundles that nobody has asked for since; younger ones may be in use by another process. */
const OLD_MS = 24 * 60 * 60 * 1_000;

/**
 * The files with the bundled functions, kept from one process to the next.
 *
 * To bundle takes longer than all else that synth does. So a bundle lies under a name made of the content of all it was made of,
 * and is made again only when some of that has changed.
 *
 * @param root   the folder that `lambda/` is in
 * @param folder where bundles are kept
 */
export function cachedBundles(
  root: string,
  folder: string,
  make: (root: string) => Bundles = bundleNow,
): Readonly<Record<FunctionName, string>> {
  const known = knownInputs(folder);
  const expected = known && keyOf(root, known);
  if (expected !== undefined && FUNCTIONS.every((name) => existsSync(fileOf(folder, expected, name))))
    return files(folder, expected);
  const { zips, inputs } = make(root);
  const key = keyOf(root, inputs);
  // Sources that are gone again while they are read belong to no bundle that could be found.
  if (key === undefined) throw new Error(`The sources of the functions in ${root} changed while they were bundled.`);
  store(folder, key, zips);
  writeAtOnce(path.join(folder, INPUTS), JSON.stringify(inputs));
  removeOld(folder, key);
  return files(folder, key);
}

/** Loaded when there is something to bundle. */
function bundleNow(root: string): Bundles {
  return (require('./bundle') as typeof import('./bundle')).bundle(root);
}

function knownInputs(folder: string): readonly string[] | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, INPUTS), 'utf8'));
  } catch {
    // None yet, or one that is not ours: then there is nothing to be found, and all is made anew.
    return undefined;
  }
}

/** @returns undefined when some of it is not there any more */
function keyOf(root: string, inputs: readonly string[]): string | undefined {
  const hash = createHash('sha256');
  // How it is bundled decides as well.
  hash.update(readFileSync(path.join(__dirname, `bundle${path.extname(__filename)}`)));
  try {
    for (const input of [...inputs, ...SURROUNDINGS]) {
      const content = readFileSync(path.join(root, input));
      hash.update(`${input}\0${content.length}\0`).update(content);
    }
  } catch {
    return undefined;
  }
  return hash.digest('hex').slice(0, 32);
}

/** A whole folder in one step: another process sees all of it or nothing. */
function store(folder: string, key: string, zips: Bundles['zips']): void {
  const fresh = path.join(folder, `${key}.${randomBytes(4).toString('hex')}`);
  mkdirSync(fresh, { recursive: true });
  for (const name of FUNCTIONS) writeFileSync(path.join(fresh, `${name}.zip`), zips[name]);
  try {
    renameSync(fresh, path.join(folder, key));
  } catch {
    // Another process was first, with the same bytes.
    rmSync(fresh, { recursive: true, force: true });
  }
}

function writeAtOnce(file: string, text: string): void {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}

function removeOld(folder: string, current: string): void {
  for (const name of readdirSync(folder)) {
    const entry = path.join(folder, name);
    if (name === current || name === INPUTS) continue;
    const age = Date.now() - (statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > OLD_MS) rmSync(entry, { recursive: true, force: true });
  }
}

function files(folder: string, key: string): Record<FunctionName, string> {
  const entries = FUNCTIONS.map((name) => [name, fileOf(folder, key, name)] as const);
  return Object.fromEntries(entries) as Record<FunctionName, string>;
}

function fileOf(folder: string, key: string, name: FunctionName): string {
  return path.join(folder, key, `${name}.zip`);
}
