import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import { CONTRACT_VERSION, type ContractMember, type FleetContract, type LagThresholds } from '../lib/contract';
import { contractParameterName } from './environment';
import type { FleetMember, FleetMembers } from './members';
import { pin } from './pin';

/** A standard parameter holds 4 KB. A reader takes up to 250 characters of JSON, once its names are known. */
const READERS_IN_A_STANDARD_PARAMETER = 10;

export interface FleetContractParameterProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly engineMajor: number;
  readonly database: string;
  /** PostgreSQL role that apps log in as, with IAM authentication. */
  readonly user: string;
  readonly members: FleetMembers;
  readonly lag: LagThresholds;
}

/**
 * The fleet contract as an SSM parameter: all that an app needs to know to read from the fleet. There is no secret in it,
 * since apps log in with IAM authentication.
 */
export class FleetContractParameter extends Construct {
  /** `/readfleet/<fleet>/<environment>/contract` */
  readonly parameterName: string;
  /** The contract's JSON, with tokens for what Terraform will know. */
  readonly json: string;

  constructor(scope: Construct, id: string, props: FleetContractParameterProps) {
    super(scope, id);
    this.parameterName = contractParameterName(props.fleet, props.environment);
    this.json = JSON.stringify(fleetContract(props));
    pin(
      new SsmParameter(this, 'parameter', {
        name: this.parameterName,
        description: 'Fleet contract of readfleet: members, database and login of a PostgreSQL fleet',
        type: 'String',
        tier: props.members.readers.length > READERS_IN_A_STANDARD_PARAMETER ? 'Advanced' : 'Standard',
        // Nothing in it is secret, and a plan that hides it would hide which member changed.
        insecureValue: this.json,
      }),
      'contract',
    );
  }
}

/** The contract of a deployed fleet. Hosts and resource ids are tokens; ports and weights are plain numbers. */
export function fleetContract(props: FleetContractParameterProps): FleetContract {
  return {
    version: CONTRACT_VERSION,
    fleet: props.fleet,
    environment: props.environment,
    topology: props.members.topology,
    region: props.region,
    engine: { major: props.engineMajor },
    database: props.database,
    auth: { kind: 'iam', user: props.user },
    tls: 'verify-full',
    writer: contractMember(props.members.writer),
    readers: props.members.readers.map(contractMember),
    lag: props.lag,
  };
}

function contractMember({ name, host, port, zone, weight, resourceId }: FleetMember): ContractMember {
  return {
    name,
    host,
    port,
    ...(zone === undefined ? {} : { zone }),
    ...(weight === undefined ? {} : { weight }),
    resourceId,
  };
}
