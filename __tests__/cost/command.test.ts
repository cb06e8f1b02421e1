import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MINIMAL } from '../constructs/support/environments';

const ROOT = path.join(__dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'readfleet-cost-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** `npm run cost -- …`, without npm. */
function cost(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'cost/index.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** An environment file that exports what `environment()` makes of `MINIMAL` with another class. */
function write(name: string, instanceClass: string): void {
  const helper = JSON.stringify(path.join(ROOT, 'constructs/environment'));
  const input = JSON.stringify({ ...MINIMAL, name, database: { ...MINIMAL.database, instanceClass } });
  writeFileSync(path.join(folder, `${name}.ts`), `exports.default = require(${helper}).environment(${input});`);
}

test('without arguments every environment is estimated', () => {
  const { status, stdout, stderr } = cost();

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^dev: fleet orders/m);
  expect(stdout).toMatch(/^production: fleet orders/m);
  expect(stdout).toMatch(/^staging: fleet orders/m);
  expect(stdout).toMatch(/^All 3 environments: \$[\d,]+\.\d\d/m);
});

test('one environment alone, as JSON', () => {
  const { status, stdout } = cost('production', '--json');

  expect(status).toBe(0);
  const { currency, environments } = JSON.parse(stdout);
  expect(currency).toBe('USD');
  expect(environments).toHaveLength(1);
  expect(environments[0]).toMatchObject({ environment: 'production', region: 'eu-central-1', complete: true });
  expect(environments[0].monthly).toBeGreaterThan(1_000);
});

test('a class that the table does not know is told, and is no failure', () => {
  write('odd', 'db.x2g.large');

  const { status, stdout } = cost('--folder', folder);

  expect(status).toBe(0);
  expect(stdout).toMatch(/primary.*no price known/);
  expect(stdout).toMatch(/per month: at least \$[\d.]+; no price is known for: primary/);
});

test('a name that is no environment: those that are', () => {
  expect(cost('prod', 'staging', 'live')).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'There is no environment "prod", "live". There are: dev, production, staging.\nSee: npm run cost -- --help\n',
  });
});

test('an environment that is wrong: what is wrong, and exit code 1', () => {
  write('wrong', 'r6g.large');

  const { status, stdout, stderr } = cost('--folder', folder);

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('wrong.ts: 1 problem');
  expect(stderr).not.toContain('    at ');
});

test.each([
  [['--yaml'], /'--yaml'/],
  [['--folder', 'nowhere'], /There is no folder nowhere\./],
])('wrong arguments %j end with exit code 2', (args, message) => {
  const { status, stderr } = cost(...args);

  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).toContain('See: npm run cost -- --help');
});

test('--help tells the options and the exit codes', () => {
  const { status, stdout } = cost('--help');

  expect(status).toBe(0);
  expect(stdout).toContain('Usage: npm run cost -- [environment ...] [options]');
  expect(stdout).toContain('Exit codes:');
});
