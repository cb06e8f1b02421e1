/**
 * Tests that need a program which not every machine has. Without it they are left out, and the end of the run says how
 * many and how to get it; in CI nothing may be left out, and each of them fails instead.
 */
import { findings, type ToolName } from './left-out-tools';

/** What {@link describeWith} may ask for. */
export const terraform: ToolName = 'terraform';
export const chromium: ToolName = 'chromium';
export const promtool: ToolName = 'promtool';
export const superuser: ToolName = 'superuser';
export const lowest: ToolName = 'lowest';

/** Whether nothing may be left out. */
export function inCi(env: NodeJS.ProcessEnv = process.env): boolean {
  return !['', '0', 'false'].includes((env.CI ?? '').toLowerCase());
}

/**
 * `describe` for tests that need a tool. What is decided here was found before the first test file was read
 * (left-out-setup.ts), because jest collects tests without waiting for promises.
 *
 * @example
 * describeWith(terraform, 'every environment', () => { test(…) });
 */
export function describeWith(tool: ToolName, name: string, tests: () => void): void {
  const finding = findings()[tool];
  if (finding.kind === 'found') {
    describe(name, tests);
  } else if (inCi()) {
    describe(name, () => {
      beforeAll(() => {
        throw new Error(`In CI nothing is left out, and ${finding.title} is missing. ${finding.reason} ${finding.fix}`);
      });
      tests();
    });
  } else {
    // The reporter counts by this mark: jest tells it titles and states, and nothing else.
    describe.skip(`${name} [left out: ${tool}]`, tests);
  }
}
