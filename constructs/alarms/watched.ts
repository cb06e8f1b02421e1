import type { ITerraformDependable } from 'cdktf';
import type { LagThresholds } from '../../lib/contract';
import type { FleetInstance, FleetMembers } from '../members';

/** The emitter, as CloudWatch's dimensions name its parts: plain texts. */
export interface WatchedEmitter {
  readonly functionName: string;
  readonly ruleName: string;
  readonly deadLetterQueueName: string;
  /**
   * What makes it run each minute.
   * @default - none
   */
  readonly ready?: readonly ITerraformDependable[];
}

/** The proxy, as CloudWatch's dimensions name it: `FleetProxy` is one. */
export interface WatchedProxy {
  /** Name in RDS, a plain text. */
  readonly proxyName: string;
}

/** What alarms and the dashboard watch. */
export interface WatchedFleet {
  /** What the fleet serves, e.g. `orders`. */
  readonly fleet: string;
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  readonly members: FleetMembers;
  readonly lag: LagThresholds;
  /** None of Aurora, where AWS measures. */
  readonly emitter: WatchedEmitter | undefined;
  readonly proxy: WatchedProxy | undefined;
}

/**
 * The servers that serve reads, or may come to.
 *
 * Of instances, the replicas. In clusters every server: they change places with the writer, which is one of them.
 */
export function readServers({ topology, instances, readers }: FleetMembers): readonly FleetInstance[] {
  if (topology !== 'instances') return instances;
  return instances.filter(({ name }) => readers.some((reader) => reader.name === name));
}
