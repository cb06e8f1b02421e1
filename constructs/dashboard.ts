import { Construct } from 'constructs';
import type { LagThresholds } from '../lib/contract';
import type { Emitter } from './functions/emitter';
import type { FleetMembers } from './members';
import type { FleetProxy } from './proxy';

export interface DashboardProps {
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly members: FleetMembers;
  readonly lag: LagThresholds;
  readonly emitter: Emitter | undefined;
  readonly proxy: FleetProxy | undefined;
}

/** One CloudWatch dashboard for a fleet. */
export class Dashboard extends Construct {
  /** Name of the dashboard, a plain text. */
  readonly dashboardName!: string;

  constructor(scope: Construct, id: string, _props: DashboardProps) {
    super(scope, id);
  }
}
