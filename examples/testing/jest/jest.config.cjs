const { paths } = require('../../../tsconfig.json').compilerOptions;

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  globalSetup: './global-setup.ts',
  setupFilesAfterEnv: ['./setup.ts'],
  // A fault waits for its turn, and servers start again after it.
  testTimeout: 30_000,
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // In this repository alone: the package by its name, from its sources.
  moduleNameMapper: Object.fromEntries(
    Object.entries(paths).map(([name, [file]]) => [`^${name}$`, `<rootDir>/../../../${file}`]),
  ),
};
