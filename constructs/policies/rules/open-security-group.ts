import { type Finding, type PolicyResource, policy, UNKNOWN } from '../policy';

const EVERYONE: readonly unknown[] = ['0.0.0.0/0', '::/0'];
/** Ports that a web server may open to all: Security Hub's default. */
const WEB: readonly unknown[] = [80, 443];

type Rule = Readonly<Record<string, unknown>>;

export const openSecurityGroup = policy({
  code: 'READFLEET_POLICY_OPEN_SECURITY_GROUP',
  title: 'No security group lets in the world, but to web ports.',
  controls: ['EC2.18', 'EC2.19', 'EC2.53', 'EC2.54'],
  types: [
    'aws_security_group',
    'aws_security_group_rule',
    'aws_vpc_security_group_ingress_rule',
    'aws_default_security_group',
  ],
  check: (resource) => {
    if (resource.type === 'aws_vpc_security_group_ingress_rule') {
      return [
        ...single(resource, 'cidr_ipv4', ['from_port', 'to_port', 'ip_protocol']),
        ...single(resource, 'cidr_ipv6', ['from_port', 'to_port', 'ip_protocol']),
      ];
    }
    if (resource.type === 'aws_security_group_rule') {
      if (resource.get('type') !== 'ingress') return [];
      return [
        ...single(resource, 'cidr_blocks', ['from_port', 'to_port', 'protocol']),
        ...single(resource, 'ipv6_cidr_blocks', ['from_port', 'to_port', 'protocol']),
      ];
    }
    const rules = resource.get('ingress');
    if (rules === UNKNOWN || rules === undefined) return [];
    return ([rules].flat() as Rule[]).flatMap((rule) => {
      const blocks = [rule.cidr_blocks, rule.ipv6_cidr_blocks].flat().filter((block) => EVERYONE.includes(block));
      return blocks.length === 0 || isWeb(rule.from_port, rule.to_port, rule.protocol)
        ? []
        : [finding('ingress', rule)];
    });
  },
});

function single(resource: PolicyResource, property: string, [from, to, protocol]: readonly [string, string, string]) {
  const blocks = resource.get(property);
  const everyone = [blocks].flat().some((block) => EVERYONE.includes(block));
  return everyone && !isWeb(resource.get(from), resource.get(to), resource.get(protocol))
    ? [finding(property, blocks)]
    : [];
}

function isWeb(from: unknown, to: unknown, protocol: unknown): boolean {
  return Number(from) === Number(to) && WEB.includes(Number(from)) && (protocol === 'tcp' || protocol === '6');
}

function finding(property: string, got: unknown): Finding {
  return {
    property,
    got,
    message: 'The whole internet may try to connect.',
    fix: 'Name the security group or the private block of those who may.',
  };
}
