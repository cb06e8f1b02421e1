import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { POSTGRES_PORT } from './members';
import { pin } from './pin';

export interface SecurityGroupsProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  readonly vpcId: string;
  /**
   * Groups (`sg-…`) that may reach the members, beside the clients' own.
   * @default - none
   */
  readonly allowedSecurityGroupIds?: readonly string[];
}

/**
 * Two groups: `clients`, which apps attach, and `members`, which every member has.
 *
 * Clients reach members on PostgreSQL's port, and that is all: no rule names an address, members open no connection at all
 * (Terraform takes away the open egress that AWS gives a new group), and a client group opens nothing but the way to members.
 */
export class SecurityGroups extends Construct {
  /** What apps attach to themselves. */
  readonly clientsId: string;
  /** What every member has, primary and replicas alike. */
  readonly membersId: string;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    const clients = this.group('clients', props, 'Apps that may connect to the database fleet');
    const members = this.group('members', props, 'Members of the database fleet');
    this.clientsId = clients.id;
    this.membersId = members.id;

    const port = { ipProtocol: 'tcp', fromPort: POSTGRES_PORT, toPort: POSTGRES_PORT };
    pin(
      new VpcSecurityGroupEgressRule(this, 'clients-to-members', {
        ...port,
        securityGroupId: clients.id,
        referencedSecurityGroupId: members.id,
        description: 'PostgreSQL to the members',
      }),
      'clients-to-members',
    );
    this.allowFrom('clients', clients.id, 'PostgreSQL from apps with the client group');
    for (const allowed of props.allowedSecurityGroupIds ?? []) {
      this.allowFrom(allowed, allowed, 'PostgreSQL from a group that the environment names');
    }
  }

  private group(role: 'clients' | 'members', props: SecurityGroupsProps, description: string): SecurityGroup {
    const name = `${props.name}-${role}`;
    return pin(new SecurityGroup(this, role, { name, description, vpcId: props.vpcId, tags: { Name: name } }), role);
  }

  /** Lets a security group reach the members. Named by source, so that one that goes takes no other rule along. */
  private allowFrom(source: string, securityGroupId: string, description: string): void {
    const rule = new VpcSecurityGroupIngressRule(this, `members-from-${source}`, {
      ipProtocol: 'tcp',
      fromPort: POSTGRES_PORT,
      toPort: POSTGRES_PORT,
      securityGroupId: this.membersId,
      referencedSecurityGroupId: securityGroupId,
      description,
    });
    pin(rule, `members-from-${source}`);
  }
}
