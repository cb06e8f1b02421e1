import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isSupportedTerraform, TERRAFORM_FLOOR } from './version';

const run = promisify(execFile);

/** How long `terraform version` may take before it counts as broken. It needs 50 ms on an idle machine. */
const VERSION_TIMEOUT_MS = 20_000;

const HOW_TO_GET =
  `Install Terraform ${TERRAFORM_FLOOR} or newer (https://developer.hashicorp.com/terraform/install) so that it is on the PATH, ` +
  'or set READFLEET_TERRAFORM to the program.';

/** The Terraform program of this machine, or why there is none and how to get it. */
export type TerraformFinding =
  | { readonly kind: 'found'; readonly path: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string; readonly fix: string };

/**
 * Finds the Terraform program: the one that `READFLEET_TERRAFORM` names, else the first on the PATH.
 *
 * A program that is named but unusable is not passed over for another: the person meant that one.
 *
 * @param env the environment to look in
 */
export async function findTerraform(env: NodeJS.ProcessEnv = process.env): Promise<TerraformFinding> {
  const named = env.READFLEET_TERRAFORM;
  const path = named ? executable(resolve(named)) : onPath(env);
  if (!path) {
    const reason = named
      ? `READFLEET_TERRAFORM is "${named}", and no executable file is there.`
      : 'No terraform is on the PATH.';
    return { kind: 'missing', reason, fix: HOW_TO_GET };
  }
  return askVersion(path, env);
}

async function askVersion(path: string, env: NodeJS.ProcessEnv): Promise<TerraformFinding> {
  let output: string;
  try {
    // Without the CLI configuration of the person: Terraform warns when the variable names a file that is not there.
    const { TF_CLI_CONFIG_FILE: _, ...rest } = env;
    const answer = await run(path, ['version', '-json'], {
      env: { ...rest, CHECKPOINT_DISABLE: '1' },
      timeout: VERSION_TIMEOUT_MS,
    });
    output = answer.stdout;
  } catch (error) {
    return { kind: 'missing', reason: `${path} does not run: ${(error as Error).message.trim()}`, fix: HOW_TO_GET };
  }
  const version = versionIn(output);
  if (!version) return { kind: 'missing', reason: `${path} does not tell its version.`, fix: HOW_TO_GET };
  if (!isSupportedTerraform(version)) {
    const reason = `${path} is version ${version}; readfleet needs ${TERRAFORM_FLOOR} or newer, for write-only arguments.`;
    return { kind: 'missing', reason, fix: HOW_TO_GET };
  }
  return { kind: 'found', path, version };
}

function versionIn(output: string): string | undefined {
  try {
    const version = (JSON.parse(output) as { terraform_version?: unknown }).terraform_version;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

function onPath(env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? 'terraform.exe' : 'terraform';
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const found = folder && executable(join(folder, name));
    if (found) return found;
  }
  return undefined;
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
