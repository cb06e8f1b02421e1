import { NOWHERE, terraformEnvironment } from '../../terraform/environment';

const base = {
  PATH: '/bin',
  AWS_PROFILE: 'admin',
  AWS_SECRET_ACCESS_KEY: 'real',
  AWS_ENDPOINT_URL: 'http://sandbox',
  TF_CLI_ARGS_plan: '-destroy',
  TF_WORKSPACE: 'mine',
  TF_CLI_CONFIG_FILE: '/not/there',
};

test('offline, nothing of the AWS account of the person is seen, and calls end on this machine', () => {
  const env = terraformEnvironment({ offline: true, cliConfigFile: undefined }, base);

  expect(env).not.toHaveProperty('AWS_PROFILE');
  expect(env).toMatchObject({ PATH: '/bin', AWS_ENDPOINT_URL: NOWHERE, AWS_EC2_METADATA_DISABLED: 'true' });
  expect(Object.values(env)).not.toContain('real');
});

test('otherwise credentials and endpoint are those of the environment', () => {
  const env = terraformEnvironment({ offline: false, cliConfigFile: undefined }, base);

  expect(env).toMatchObject({ AWS_PROFILE: 'admin', AWS_ENDPOINT_URL: 'http://sandbox' });
});

test('what a person set for runs of their own does not bend ours', () => {
  const env = terraformEnvironment({ offline: true, cliConfigFile: '/ours' }, base);

  expect(env).not.toHaveProperty('TF_CLI_ARGS_plan');
  expect(env).not.toHaveProperty('TF_WORKSPACE');
  expect(env).toMatchObject({ TF_CLI_CONFIG_FILE: '/ours', TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' });
});
