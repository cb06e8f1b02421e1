import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

// Each run starts a test runner and a fleet of its own.
jest.setTimeout(180_000);

const root = path.join(__dirname, '..', '..', '..');
const examples = path.join(root, 'examples', 'testing');

/** How each example is run in this repository. */
const RUNNERS: Record<string, string[]> = {
  jest: [
    '--import',
    'tsx',
    require.resolve('jest/bin/jest'),
    '--verbose',
    '-c',
    path.join(examples, 'jest', 'jest.config.cjs'),
  ],
  vitest: [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--no-color', '--reporter=verbose', '-c', path.join(examples, 'vitest', 'vitest.config.mts')],
  ],
  'node:test': ['--import', 'tsx', path.join(examples, 'node-test', 'run.ts')],
};

/** What a runner says of an app, with a bug in it or without. */
async function run(runner: string, bug = ''): Promise<{ code: number | null; output: string }> {
  const { JEST_WORKER_ID: _, NODE_OPTIONS: __, ...env } = process.env;
  const child = spawn(process.execPath, RUNNERS[runner] as string[], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, READFLEET_EXAMPLE_BUG: bug, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

/** Names of tests that failed, each once. */
function failed(output: string): string[] {
  const names = [
    ...output.matchAll(/^\s*(?:✕|×|✖) (?:\S+\.test\.ts > )?(.*?)(?: \(?[\d.]+ ?ms\)?| \([\d.]+m?s\))?$/gm),
  ];
  return [...new Set(names.map(([, name]) => name as string))].filter((name) => name !== 'failing tests:').sort();
}

test.each([
  ['jest', 8],
  ['vitest', 6],
  ['node:test', 6],
])('the example of %s passes, all %i tests of it', async (runner, tests) => {
  const { code, output } = await run(runner);

  expect([code, failed(output)]).toEqual([0, []]);
  expect(output).toMatch(new RegExp(`\\b${tests} passed\\b|\\bpass ${tests}\\b`));
});

describe('a bug in the app is found', () => {
  test('by Jest: requests without sessions', async () => {
    const { code, output } = await run('jest', 'no session');

    expect([code, failed(output)]).toEqual([1, ['who has placed an order sees it, though replicas are 2 s behind']]);
  });

  test('by Vitest: reads that may be of any age', async () => {
    const { code, output } = await run('vitest', 'any age');

    expect([code, failed(output)]).toEqual([1, ['nobody is shown what is older than five seconds']]);
  });

  test('by node:test: reads that all go to the primary, and the message says why', async () => {
    const { code, output } = await run('node:test', 'primary');

    expect([code, failed(output)]).toEqual([
      1,
      [
        'others see it later, and are served by replicas meanwhile',
        'the page is read from replicas',
        'the page is there while the primary is down',
      ],
    ]);
    expect(output).toContain(
      'expected reads from a replica only, but "select count(*)::int as orders from customer_order where customer = $1" ran on the primary: strong',
    );
  });
});
