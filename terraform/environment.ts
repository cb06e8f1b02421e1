import { devNull } from 'node:os';

/** Keys that look like keys and open nothing. */
export const DUMMY_KEYS = { access_key: 'readfleet-offline', secret_key: 'readfleet-offline' } as const;

/**
 * Where AWS calls of an offline plan go: a loopback port on which nobody listens, so that a data source or an ephemeral
 * resource that does ask AWS fails at once and by name, and not after minutes of retries.
 */
export const NOWHERE = 'http://127.0.0.1:9';

export interface TerraformEnvironment {
  /** Whether AWS must not be asked. */
  readonly offline: boolean;
  /** The CLI configuration, or none to leave Terraform to its defaults. */
  readonly cliConfigFile: string | undefined;
}

/**
 * The environment of a Terraform process that a program reads: quiet, without colour, without calling home, and free of
 * the settings that a person has for their own runs (`TF_CLI_ARGS`, `TF_WORKSPACE`, `TF_DATA_DIR`).
 */
export function terraformEnvironment(
  options: TerraformEnvironment,
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(base)) {
    if (/^TF_(CLI_|WORKSPACE$|DATA_DIR$|INPUT$)/.test(name)) continue;
    if (options.offline && name.startsWith('AWS_')) continue;
    env[name] = value;
  }
  Object.assign(env, { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1', NO_COLOR: '1' });
  if (options.cliConfigFile) env.TF_CLI_CONFIG_FILE = options.cliConfigFile;
  if (options.offline) {
    Object.assign(env, {
      AWS_ACCESS_KEY_ID: DUMMY_KEYS.access_key,
      AWS_SECRET_ACCESS_KEY: DUMMY_KEYS.secret_key,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: NOWHERE,
      AWS_MAX_ATTEMPTS: '1',
    });
  }
  return env;
}
