import { type TerraformElement, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetContractParameter } from './fleet-contract';
import type { FleetMembers } from './members';
import { pin } from './pin';

export interface OutputsProps {
  readonly contract: FleetContractParameter;
  readonly members: FleetMembers;
  /** The security group that apps attach. */
  readonly clientSecurityGroupId: string;
}

/** What `terraform output` tells of a fleet. */
export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { contract, members } = props;
    this.output('contract', contract.json, 'Fleet contract, for connect()');
    this.output('contract_parameter', contract.parameterName, 'SSM parameter that holds the contract');
    this.output('writer_host', members.writer.host, 'Host name of the primary');
    this.output(
      'reader_hosts',
      Object.fromEntries(members.readers.map((reader) => [reader.name, reader.host])),
      'Host names of the replicas, by name',
    );
    this.output('client_security_group_id', props.clientSecurityGroupId, 'Security group that apps attach');
    this.output('master_secret_arn', members.masterSecretArn, 'Secret of the master user, for the bootstrap alone');
  }

  private output(name: string, value: unknown, description: string): TerraformElement {
    return pin(new TerraformOutput(this, name, { value, description }), name);
  }
}
