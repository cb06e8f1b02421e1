const { paths } = require('./tsconfig.json').compilerOptions;

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
        },
      },
    ],
  },
  // Examples import the package by its public names; tests run them on the sources, as tsx and tsc do.
  moduleNameMapper: Object.fromEntries(
    Object.entries(paths).map(([name, [file]]) => [`^${name}$`, `<rootDir>/${file}`]),
  ),
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
  // Real servers and the real Terraform: slow on a busy machine is not wrong.
  testTimeout: 60_000,
  // Most tests wait for servers or for Terraform: a core for the one that gathers the others would stand idle.
  maxWorkers: '100%',
  // What this machine has is found once; tests that need what it has not are left out, and the reporter says so.
  globalSetup: '<rootDir>/__tests__/support/left-out-setup.ts',
  reporters: ['default', '<rootDir>/__tests__/support/left-out-reporter.cjs'],
};
