/** Bundles the functions and prints what came out, for tests that want a process, and a working directory, of its own. */
import { createHash } from 'node:crypto';
import { bundle } from '../../../constructs/functions/bundle';

const { zips, inputs } = bundle(process.argv[2] ?? '');
const hashes = Object.entries(zips).map(([name, zip]) => [name, createHash('sha256').update(zip).digest('hex')]);
console.log(JSON.stringify({ hashes: Object.fromEntries(hashes), inputs: inputs.length }));
