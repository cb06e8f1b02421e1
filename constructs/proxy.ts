import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Address } from '../lib/contract';
import type { ProxySettings } from './environment';
import type { FleetMembers } from './members';

export interface FleetProxyProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  readonly settings: ProxySettings;
  /** Clusters only: a READ_ONLY endpoint. */
  readonly readEndpoint: boolean;
  readonly members: FleetMembers;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts the role's secret. */
  readonly keyArn: string;
  readonly recoveryWindowDays: number;
}

/** RDS Proxy before a fleet, with the secret of the role that it logs in as. */
export class FleetProxy extends Construct {
  /** Host is a token. */
  readonly writer!: Address;
  /** Host is a token. */
  readonly reader: Address | undefined;
  /** PostgreSQL role that the proxy logs in as, and that its clients are. */
  readonly user!: string;
  /** How clients prove who they are. */
  readonly auth!: 'iam' | 'password';
  /** ARN of the role's secret (token): the bootstrap gives the role this password. */
  readonly secretArn!: string;
  /** Changes with the role's password. */
  readonly passwordVersion!: number;
  /** The secret's content: who reads the secret waits for it. */
  readonly secretReady: readonly ITerraformDependable[] = [];
  /** `prx-…` (token), for `rds-db:connect`. */
  readonly resourceId!: string;
  /** Name in RDS, a plain text: CloudWatch's dimension ProxyName. */
  readonly proxyName!: string;

  constructor(scope: Construct, id: string, _props: FleetProxyProps) {
    super(scope, id);
  }
}
