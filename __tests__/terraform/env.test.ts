import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { terraformPlatform } from '../../terraform/provider-mirror';
import { place, program, temporaryFolder } from './folder';

const PROJECT = resolve(__dirname, '..', '..');
const folder = temporaryFolder();
const terraform = program(join(folder, 'terraform'), '{"terraform_version":"1.11.4"}');
const mirror = join(folder, "Ada's mirror");
place(
  join(mirror, 'registry.example/hashicorp/aws/5.100.0', terraformPlatform(), 'terraform-provider-aws_v5.100.0_x5'),
  '',
  0o755,
);

/** Writes into a folder of its own: a shell of a person may be using the usual file. */
const TO = ['--to', join(folder, 'terraform.tfrc')];

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const entry = ['--import', 'tsx', join(PROJECT, 'terraform', 'env.ts'), ...args];
  return spawnSync(process.execPath, entry, {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder, READFLEET_TERRAFORM: terraform, ...env },
  });
}

test('a shell that evaluates it uses the mirror, and asks no registry', () => {
  const { stdout, stderr, status } = run(TO, { READFLEET_TERRAFORM_MIRROR: mirror });
  const shown = spawnSync(
    'sh',
    ['-c', `${stdout}\necho "$TF_CLI_CONFIG_FILE|$CDKTF_SKIP_PROVIDER_LOCK|$CHECKPOINT_DISABLE"`],
    {
      encoding: 'utf8',
    },
  );
  const [file = '', ...others] = shown.stdout.trim().split('|');

  expect(status).toBe(0);
  expect(stderr).toContain(`AWS provider 5.100.0 from ${mirror}`);
  expect(file).toBe(TO[1]);
  expect(existsSync(file)).toBe(true);
  expect(others).toEqual(['true', '1']);
});

test('without Terraform it prints no statement, and says how to get it', () => {
  const { stdout, stderr, status } = run(TO, { READFLEET_TERRAFORM: join(folder, 'none') });

  expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  expect(stderr).toContain('Install Terraform');
});

test('--help explains itself, and an unknown option is refused', () => {
  expect(run(['--help']).stdout).toContain('eval "$(npm run -s terraform:env)"');
  expect(run(['--downlaod'])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--downlaod') });
});

test('--unset takes back every variable that is set', () => {
  const set = run(TO, { READFLEET_TERRAFORM_MIRROR: mirror }).stdout.match(/(?<=^export )\w+/gm);
  const unset = run(['--unset']).stdout.match(/(?<=^unset )\w+/gm);

  expect(unset?.sort()).toEqual(set?.sort());
});
