import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractMember, FleetContract } from '../lib/contract';
import { exportParameterName, remoteClientPolicyName } from './environment';
import { loginArn, policyDocument, readParameters } from './iam';
import { pin } from './pin';

/** The fleet's contract, and what apps of one other region have of it: the replicas and the client group there. */
export interface RemoteExportsProps {
  /** The fleet's contract. */
  readonly contract: FleetContract;
  /** AWS region that this is for. */
  readonly region: string;
  /** Account that the fleet is in (token). */
  readonly accountId: string;
  /** The replicas of this region. */
  readonly readers: readonly (ContractMember & { readonly resourceId: string })[];
  /** The security group that apps of this region attach. */
  readonly clientSecurityGroupId: string;
}

/**
 * What app teams of another region consume: a contract under the usual name, in their region, and an IAM policy that lets a role
 * read it and connect to the replicas there.
 */
export class RemoteExports extends Construct {
  constructor(scope: Construct, id: string, props: RemoteExportsProps) {
    super(scope, id);
    const { clientSecurityGroupId, contract, readers, region } = props;
    const parameterName = exportParameterName(contract.fleet, contract.environment, 'contract');
    pin(
      new SsmParameter(this, 'contract', {
        name: parameterName,
        description: 'Fleet contract of readfleet',
        type: 'String',
        tier: 'Standard',
        // Nothing in it is secret, and a plan that hides it would hide which member changed.
        insecureValue: JSON.stringify(remoteContract(contract, region, readers)),
      }),
      'contract',
    );
    const policy = pin(
      new IamPolicy(this, 'client-policy', {
        name: remoteClientPolicyName(contract.fleet, contract.environment, region),
        // Fixed: a new description would replace the policy, and take it away from the roles that have it.
        description:
          'Lets an app of another region read the contract of its database fleet and read from replicas there',
        policy: JSON.stringify(remoteClientPolicy(props, parameterName)),
      }),
      'client',
    );
    const outputs = {
      contract_parameter: [parameterName, 'SSM parameter that holds the contract'],
      reader_hosts: [Object.fromEntries(readers.map(({ name, host }) => [name, host])), 'Host names of the replicas'],
      client_security_group_id: [clientSecurityGroupId, 'Security group that apps attach'],
      client_policy_arn: [policy.arn, 'IAM policy that apps attach, beside that of the fleet when they write'],
    } as const;
    for (const [name, [value, what]] of Object.entries(outputs)) {
      pin(new TerraformOutput(this, `output-${name}`, { value, description: `${region}: ${what}` }), name);
    }
  }
}

/**
 * The contract for apps of another region: they read from the replicas there, and write to the fleet's primary, wherever it is.
 *
 * Proxy and read name are left out, since both answer within the primary's network alone.
 */
export function remoteContract(
  { proxy: _, readName: __, region: home, ...contract }: FleetContract,
  region: string,
  readers: readonly ContractMember[],
): FleetContract {
  const writer = home === undefined ? contract.writer : { ...contract.writer, region: home };
  return { ...contract, region, writer, readers };
}

function remoteClientPolicy(props: RemoteExportsProps, parameterName: string) {
  const { contract, readers } = props;
  const { auth } = contract;
  return policyDocument([
    readParameters(props, [parameterName]),
    ...(auth.kind === 'iam'
      ? [
          {
            Sid: 'ConnectToReplicas',
            Effect: 'Allow',
            Action: 'rds-db:connect',
            Resource: readers.map(({ resourceId }) => loginArn(props, resourceId, auth.user)),
          },
        ]
      : []),
  ]);
}
