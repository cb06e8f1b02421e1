import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidConfigError } from '../../constructs/environment';
import { loadEnvironments } from '../../environments';
import { MINIMAL } from '../constructs/support/environments';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'readfleet-environments-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A file that exports what `environment()` makes of `MINIMAL` with other words. */
function write(name: string, changes: object): void {
  const helper = JSON.stringify(path.join(__dirname, '../../constructs/environment'));
  const input = JSON.stringify({ ...MINIMAL, ...changes });
  writeFileSync(path.join(folder, name), `exports.default = require(${helper}).environment(${input});`);
}

function refused(): InvalidConfigError {
  try {
    loadEnvironments(folder);
  } catch (error) {
    if (error instanceof InvalidConfigError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

test('the project has dev, production and staging, in order of name', () => {
  expect(loadEnvironments().map(({ file, environment }) => [file, environment.name])).toEqual([
    ['environments/dev.ts', 'dev'],
    ['environments/production.ts', 'production'],
    ['environments/staging.ts', 'staging'],
  ]);
});

test('every file of the folder but the index is an environment', () => {
  write('one.js', { name: 'one' });
  write('two.js', { name: 'two' });
  writeFileSync(path.join(folder, 'index.js'), 'throw new Error("not me")');
  writeFileSync(path.join(folder, 'notes.md'), '');

  expect(loadEnvironments(folder).map(({ environment }) => environment.name)).toEqual(['one', 'two']);
});

test('the problems of all files are told at once, file by file', () => {
  write('good.js', { name: 'good' });
  write('one.js', { name: 'one', lag: { warningSeconds: 6, criticalSeconds: 5 } });
  write('two.js', { name: 'two', topology: 'kubernetes', region: 'Frankfurt' });

  const { code, message, problems } = refused();

  const base = path.basename(folder);
  expect(code).toBe('READFLEET_ENVIRONMENTS_INVALID');
  expect(message).toContain(`${base}/one.js: 1 problem\n  READFLEET_LAG_ORDER  lag  got:`);
  expect(message).toContain(`${base}/two.js: `);
  expect(message).not.toContain('good.js');
  expect(problems.map((problem) => problem.code)).toEqual(
    expect.arrayContaining(['READFLEET_LAG_ORDER', 'READFLEET_TOPOLOGY']),
  );
});

test('an environment that has not the name of its file is refused', () => {
  write('prod.js', { name: 'production' });

  expect(refused().problems).toEqual([
    expect.objectContaining({ code: 'READFLEET_ENVIRONMENT_NAME', path: 'name', got: 'production' }),
  ]);
});

test('a file that exports something else, or cannot be loaded, does not hide the others', () => {
  writeFileSync(path.join(folder, 'broken.js'), 'throw new Error("no such thing")');
  writeFileSync(path.join(folder, 'plain.js'), 'exports.default = { name: "plain" };');

  const { message, problems } = refused();

  expect(problems.map(({ code }) => code)).toEqual([
    'READFLEET_ENVIRONMENT_UNREADABLE',
    'READFLEET_ENVIRONMENT_EXPORT',
  ]);
  expect(message).toContain('no such thing');
});
