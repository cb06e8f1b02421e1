import { settled } from '../../terraform';
import { stateFile } from '../../terraform/applied-state';
import type { AppliedResource } from '../../terraform/mock-test';
import type { Plan } from '../../terraform/plan';

function resource(changes: Partial<AppliedResource> = {}): AppliedResource {
  return {
    address: 'aws_kms_key.key',
    mode: 'managed',
    type: 'aws_kms_key',
    name: 'key',
    provider: 'registry.example/hashicorp/aws',
    schemaVersion: 1,
    values: {},
    sensitive: {},
    dependsOn: [],
    ...changes,
  };
}

describe('what a real apply would have left', () => {
  test('is what the real plan knew, and the mocked value of the rest', () => {
    const mocked = resource({ values: { usage: null, arn: 'mocked', rules: [{ id: 'mocked' }] } });
    const plan = {
      resources: [
        {
          address: 'aws_kms_key.key',
          after: { usage: 'ENCRYPT_DECRYPT', rules: [{ to: 1 }] },
          afterUnknown: { arn: true, rules: [{ id: true }] },
        },
      ],
    } as unknown as Plan;

    expect(settled({ resources: [mocked], outputs: {} }, plan).resources[0]?.values).toEqual({
      usage: 'ENCRYPT_DECRYPT',
      arn: 'mocked',
      rules: [{ id: 'mocked' }],
    });
  });

  test('is the mocked resource where no plan speaks of it', () => {
    const mocked = resource({ values: { arn: 'mocked' } });
    const plan = { resources: [] } as unknown as Plan;

    expect(settled({ resources: [mocked], outputs: {} }, plan).resources).toEqual([mocked]);
  });
});

describe('the state file', () => {
  const written = (changes: Partial<AppliedResource>) =>
    (stateFile({ resources: [resource(changes)], outputs: {} }).resources as readonly object[])[0];

  test('names the provider, with its alias where it has one', () => {
    expect(written({})).toMatchObject({ provider: 'provider["registry.example/hashicorp/aws"]' });
    expect(written({ alias: 'paris' })).toMatchObject({ provider: 'provider["registry.example/hashicorp/aws"].paris' });
  });

  test('says what is sensitive, without which the next plan would update it', () => {
    expect(
      written({ values: { password: null }, sensitive: { password: true, rules: [{ key: true }] } }),
    ).toMatchObject({
      instances: [
        {
          schema_version: 1,
          sensitive_attributes: [
            [{ type: 'get_attr', value: 'password' }],
            [
              { type: 'get_attr', value: 'rules' },
              { type: 'index', value: { value: 0, type: 'number' } },
              { type: 'get_attr', value: 'key' },
            ],
          ],
        },
      ],
    });
  });

  test('says the type of what may be of any', () => {
    expect(written({ type: 'terraform_data', values: { id: 'x', input: 'y', output: null } })).toMatchObject({
      instances: [{ attributes: { id: 'x', input: { value: 'y', type: 'string' }, output: null } }],
    });
  });
});
