import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetContract } from '../lib/contract';
import { clientPolicyName, exportParameterName, rolePolicyName } from './environment';
import { loginArn, type Place, policyDocument, readParameters } from './iam';
import type { FleetMembers } from './members';
import { pin } from './pin';
import type { FleetProxy } from './proxy';

/** A standard parameter holds 4 KB. A reader takes up to 250 characters of JSON, once its names are known. */
const READERS_IN_A_STANDARD_PARAMETER = 10;

/** What apps are told of: contract, members, proxy and client group; and the roles that get a policy of their own. */
export interface ExportsProps {
  readonly contract: FleetContract;
  /** AWS region. */
  readonly region: string;
  /** Account that the fleet is in (token). */
  readonly accountId: string;
  readonly members: FleetMembers;
  readonly proxy: FleetProxy | undefined;
  /** The security group that apps attach. */
  readonly clientSecurityGroupId: string;
  /**
   * PostgreSQL role of those that only read.
   * @default - no policy for them
   */
  readonly readOnlyUser?: string;
  /**
   * PostgreSQL role that migrations log in as.
   * @default - no policy for them
   */
  readonly migrationUser?: string;
}

/**
 * What app teams consume: the fleet contract as an SSM parameter, one parameter for each common need, an IAM policy that lets a
 * role read them and connect, and the same as Terraform outputs. There is no secret among it.
 */
export class Exports extends Construct {
  /** `/readfleet/<fleet>/<environment>/contract` */
  readonly contractParameter: string;
  /** The contract's JSON, with tokens for what Terraform will know. */
  readonly contractJson: string;
  /** ARN of the policy that app teams attach (token). */
  readonly clientPolicyArn: string;

  constructor(scope: Construct, id: string, props: ExportsProps) {
    super(scope, id);
    const { contract, members, proxy } = props;
    this.contractJson = JSON.stringify(contract);
    this.contractParameter = this.parameter(contract, 'contract', this.contractJson, 'Fleet contract of readfleet');
    const reader = proxy?.reader?.host ?? contract.readName?.host ?? members.readers[0]?.host ?? members.writer.host;
    this.parameter(contract, 'writer', proxy?.writer.host ?? members.writer.host, 'Host name to write to');
    this.parameter(contract, 'reader', reader, 'Host name to read from, for clients that take one');
    this.parameter(contract, 'database', contract.database, 'Name of the database');

    const document = JSON.stringify(clientPolicy(props));
    const policy = pin(
      new IamPolicy(this, 'client-policy', {
        name: clientPolicyName(contract.fleet, contract.environment),
        // Fixed: a new description would replace the policy, and take it away from the roles that have it.
        description: 'Lets an app read the contract of its database fleet and connect to it',
        policy: document,
      }),
      'client',
    );
    this.clientPolicyArn = policy.arn;

    this.output('contract', this.contractJson, 'Fleet contract, for connect()');
    this.output('contract_parameter', this.contractParameter, 'SSM parameter that holds the contract');
    this.output('writer_host', members.writer.host, 'Host name of the primary');
    this.output(
      'reader_hosts',
      Object.fromEntries(members.readers.map(({ name, host }) => [name, host])),
      'Host names of the replicas, by name',
    );
    if (proxy) this.output('proxy_host', proxy.writer.host, 'Host name of RDS Proxy, to write through');
    if (proxy?.reader) this.output('proxy_reader_host', proxy.reader.host, 'Host name of RDS Proxy, to read through');
    this.output('client_security_group_id', props.clientSecurityGroupId, 'Security group that apps attach');
    this.output('client_policy_arn', policy.arn, 'IAM policy that apps attach');
    this.output('client_policy', document, 'The same policy as JSON, for roles of other accounts');
    if (props.readOnlyUser !== undefined)
      this.rolePolicy(props, 'read-only', props.readOnlyUser, members.connectResourceIds);
    // What migrations do, they do on the primary.
    if (props.migrationUser !== undefined)
      this.rolePolicy(props, 'migrations', props.migrationUser, [members.writer.resourceId]);
    this.output('master_secret_arn', members.masterSecretArn, 'Secret of the master user, for the bootstrap alone');
  }

  private parameter(
    { fleet, environment, readers }: FleetContract,
    what: ExportName,
    value: string,
    description: string,
  ) {
    const name = exportParameterName(fleet, environment, what);
    const large = what === 'contract' && readers.length > READERS_IN_A_STANDARD_PARAMETER;
    pin(
      new SsmParameter(this, what, {
        name,
        description,
        type: 'String',
        tier: large ? 'Advanced' : 'Standard',
        // Nothing in it is secret, and a plan that hides it would hide which member changed.
        insecureValue: value,
      }),
      what,
    );
    return name;
  }

  /** A policy of its own: who may log in as one role may not as another. */
  private rolePolicy(props: ExportsProps, what: RolePolicy, user: string, resourceIds: readonly string[]): void {
    const { fleet, environment } = props.contract;
    const document = JSON.stringify(loginPolicy(props, logins(props, user, resourceIds)));
    const policy = pin(
      new IamPolicy(this, `${what}-policy`, {
        name: rolePolicyName(fleet, environment, what),
        description: ROLE_POLICIES[what],
        policy: document,
      }),
      what,
    );
    const name = what.replace('-', '_');
    this.output(`${name}_user`, user, `PostgreSQL role, ${what}`);
    this.output(`${name}_policy_arn`, policy.arn, `IAM policy to log in as the role, ${what}`);
    this.output(`${name}_policy`, document, 'The same policy as JSON, for roles of other accounts');
  }

  private output(name: string, value: unknown, description: string): void {
    pin(new TerraformOutput(this, `output-${name}`, { value, description }), name);
  }
}

/** Fixed, as the description of the client policy. */
const ROLE_POLICIES = {
  'read-only': 'Lets an app read the contract of its database fleet and connect to it, to read and no more',
  migrations: 'Lets migrations read the contract of their database fleet and connect to its primary',
} as const;
type RolePolicy = keyof typeof ROLE_POLICIES;

type ExportName = Parameters<typeof exportParameterName>[2];

/** Read the fleet's parameters, and connect as the apps' role (through the proxy: as the proxy's), and nothing else. */
export function clientPolicy(props: Pick<ExportsProps, 'accountId' | 'contract' | 'members' | 'proxy' | 'region'>) {
  const { contract, members, proxy } = props;
  const { auth } = contract;
  return loginPolicy(props, [
    ...(auth.kind === 'iam' ? logins(props, auth.user, members.connectResourceIds) : []),
    ...(proxy?.auth === 'iam' ? logins(props, proxy.user, [proxy.resourceId]) : []),
  ]);
}

/** What `rds-db:connect` is allowed on: `user`, on each of these. */
function logins(place: Place, user: string, resourceIds: readonly string[]): string[] {
  return resourceIds.map((id) => loginArn(place, id, user));
}

function loginPolicy(props: Pick<ExportsProps, 'accountId' | 'contract' | 'region'>, resources: readonly string[]) {
  const { contract } = props;
  return policyDocument([
    readParameters(
      props,
      (['contract', 'writer', 'reader', 'database'] as const).map((what) =>
        exportParameterName(contract.fleet, contract.environment, what),
      ),
    ),
    {
      Sid: 'ConnectToFleet',
      Effect: 'Allow',
      Action: 'rds-db:connect',
      Resource: resources,
    },
  ]);
}
