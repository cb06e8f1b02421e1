import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inCi } from './left-out';

const PROJECT = resolve(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number;
  readonly text: string;
  readonly numbers: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

/** Runs jest on the fixture, on a machine that has no Terraform. */
function runWithoutTerraform(name: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const numbers = join(folder, `${name}.json`);
  const jest = require.resolve('jest/bin/jest');
  // A pattern that is given here stands in for that of the configuration.
  const args = [jest, '--testMatch', '**/support/left-out-fixture.ts', '--runInBand'];
  const { READFLEET_TERRAFORM: _, ...rest } = process.env;
  return new Promise((done) => {
    execFile(
      process.execPath,
      args,
      { cwd: PROJECT, env: { ...rest, PATH: folder, READFLEET_TEST_NUMBERS: numbers, ...env } },
      (error, stdout, stderr) =>
        done({
          code: error ? Number(error.code) : 0,
          text: stdout + stderr,
          numbers: JSON.parse(readFileSync(numbers, 'utf8')),
        }),
    );
  });
}

test('without Terraform the run passes, and its end says what was left out and how to get it', async () => {
  const { code, text, numbers } = await runWithoutTerraform('alone', { CI: '' });

  expect(text).toContain(
    'Left out: 2 tests, for want of Terraform.\n  No terraform is on the PATH.\n  Install Terraform',
  );
  expect(numbers).toEqual({ passed: 1, failed: 0, skipped: 2 });
  expect(code).toBe(0);
});

test('in CI they fail, and each says why', async () => {
  const { code, text, numbers } = await runWithoutTerraform('ci', { CI: 'true' });

  expect(text).toContain('In CI nothing is left out, and Terraform is missing.');
  expect(text).not.toContain('Left out:');
  expect(numbers).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(code).toBe(1);
});

test.each([
  [{ CI: 'true' }, true],
  [{ CI: '1' }, true],
  [{ CI: 'false' }, false],
  [{ CI: '' }, false],
  [{}, false],
])('%j is CI: %s', (env, expected) => {
  expect(inCi(env)).toBe(expected);
});

describe('the reporter', () => {
  const { block, leftOut, numbers } = require('./left-out-reporter.cjs') as {
    leftOut(results: unknown[]): Map<string, number>;
    block(counts: Map<string, number>, tools: Record<string, unknown>): string;
    numbers(results: Record<string, unknown>): Run['numbers'];
  };

  test('says nothing when nothing was left out', () => {
    const skipped = { ancestorTitles: ['a plain describe.skip'], status: 'pending' };

    expect(block(leftOut([{ testResults: [skipped] }]), {})).toBe('');
  });

  test('counts a test file that could not be run as failed', () => {
    const results = {
      numPassedTests: 4,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 2,
      numPendingTests: 0,
      numTodoTests: 0,
    };

    expect(numbers(results)).toEqual({ passed: 4, failed: 3, skipped: 0 });
  });
});
