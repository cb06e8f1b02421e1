import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../../..');
const { paths } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8')).compilerOptions;

export default defineConfig({
  root: here,
  test: {
    globalSetup: './global-setup.ts',
    setupFiles: './setup.ts',
    // A fault waits for its turn, and servers start again after it.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
  // In this repository alone: the package by its name, from its sources.
  resolve: {
    alias: Object.entries(paths as Record<string, [string]>).map(([name, [file]]) => ({
      find: new RegExp(`^${name}$`),
      replacement: path.join(root, file),
    })),
  },
});
