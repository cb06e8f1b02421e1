import { DbProxy } from '@cdktf/provider-aws/lib/db-proxy';
import { DbProxyDefaultTargetGroup } from '@cdktf/provider-aws/lib/db-proxy-default-target-group';
import { DbProxyEndpoint } from '@cdktf/provider-aws/lib/db-proxy-endpoint';
import { DbProxyTarget } from '@cdktf/provider-aws/lib/db-proxy-target';
import { Fn, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { Address } from '../lib/contract';
import type { ProxySettings } from './environment';
import { type FleetMembers, POSTGRES_PORT } from './members';
import { pin } from './pin';
import { ProxyRole } from './proxy-role';
import { ProxySecret } from './proxy-secret';

/** `arn:aws:rds:<region>:<account>:db-proxy:prx-…` */
const RESOURCE_ID_IN_ARN = 6;

/** The members that a proxy stands before, its settings, and the subnets, groups and key that it is put among. */
export interface FleetProxyProps {
  /** E.g. `orders-production`: what the proxy is called, at most 58 characters. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  readonly settings: ProxySettings;
  /** Clusters only: a READ_ONLY endpoint. AWS takes none over instances. */
  readonly readEndpoint: boolean;
  readonly members: FleetMembers;
  /** Private subnets of the fleet's VPC, in two zones at least. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts the role's secret. */
  readonly keyArn: string;
}

/**
 * RDS Proxy before a fleet, with the secret of the role that it logs in as (docs/decisions/0015-proxy.md).
 *
 * It takes TLS alone, and never writes statements to its log. When it is replaced, all that hangs on it is replaced too: AWS
 * deletes that along with it, and Terraform would not notice.
 */
export class FleetProxy extends Construct {
  /** Host is a token. */
  readonly writer: Address;
  /** Host is a token. */
  readonly reader: Address | undefined;
  /** PostgreSQL role that the proxy logs in as, and that its clients are. */
  readonly user: string;
  /** How clients prove who they are. */
  readonly auth: 'iam' | 'password';
  /** ARN of the role's secret (token): the bootstrap gives the role this password. */
  readonly secretArn: string;
  /** Changes with the role's password. */
  readonly passwordVersion: number;
  /** The secret's content: who reads the secret waits for it. */
  readonly secretReady: readonly ITerraformDependable[];
  /** `prx-…` (token), for `rds-db:connect`. */
  readonly resourceId: string;
  /** Name in RDS, a plain text: CloudWatch's dimension ProxyName. */
  readonly proxyName: string;

  constructor(scope: Construct, id: string, props: FleetProxyProps) {
    super(scope, id);
    const { keyArn, name, region, settings } = props;
    const network = { vpcSubnetIds: [...props.subnetIds], vpcSecurityGroupIds: [...props.securityGroupIds] };
    const secret = new ProxySecret(this, 'secret', { ...settings, name, keyArn });
    const role = new ProxyRole(this, 'role', { name: `${name}-proxy`, region, secretArn: secret.arn, keyArn });
    const proxy = pin(
      new DbProxy(this, 'proxy', {
        ...network,
        name,
        engineFamily: 'POSTGRESQL',
        requireTls: true,
        // It would write statements with their values to CloudWatch.
        debugLogging: false,
        idleClientTimeout: settings.idleClientTimeoutMinutes * 60,
        roleArn: role.arn,
        auth: [
          {
            authScheme: 'SECRETS',
            secretArn: secret.arn,
            ...(settings.auth === 'iam'
              ? { iamAuth: 'REQUIRED' }
              : { iamAuth: 'DISABLED', clientPasswordAuthType: 'POSTGRES_SCRAM_SHA_256' }),
          },
        ],
        tags: { Name: name },
        dependsOn: [role.rights, secret.content],
      }),
      'fleet',
    );
    // Not the proxy as a whole: any change of it would take the target away for minutes. Its ARN changes when it is made anew.
    const lifecycle = { replaceTriggeredBy: [`aws_db_proxy.${proxy.friendlyUniqueId}.arn`] };
    const target = this.target(proxy, props, lifecycle);
    const reader = props.readEndpoint
      ? pin(
          new DbProxyEndpoint(this, 'read', {
            ...network,
            dbProxyName: proxy.name,
            dbProxyEndpointName: `${name}-read`,
            targetRole: 'READ_ONLY',
            tags: { Name: `${name}-read` },
            dependsOn: [target],
            lifecycle,
          }),
          'read',
        )
      : undefined;

    this.writer = { host: proxy.endpoint, port: POSTGRES_PORT };
    this.reader = reader && { host: reader.endpoint, port: POSTGRES_PORT };
    this.user = settings.user;
    this.auth = settings.auth;
    this.secretArn = secret.arn;
    this.passwordVersion = settings.passwordVersion;
    this.secretReady = [secret.content];
    this.resourceId = Token.asString(Fn.element(Fn.split(':', proxy.arn), RESOURCE_ID_IN_ARN));
    this.proxyName = name;
  }

  /** The pool of connections, and the database that they go to. */
  private target(
    proxy: DbProxy,
    { members: { proxyTarget, ready }, settings }: FleetProxyProps,
    lifecycle: { readonly replaceTriggeredBy: string[] },
  ): DbProxyTarget {
    const { borrowTimeoutSeconds, maxConnectionsPercent } = settings;
    const pool = pin(
      new DbProxyDefaultTargetGroup(this, 'pool', {
        dbProxyName: proxy.name,
        connectionPoolConfig: {
          connectionBorrowTimeout: borrowTimeoutSeconds,
          maxConnectionsPercent,
          // Said, since the provider's own default is 50 whatever the maximum is, and AWS takes none above it.
          maxIdleConnectionsPercent: Math.floor(maxConnectionsPercent / 2),
        },
        lifecycle,
      }),
      'fleet',
    );
    return pin(
      new DbProxyTarget(this, 'target', {
        dbProxyName: proxy.name,
        targetGroupName: pool.name,
        ...(proxyTarget.kind === 'instance'
          ? { dbInstanceIdentifier: proxyTarget.identifier }
          : { dbClusterIdentifier: proxyTarget.identifier }),
        // AWS registers no database that is still being made.
        dependsOn: [...ready],
        lifecycle,
      }),
      'fleet',
    );
  }
}
