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
   * Whether a proxy stands before the fleet: then there is a group for it, and clients reach it too.
   * @default false
   */
  readonly proxy?: boolean;
  /**
   * Whether the fleet has functions in its network: then there is a group for them, which reaches the members.
   * @default false
   */
  readonly functions?: boolean;
}

/** Who is let in: a security group of the same VPC or of a peered one in the region, or a private block. */
export type AccessSource = { readonly securityGroupId: string } | { readonly cidr: string };

/** Who may open a connection to whom. */
export class SecurityGroups extends Construct {
  /** What apps attach to themselves. */
  readonly clientsId: string;
  /** What every member has, primary and replicas alike. */
  readonly membersId: string;
  /** What the proxy has, where there is one. */
  readonly proxyId: string | undefined;
  /** What the emitter and the bootstrap have, where there are any. */
  readonly functionsId: string | undefined;

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
    this.ingress('clients', clients.id, 'PostgreSQL from apps with the client group');
  }

  /** Lets apps reach the fleet: its members, and its proxy where there is one. */
  allowFrom(source: AccessSource): void {
    if ('securityGroupId' in source)
      this.ingress(
        source.securityGroupId,
        source.securityGroupId,
        'PostgreSQL from a group that the environment names',
      );
  }

  private group(role: 'clients' | 'members', props: SecurityGroupsProps, description: string): SecurityGroup {
    const name = `${props.name}-${role}`;
    return pin(new SecurityGroup(this, role, { name, description, vpcId: props.vpcId, tags: { Name: name } }), role);
  }

  /** Lets a security group reach the members. Named by source, so that one that goes takes no other rule along. */
  private ingress(source: string, securityGroupId: string, description: string): void {
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
