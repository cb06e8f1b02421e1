import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeStack, ReadFleetStack } from '../constructs';
import { createApp } from '../main';
import { checked, MINIMAL } from './constructs/support/environments';

const root = path.join(__dirname, '..');
let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(path.join(tmpdir(), 'readfleet-main-'));
});

afterEach(() => rmSync(outdir, { recursive: true }));

test('the app has one stack per environment, of its name', () => {
  const stacks = createApp({ outdir }).node.children.filter((node) => node instanceof ReadFleetStack);

  const members = ['primary', 'instance-1', 'instance-2', 'instance-3'];
  // How many resources a stack has is told by its snapshot; that they are counted, by the test of describeStack().
  const resources = expect.any(Number);
  expect(stacks.map(describeStack)).toEqual([
    { environment: 'dev', topology: 'instances', members: ['primary', 'blue', 'green'], resources },
    { environment: 'production', topology: 'multi-az-cluster', members, resources },
    { environment: 'staging', topology: 'multi-az-cluster', members, resources },
  ]);
});

test('environments can be handed over instead', () => {
  const app = createApp({ outdir, environments: [checked({ name: 'mine' })] });
  app.synth();

  expect(readdirSync(path.join(outdir, 'stacks'))).toEqual(['mine']);
});

test('READFLEET_OFFLINE=1 makes every stack one for planning only, and the option goes before it', () => {
  const environments = [checked({ name: 'mine' })];
  const synthesised = (options: { offline?: boolean } = {}) => {
    createApp({ outdir, environments, ...options }).synth();
    return readFileSync(path.join(outdir, 'stacks/mine/cdk.tf.json'), 'utf8');
  };

  expect(synthesised()).not.toContain('offline');
  process.env.READFLEET_OFFLINE = '1';
  try {
    expect(synthesised()).toContain('offline-plan-only');
    expect(synthesised({ offline: false })).not.toContain('offline');
  } finally {
    delete process.env.READFLEET_OFFLINE;
  }
});

function run(folder: string) {
  // As cdktf.json starts it.
  return spawnSync(process.execPath, ['--require', path.join(root, 'register.cjs'), 'main.ts'], {
    cwd: folder,
    env: { ...process.env, CDKTF_OUTDIR: path.join(outdir, 'out') },
    encoding: 'utf8',
  });
}

test('run directly it writes all stacks, and nothing else', () => {
  const { status, stderr, stdout } = run(root);

  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
  expect(readdirSync(path.join(outdir, 'out/stacks')).sort()).toEqual(['dev', 'production', 'staging']);
});

/** The same app beside environments of its own. */
function appOf(...environments: readonly (typeof MINIMAL)[]): void {
  for (const name of ['constructs', 'lib', 'node_modules']) symlinkSync(path.join(root, name), path.join(outdir, name));
  mkdirSync(path.join(outdir, 'environments'));
  for (const name of ['main.ts', 'environments/index.ts']) copyFileSync(path.join(root, name), path.join(outdir, name));
  for (const written of environments) {
    writeFileSync(
      path.join(outdir, `environments/${written.name}.ts`),
      `import { environment } from '../constructs/environment';\nexport default environment(${JSON.stringify(written)});`,
    );
  }
}

test('an invalid environment ends it with 1 and a readable text, without a stack trace', () => {
  appOf({ ...MINIMAL, name: 'bad', database: { ...MINIMAL.database, backupRetentionDays: 0 } });

  const { status, stderr, stdout } = run(outdir);

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trim().split('\n')).toEqual([
    'environments/bad.ts: 1 problem',
    '  READFLEET_BACKUPS_OFF  database.backupRetentionDays  got: 0',
    '    AWS creates no read replica of a primary without backups.',
    '    Set 1 to 35 (production default: 30).',
  ]);
});

test('what the policies refuse ends it the same way, told of all environments at once', () => {
  appOf(
    { ...MINIMAL, name: 'first', database: { ...MINIMAL.database, deletionProtection: false } },
    { ...MINIMAL, name: 'good' },
    { ...MINIMAL, name: 'second', database: { ...MINIMAL.database, multiAz: false, autoMinorVersionUpgrade: false } },
  );

  const { status, stderr, stdout } = run(outdir);

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.match(/^\S.*$|READFLEET_\w+ {2}\S+/gm)).toEqual([
    'first: 1 problem',
    'READFLEET_POLICY_DELETION_PROTECTION  first/members/primary/instance.deletionProtection',
    'second: 3 problems',
    'READFLEET_POLICY_MULTI_AZ  second/members/primary/instance.multiAz',
    'READFLEET_POLICY_MINOR_UPGRADES  second/members/primary/instance.autoMinorVersionUpgrade',
    'READFLEET_POLICY_MINOR_UPGRADES  second/members/replica-blue/instance.autoMinorVersionUpgrade',
  ]);
});
