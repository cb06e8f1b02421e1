import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cachedBundles } from '../../../constructs/functions/bundle-cache';

let root: string;
let folder: string;
let made: number;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'readfleet-bundles-'));
  folder = path.join(root, 'cache');
  made = 0;
  for (const name of ['package-lock.json', 'tsconfig.json', 'a.ts', 'b.ts']) writeFileSync(path.join(root, name), name);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Bundles that hold what the sources hold. */
const get = () =>
  cachedBundles(root, folder, () => {
    made += 1;
    const text = readFileSync(path.join(root, 'a.ts'));
    return { zips: { emitter: text, bootstrap: text }, inputs: ['a.ts', 'b.ts'] };
  });
/** As long as before, and at any time of the clock: what counts is the content. */
const change = (name: string) => writeFileSync(path.join(root, name), name.toUpperCase());

test('bundles are made once, and found again as long as nothing changes', () => {
  const first = get();
  expect(get()).toEqual(first);
  expect(made).toBe(1);
  expect(readFileSync(first.emitter, 'utf8')).toBe('a.ts');
});

test.each(['a.ts', 'b.ts', 'package-lock.json', 'tsconfig.json'])('when %s changes they are made anew', (name) => {
  const first = get();
  change(name);
  expect(get().emitter).not.toBe(first.emitter);
  expect(made).toBe(2);
});

test('a source that is gone is no reason to deploy what it was', () => {
  get();
  rmSync(path.join(root, 'b.ts'));
  expect(get).toThrow(/changed while they were bundled/);
  expect(made).toBe(2);
});

test('content counts, not time', () => {
  get();
  utimesSync(path.join(root, 'a.ts'), 1, 1);
  get();
  expect(made).toBe(1);
});

test('sources that are as they were find the bundle of then', () => {
  const first = get();
  change('a.ts');
  get();
  writeFileSync(path.join(root, 'a.ts'), 'a.ts');
  expect(get()).toEqual(first);
});

test.each(['{', '"nothing"', '[]'])('a list of sources that was spoilt (%s) makes them anew', (text) => {
  const first = get();
  writeFileSync(path.join(folder, 'inputs.json'), text);
  expect(get()).toEqual(first);
  expect(made).toBe(2);
});

test('a bundle of which a file is missing is made anew', () => {
  const first = get();
  rmSync(path.dirname(first.bootstrap), { recursive: true });
  expect(existsSync(get().bootstrap)).toBe(true);
});

test('bundles of yesterday go when another is made; those of today, and those in the making, stay', () => {
  const old = path.join(folder, 'old');
  const young = path.join(folder, 'young.tmp');
  for (const entry of [old, young]) mkdirSync(entry, { recursive: true });
  const yesterday = Date.now() / 1_000 - 25 * 60 * 60;
  utimesSync(old, yesterday, yesterday);
  const { emitter } = get();
  expect(readdirSync(folder).sort()).toEqual([path.basename(path.dirname(emitter)), 'inputs.json', 'young.tmp'].sort());
});
