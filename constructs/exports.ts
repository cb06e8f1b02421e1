import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetContract } from '../lib/contract';
import { clientPolicyName, exportParameterName } from './environment';
import { loginArn, policyDocument, readParameters } from './iam';
import type { FleetMembers } from './members';
import { pin } from './pin';
import type { FleetProxy } from './proxy';

/** A standard parameter holds 4 KB. A reader takes up to 250 characters of JSON, once its names are known. */
const READERS_IN_A_STANDARD_PARAMETER = 10;

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

  private output(name: string, value: unknown, description: string): void {
    pin(new TerraformOutput(this, `output-${name}`, { value, description }), name);
  }
}

type ExportName = Parameters<typeof exportParameterName>[2];

/** Read the fleet's parameters, and connect as the apps' role (through the proxy: as the proxy's), and nothing else. */
export function clientPolicy(props: Pick<ExportsProps, 'accountId' | 'contract' | 'members' | 'proxy' | 'region'>) {
  const { contract, members, proxy } = props;
  const direct = contract.auth.kind === 'iam' ? contract.auth.user : undefined;
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
      Resource: [
        ...(direct === undefined ? [] : members.connectResourceIds.map((id) => loginArn(props, id, direct))),
        ...(proxy?.auth === 'iam' ? [loginArn(props, proxy.resourceId, proxy.user)] : []),
      ],
    },
  ]);
}
