import { Construct } from 'constructs';
import type { Address } from '../lib/contract';
import type { ReadNameSettings } from './environment';
import type { FleetMembers } from './members';

export interface ReadNameProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region, in which the health metrics are. */
  readonly region: string;
  readonly settings: ReadNameSettings;
  readonly vpcId: string;
  readonly members: FleetMembers;
}

/** One DNS name over all replicas. */
export class ReadName extends Construct {
  /** A plain text: the name is known at synth. */
  readonly address!: Address;

  constructor(scope: Construct, id: string, _props: ReadNameProps) {
    super(scope, id);
  }
}
