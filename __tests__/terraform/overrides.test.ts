import { offlineOverride, withoutRoles } from '../../terraform/overrides';

test('the state goes to this disk', () => {
  expect(offlineOverride({ terraform: { backend: { s3: { bucket: 'b' } } } })).toMatchObject({
    terraform: { backend: { local: {} } },
  });
});

test('every AWS provider is kept from calling AWS, also the one with an alias, and keeps its region', () => {
  const stack = { provider: { aws: [{ region: 'eu-west-1' }, { alias: 'paris', region: 'eu-west-3' }] } };
  const skip = {
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_requesting_account_id: true,
  };

  const { provider } = offlineOverride(stack);

  expect(provider).toEqual({
    aws: [expect.objectContaining(skip), expect.objectContaining({ alias: 'paris', ...skip })],
  });
  expect(JSON.stringify(provider)).not.toContain('region');
});

test('a provider that stands alone, or is left to its defaults, is met too', () => {
  expect(offlineOverride({ provider: { aws: { region: 'eu-west-1' } } })).toHaveProperty('provider.aws.length', 1);
  expect(offlineOverride({})).toHaveProperty('provider.aws.length', 1);
});

test('what would read the credentials or the account of the person is unset', () => {
  const aws = { profile: 'admin', allowed_account_ids: ['1'], shared_config_files: ['x'] };

  expect(offlineOverride({ provider: { aws } })).toMatchObject({
    provider: { aws: [{ profile: null, allowed_account_ids: null, shared_config_files: null }] },
  });
});

test('roles are taken out of the stack, and nothing else', () => {
  const stack = {
    provider: { aws: [{ region: 'eu-west-1', assume_role: [{ role_arn: 'arn' }] }], random: [{}] },
    resource: { aws_kms_key: { key: {} } },
  };

  expect(withoutRoles(stack)).toEqual({
    provider: { aws: [{ region: 'eu-west-1' }], random: [{}] },
    resource: { aws_kms_key: { key: {} } },
  });
});
