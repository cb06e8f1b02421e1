/**
 * What was released is deployed somewhere. Terraform replaces a resource whose logical id is another, or one whose
 * attribute AWS cannot change: of a database, that is the loss of its data. Here today's code is held against each
 * release, without Terraform; __tests__/terraform/upgrade.test.ts asks the real provider.
 */
import type { Environment } from '../../constructs';
import { environmentsOf, type ReleasedStack, releases, stackOf } from './releases/releases';
import { type Synthesised, synthesise } from './support/synth';

/** Of what holds data, addresses or connections: attributes that AWS cannot change, or whose change nobody asked for. */
const STATEFUL: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: [
    'identifier',
    'engine',
    'engine_version',
    'kms_key_id',
    'storage_encrypted',
    'storage_type',
    'db_subnet_group_name',
    'parameter_group_name',
    'availability_zone',
    'username',
    'db_name',
    'port',
    'replicate_source_db',
    // Raised, it makes a new password.
    'password_wo_version',
  ],
  aws_db_parameter_group: ['name', 'family'],
  aws_db_proxy: ['name', 'vpc_subnet_ids'],
  aws_db_proxy_endpoint: ['db_proxy_endpoint_name', 'target_role', 'vpc_subnet_ids'],
  aws_db_subnet_group: ['name'],
  aws_iam_policy: ['name', 'path', 'description'],
  aws_iam_role: ['name', 'path'],
  aws_kms_alias: ['name'],
  aws_kms_key: ['key_usage', 'customer_master_key_spec', 'multi_region'],
  aws_rds_cluster: [
    'cluster_identifier',
    'engine',
    'engine_version',
    'kms_key_id',
    'storage_encrypted',
    'db_subnet_group_name',
    'db_cluster_parameter_group_name',
    'availability_zones',
    'master_username',
    'database_name',
    'port',
  ],
  aws_rds_cluster_instance: ['identifier', 'cluster_identifier', 'engine', 'availability_zone', 'db_subnet_group_name'],
  aws_rds_cluster_parameter_group: ['name', 'family'],
  aws_route53_zone: ['name'],
  aws_secretsmanager_secret: ['name'],
  aws_secretsmanager_secret_version: ['secret_id', 'secret_string_wo_version'],
  aws_security_group: ['name', 'description', 'vpc_id'],
  aws_ssm_parameter: ['name', 'type'],
  aws_subnet: ['cidr_block', 'availability_zone', 'vpc_id'],
  aws_vpc: ['cidr_block'],
  terraform_data: ['input', 'triggers_replace'],
};

test('a release is kept', () => {
  expect(releases()).toContain('0.1.0');
});

describe.each(releases())('what release %s made', (release) => {
  describe.each(environmentsOf(release).map((one) => [one.name, one] as const))('of %s', (name, environment) => {
    const addresses = statefulAddresses(stackOf(release, name));
    let released: ReleasedStack;
    let today: Synthesised;

    beforeAll(() => {
      released = stackOf(release, name);
      today = synthesise(environment);
    });

    test('has a primary', () => {
      expect(addresses.filter((address) => /^aws_(db_instance|rds_cluster)\./.test(address)).length).toBeGreaterThan(0);
    });

    test.each(addresses)('%s stays where and what it is', (address) => {
      const { type, id } = parts(address);
      const then = released.resource[type]?.[id] ?? {};
      const now = today.one(type, movedTo(environment, address));

      expect(only(now, STATEFUL[type] ?? [])).toEqual(only(then, STATEFUL[type] ?? []));
    });
  });
});

function statefulAddresses({ resource }: ReleasedStack): string[] {
  return Object.keys(STATEFUL).flatMap((type) => Object.keys(resource[type] ?? {}).map((id) => `${type}.${id}`));
}

function parts(address: string): { readonly type: string; readonly id: string } {
  const [type = '', id = ''] = address.split('.');
  return { type, id };
}

/** The id that a resource has today: another only where the environment says that it moved. */
function movedTo(environment: Environment, address: string): string {
  const move = environment.moved.find(({ from }) => from === address);
  return parts(move?.to ?? address).id;
}

function only(attributes: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, attributes[name]]));
}
