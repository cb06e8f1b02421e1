import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const project = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The package.json that is published. */
export const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));

/**
 * What the package can be imported by, in the order of `exports`: its name as in `exports`, the specifier of users, and its two files in `dist`.
 */
export const entries = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([key, target]) => ({
    key,
    specifier: `${manifest.name}${key.slice(1)}`,
    code: join(project, target.default),
    types: join(project, target.types),
  }));
