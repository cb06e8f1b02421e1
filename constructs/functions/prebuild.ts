/** Puts the zips of the functions into the package: a step of `npm run build`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle';
import { FUNCTIONS } from './function-names';

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, 'dist', 'lambda');
const { zips } = bundle(root);
mkdirSync(folder, { recursive: true });
for (const name of FUNCTIONS) writeFileSync(path.join(folder, `${name}.zip`), zips[name]);
