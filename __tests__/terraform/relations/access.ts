import type { RelationsOf } from './stack';

const INGRESS = 'aws_vpc_security_group_ingress_rule';
const EGRESS = 'aws_vpc_security_group_egress_rule';

/** Who may open a connection to whom. */
export const accessRelations: RelationsOf = (environment, stack) => [
  {
    name: 'clients reach the members, and the members let them in',
    condition:
      `${EGRESS}.clients-to-members.security_group_id == aws_security_group.clients.id && ` +
      `${EGRESS}.clients-to-members.referenced_security_group_id == aws_security_group.members.id && ` +
      `${INGRESS}.members-from-clients.security_group_id == aws_security_group.members.id && ` +
      `${INGRESS}.members-from-clients.referenced_security_group_id == aws_security_group.clients.id`,
  },
  ...environment.access.securityGroupIds.map((id) => ({
    name: `the members let ${id} in`,
    condition:
      `${INGRESS}.members-from-${id}.security_group_id == aws_security_group.members.id && ` +
      `${INGRESS}.members-from-${id}.referenced_security_group_id == "${id}"`,
  })),
  ...environment.access.cidrs.map((cidr) => ({
    name: `the members let ${cidr} in`,
    condition: `${INGRESS}.members-from-${cidr.replace(/[./]/g, '-')}.cidr_ipv4 == "${cidr}"`,
  })),
  ...[...stack.all(INGRESS), ...stack.all(EGRESS)].map((rule) => ({
    name: `${rule} is open to no one in general`,
    condition: `coalesce(${rule}.cidr_ipv4, "none") != "0.0.0.0/0" && ${rule}.cidr_ipv6 == null`,
  })),
];
