import { Testing } from 'cdktf';
import { describeStack, environment, ReadFleetStack } from '../../constructs';
import { loadEnvironments } from '../../environments';
import { testApp } from './support/app';
import { checked, input } from './support/environments';
import { parse, synthesise } from './support/synth';

const production = synthesise(checked());

describe('state and provider', () => {
  test('state in S3 is encrypted and locked', () => {
    expect(production.terraform.backend).toEqual({
      s3: {
        bucket: 'state',
        key: 'readfleet/orders/test.tfstate',
        region: 'eu-central-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('versions are as wide as is true', () => {
    expect(production.terraform).toMatchObject({
      required_version: '>= 1.11.0',
      required_providers: { aws: { source: 'aws', version: '>= 5.100.0, < 7.0.0' } },
    });
  });

  test('a normal synth bakes in no key, endpoint or account', () => {
    expect(production.provider.aws).toEqual([{ region: 'eu-central-1' }]);
    expect(production.text).not.toMatch(/"(?:endpoints|access_key|secret_key|profile)"|:\d{12}:|offline/);
  });

  test('an offline synth has keys that AWS refuses, calls nothing and keeps its state beside it', () => {
    const stack = synthesise(checked(), { offline: true });

    expect(stack.provider.aws[0]).toEqual({
      region: 'eu-central-1',
      access_key: 'offline-plan-only',
      secret_key: 'offline-plan-only',
      skip_credentials_validation: true,
      skip_metadata_api_check: 'true',
      skip_region_validation: true,
      skip_requesting_account_id: true,
    });
    expect(stack.terraform.backend).toEqual({ local: { path: 'offline.tfstate' } });
    expect({ ...stack.resource }).toEqual({ ...production.resource });
  });
});

describe('logical ids', () => {
  // Terraform replaces what changes its name. A database must not: this list may grow, and no line of it may change.
  test('of what keeps state are those of the first release', () => {
    const pinned = [
      'aws_db_instance.primary',
      'aws_db_instance.replica-blue',
      'aws_db_parameter_group.fleet',
      'aws_db_subnet_group.fleet',
      'aws_iam_role.monitoring',
      'aws_kms_alias.fleet',
      'aws_kms_key.fleet',
      'aws_secretsmanager_secret.master',
      'aws_secretsmanager_secret_version.master',
      'aws_security_group.clients',
      'aws_security_group.members',
      'aws_ssm_parameter.contract',
      'aws_subnet.private-eu-central-1a',
      'aws_subnet.private-eu-central-1b',
      'aws_vpc.network',
      'terraform_data.life',
      'terraform_data.master-password',
    ];
    const ids = Object.entries(production.resource).flatMap(([type, all]) =>
      Object.keys(all).map((id) => `${type}.${id}`),
    );

    expect(ids).toEqual(expect.arrayContaining(pinned));
    // cdktf's own ids end in a hash of the construct's path.
    expect(ids.filter((id) => /_[0-9A-F]{8}$/.test(id))).toEqual([]);
  });
});

describe('a stack', () => {
  test('tells what it consists of', () => {
    const stack = new ReadFleetStack(testApp(), 'test', { environment: checked() });
    const { resource } = parse(Testing.synth(stack));

    expect(describeStack(stack)).toEqual({
      environment: 'test',
      topology: 'instances',
      members: ['primary', 'blue'],
      resources: Object.values(resource).reduce((sum, all) => sum + Object.keys(all).length, 0),
    });
  });

  test.each(loadEnvironments().map(({ environment: one }) => [one.name, one] as const))(
    'of %s is what it was',
    (_, one) => {
      expect(essence(synthesise(one).text)).toMatchSnapshot();
    },
  );

  test('of an environment that was checked twice is the same', () => {
    expect(synthesise(environment(input())).text).toBe(production.text);
  });
});

/** A stack's text but for cdktf's notes and for what changes with every change of the functions' code, which has tests of its own. */
function essence(text: string): string {
  const json = JSON.stringify(
    JSON.parse(text, (key, value) => (key === '//' ? undefined : value)),
    null,
    2,
  );
  return json.replace(/\b[0-9a-f]{64}\b/g, '<hash>').replace(/("source_code_hash": )"[^"]+"/g, '$1"<hash>"');
}
