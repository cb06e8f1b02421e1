import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { LagThresholds } from '../../lib/contract';
import type { AlarmSettings } from '../environment';
import type { Emitter } from '../functions/emitter';
import type { FleetMembers } from '../members';
import type { FleetProxy } from '../proxy';

export interface AlarmsProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly members: FleetMembers;
  readonly lag: LagThresholds;
  readonly settings: AlarmSettings;
  readonly instanceClass: string;
  /** `max_connections` where the environment sets it; otherwise RDS derives it from the class's memory. */
  readonly maxConnections: number | undefined;
  readonly emitter: Emitter | undefined;
  readonly proxy: FleetProxy | undefined;
  /** ARN of the fleet's key, which encrypts the topic. */
  readonly keyArn: string;
  /** The key's policy: without it alarms cannot publish. */
  readonly after: readonly ITerraformDependable[];
}

/** The alarms of a fleet and the topic they go to. */
export class Alarms extends Construct {
  /** ARN (token). */
  readonly topicArn!: string;

  constructor(scope: Construct, id: string, _props: AlarmsProps) {
    super(scope, id);
  }
}
