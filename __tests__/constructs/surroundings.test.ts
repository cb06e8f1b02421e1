import { checked } from './support/environments';
import { synthesise } from './support/synth';

const production = synthesise(checked());

describe('what surrounds the members', () => {
  test('the key rotates, and what it encrypted survives a mistake for 30 days', () => {
    expect(production.one('aws_kms_key', 'fleet')).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  test('one parameter group serves all members, and a new family makes a new one first', () => {
    expect(production.one('aws_db_parameter_group', 'fleet')).toMatchObject({
      name: 'orders-test-postgres17',
      family: 'postgres17',
      lifecycle: { create_before_destroy: true },
      parameter: expect.arrayContaining([{ name: 'rds.force_ssl', value: '1', apply_method: 'immediate' }]),
    });
    expect(synthesise(checked({}, { engineMajor: 18 })).one('aws_db_parameter_group', 'fleet').name).toBe(
      'orders-test-postgres18',
    );
  });

  test('no rule of a fleet names an address, and no group has rules within', () => {
    expect(production.text).not.toMatch(/0\.0\.0\.0\/0|::\/0|cidr_ipv4/);
    for (const group of Object.values(production.resource.aws_security_group ?? {})) {
      expect(group).not.toHaveProperty('egress');
      expect(group).not.toHaveProperty('ingress');
    }
  });

  test('a created network has one private subnet per zone and no way out', () => {
    const types = Object.keys(production.resource);

    expect(Object.keys(production.resource.aws_subnet ?? {})).toEqual([
      'private-eu-central-1a',
      'private-eu-central-1b',
    ]);
    expect(types).not.toEqual(expect.arrayContaining([expect.stringMatching(/gateway|route/)]));
    expect(production.one('aws_default_security_group', 'unused')).not.toHaveProperty('ingress');
  });

  test('an existing network is taken by its ids, and nothing is made in it or looked up', () => {
    const subnets = { 'eu-central-1a': 'subnet-1', 'eu-central-1b': 'subnet-2' };
    const stack = synthesise(checked({ network: { kind: 'existing', vpcId: 'vpc-1', subnets } }));

    expect(stack.one('aws_db_subnet_group', 'fleet').subnet_ids).toEqual(['subnet-1', 'subnet-2']);
    expect(stack.one('aws_security_group', 'members').vpc_id).toBe('vpc-1');
    expect(stack.resource.aws_vpc).toBeUndefined();
    expect(stack).not.toHaveProperty('data');
  });

  test('every resource that takes tags says fleet, environment and who manages it; its own tags stay', () => {
    const stack = synthesise(checked({ tags: { Team: 'orders', Fleet: 'no' } }));
    const tags = { Team: 'orders', Fleet: 'orders', Environment: 'test', ManagedBy: 'readfleet' };

    expect(stack.one('aws_db_instance', 'replica-blue').tags).toEqual({
      ...tags,
      Role: 'replica',
      Name: 'orders-test-blue',
    });
    expect(stack.one('aws_kms_key', 'fleet').tags).toEqual(tags);
    expect(stack.one('aws_kms_alias', 'fleet')).not.toHaveProperty('tags');
  });
});
