import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { ReadfleetError } from '../../lib';
import type { missingPeer as Told } from '../../lib/missing-peer';

const NAME = '@nestjs/common';
const RANGE = '^10.0.0 || ^11.0.0';
const SOURCE = path.resolve(__dirname, '../../lib/missing-peer.ts');

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'readfleet-peer-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What is told by the built file at a place of its own, with the `package.json` that stands above it. */
function toldAt(place: string, manifests: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(root, 'at-'));
  const built = path.join(folder, place);
  mkdirSync(path.dirname(built), { recursive: true });
  buildSync({ entryPoints: [SOURCE], outfile: built, bundle: true, platform: 'node', logLevel: 'error' });
  const { missingPeer } = require(built) as { missingPeer: typeof Told };
  // Not looked at until somebody is told; and Node, which looks for one when it loads a file, would not take one that is broken.
  for (const [file, text] of Object.entries(manifests)) writeFileSync(path.join(folder, file), text);
  const cause = Object.assign(new Error(`Cannot find module '${NAME}'`), { code: 'MODULE_NOT_FOUND' });
  return (missingPeer(NAME, 'readfleet/nestjs needs the package', cause) as ReadfleetError).message;
}

const ours = JSON.stringify({ name: 'readfleet', peerDependencies: { [NAME]: RANGE } });

test('in the package, the range stands two folders above', () => {
  expect(toldAt('dist/lib/missing-peer.js', { 'package.json': ours })).toBe(
    `readfleet/nestjs needs the package ${NAME}, which is not installed. Run: npm install "${NAME}@${RANGE}"`,
  );
});

test.each<[string, Record<string, string>]>([
  ['is not there', {}],
  ["is the app's", { 'package.json': JSON.stringify({ name: 'app', peerDependencies: { [NAME]: '^1.0.0' } }) }],
  ['is broken', { 'package.json': '{' }],
  ['says nothing of peers', { 'package.json': '{ "name": "readfleet" }' }],
])('where it %s, the bare name is told', (_, manifests) => {
  expect(toldAt('dist/bundle/app.js', manifests)).toMatch(new RegExp(`Run: npm install ${NAME}$`));
});
