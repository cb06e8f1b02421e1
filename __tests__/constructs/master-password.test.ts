import type { Environment } from '../../constructs';
import { loadEnvironments } from '../../environments';
import { checked, checkedAurora, checkedCluster } from './support/environments';
import { synthesise, tf } from './support/synth';

const production = synthesise(checked());

describe('the master password', () => {
  const value = tf('ephemeral.aws_secretsmanager_random_password.master-password.random_password');

  test('feeds primary and secret from one ephemeral value, with one version', () => {
    const stack = synthesise(checked({}, { masterPasswordVersion: 4 }));

    expect(stack.one('aws_db_instance', 'primary')).toMatchObject({ password_wo: value, password_wo_version: 4 });
    expect(stack.one('aws_secretsmanager_secret_version', 'master')).toMatchObject({
      secret_string_wo: expect.stringContaining(value.slice(2, -1)),
      secret_string_wo_version: 4,
      lifecycle: { replace_triggered_by: ['aws_db_instance.primary.resource_id'] },
    });
    expect(stack.one('terraform_data', 'master-password').triggers_replace).toBe(4);
  });

  test('is unknown while a first deployment is planned, so that the plan calls nothing', () => {
    expect(production.ephemeral.aws_secretsmanager_random_password?.['master-password']?.exclude_characters).toBe(
      tf('terraform_data.master-password.output'),
    );
  });

  test('goes into the secret after the primary has taken it', () => {
    expect(production.one('aws_secretsmanager_secret_version', 'master').secret_string_wo).toContain(
      'aws_db_instance.primary.address',
    );
  });

  describe.each<[string, Environment]>([
    ...loadEnvironments().map(({ environment: one }): [string, Environment] => [one.name, one]),
    ['a cluster with a proxy', checkedCluster({ proxy: {} })],
    ['an Aurora cluster with a proxy', checkedAurora({ proxy: { auth: 'password' } })],
    ['instances with a proxy', checked({ proxy: {} })],
  ])('of %s', (_, environment) => {
    const { text } = synthesise(environment);

    test('leaves nothing secret in the synthesised JSON', () => {
      expect(text).not.toMatch(
        /"(password|secret_string|secret_binary|master_password|access_key|secret_key|token|value_wo)":/,
      );
      expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|-----BEGIN/);
    });

    test('is the ephemeral one of instances, and made by AWS for a cluster', () => {
      const written = environment.topology === 'instances' ? [`"password_wo": "${value}"`] : [];

      expect(text.match(/"password_wo": "[^"]*"/g) ?? []).toEqual(written);
      expect(text.includes('"manage_master_user_password": true')).toBe(environment.topology !== 'instances');
    });
  });
});
