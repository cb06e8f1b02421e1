import { policy, refuse } from '../policy';

const told = {
  message:
    "Whatever gets no group of its own is in the VPC's default group, whose members reach each other and everywhere.",
  fix: 'Add new DefaultSecurityGroup(…, { vpcId }) without rules: to manage it empties it.',
};

export const defaultSecurityGroup = policy({
  code: 'READFLEET_POLICY_DEFAULT_SECURITY_GROUP',
  title: "A VPC's default security group lets nothing through.",
  controls: ['EC2.2'],
  types: ['aws_vpc', 'aws_default_security_group'],
  check: (resource, stack) => {
    if (resource.type === 'aws_default_security_group') {
      return ['ingress', 'egress'].flatMap((property) =>
        refuse(resource, property, (value) => (Array.isArray(value) ? value.length > 0 : value !== undefined), {
          ...told,
          fix: 'Take the rules away.',
        }),
      );
    }
    const managed = stack
      .ofType('aws_default_security_group')
      .some((group) => group.reference('vpc_id') === resource.address);
    return managed ? [] : [{ property: 'default_security_group_id', got: undefined, ...told }];
  },
});
