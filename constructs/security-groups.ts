import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ReadfleetError } from '../lib/errors';
import { isPrivateCidr } from './cidr';
import { POSTGRES_PORT } from './members';
import { pin } from './pin';

const POSTGRES = { ipProtocol: 'tcp', fromPort: POSTGRES_PORT, toPort: POSTGRES_PORT };

/** The VPC that the groups are in, and who is there beside apps and members: a proxy, functions. */
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
export type AccessSource = ({ readonly securityGroupId: string } | { readonly cidr: string }) & {
  /**
   * What the source's rules are called, e.g. `shop`: must be said where id or block is known to Terraform alone.
   * @default - the id, or the block
   */
  readonly name?: string;
};

/** A group of the fleet's own, or a source, as rules refer to it. */
type Peer = { readonly referencedSecurityGroupId: string } | { readonly cidrIpv4: string };

/** Who may open a connection to whom: apps to the proxy and the members, the proxy and the functions to the members. */
export class SecurityGroups extends Construct {
  /** What apps attach to themselves. */
  readonly clientsId: string;
  /** What every member has, primary and replicas alike. */
  readonly membersId: string;
  /** What the proxy has, where there is one. */
  readonly proxyId: string | undefined;
  /** What the emitter and the bootstrap have, where there are any. */
  readonly functionsId: string | undefined;
  /** The functions' way to the members: what calls a function that connects waits for it. */
  readonly functionsReady: readonly ITerraformDependable[];

  private readonly allowed = new Set<string>();

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    this.clientsId = this.group('clients', props, 'Apps that may connect to the database fleet');
    this.membersId = this.group('members', props, 'Members of the database fleet');
    this.proxyId = props.proxy ? this.group('proxy', props, 'Proxy of the database fleet') : undefined;
    this.functionsId = props.functions ? this.group('functions', props, 'Functions of the database fleet') : undefined;

    const clients = { name: 'clients', id: this.clientsId };
    const members = { name: 'members', id: this.membersId };
    this.connect(clients, members, 'PostgreSQL to the members', 'PostgreSQL from apps with the client group');
    if (this.proxyId !== undefined) {
      const proxy = { name: 'proxy', id: this.proxyId };
      this.connect(clients, proxy, 'PostgreSQL to the proxy', 'PostgreSQL from apps with the client group');
      this.connect(proxy, members, 'PostgreSQL to the members', 'PostgreSQL from the proxy');
    }
    this.functionsReady =
      this.functionsId === undefined
        ? []
        : this.connect(
            { name: 'functions', id: this.functionsId },
            members,
            'PostgreSQL to the members',
            'PostgreSQL from the functions of the fleet',
          );
  }

  /**
   * Lets apps reach the fleet: its members, and its proxy where there is one. A source that was allowed already stays allowed.
   *
   * @throws ReadfleetError `READFLEET_OPEN_CIDR` for a block that is not private, `READFLEET_SOURCE_NAME` for one that has no name
   */
  allowFrom(source: AccessSource): void {
    const name = sourceName(source);
    if (this.allowed.has(name)) return;
    this.allowed.add(name);
    const [peer, description]: [Peer, string] =
      'cidr' in source
        ? [{ cidrIpv4: checked(source.cidr) }, 'PostgreSQL from a private block that the environment names']
        : [{ referencedSecurityGroupId: source.securityGroupId }, 'PostgreSQL from a group that the environment names'];
    this.ingress('members', this.membersId, name, peer, description);
    if (this.proxyId !== undefined) this.ingress('proxy', this.proxyId, name, peer, description);
  }

  private group(role: string, props: SecurityGroupsProps, description: string): string {
    const name = `${props.name}-${role}`;
    return pin(new SecurityGroup(this, role, { name, description, vpcId: props.vpcId, tags: { Name: name } }), role).id;
  }

  /** Both halves of the way from one of the fleet's groups to another. */
  private connect(from: Group, to: Group, out: string, into: string): readonly ITerraformDependable[] {
    const egress = pin(
      new VpcSecurityGroupEgressRule(this, `${from.name}-to-${to.name}`, {
        ...POSTGRES,
        securityGroupId: from.id,
        referencedSecurityGroupId: to.id,
        description: out,
      }),
      `${from.name}-to-${to.name}`,
    );
    return [egress, this.ingress(to.name, to.id, from.name, { referencedSecurityGroupId: from.id }, into)];
  }

  /** Named by source, so that one that goes takes no other rule along. */
  private ingress(to: string, securityGroupId: string, source: string, peer: Peer, description: string) {
    return pin(
      new VpcSecurityGroupIngressRule(this, `${to}-from-${source}`, {
        ...POSTGRES,
        ...peer,
        securityGroupId,
        description,
      }),
      `${to}-from-${source}`,
    );
  }
}

interface Group {
  readonly name: string;
  readonly id: string;
}

function sourceName(source: AccessSource): string {
  if (source.name !== undefined) return source.name;
  const value = 'cidr' in source ? source.cidr : source.securityGroupId;
  if (Token.isUnresolved(value)) {
    throw new ReadfleetError(
      'READFLEET_SOURCE_NAME',
      "Terraform alone knows this source, and its rules need a name now. Give it one: allowFrom({ …, name: 'shop' }).",
    );
  }
  return value.replace(/[./]/g, '-');
}

/** The environment's own blocks were checked with it; this is for those who compose. */
function checked(cidr: string): string {
  if (Token.isUnresolved(cidr) || isPrivateCidr(cidr)) return cidr;
  throw new ReadfleetError(
    'READFLEET_OPEN_CIDR',
    `"${cidr}" is no private block: strangers could knock at the database. Name a private one, e.g. "10.20.0.0/16".`,
  );
}
