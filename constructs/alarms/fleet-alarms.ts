import type { AlarmThresholds } from '../environment';
import type { AlarmSpec } from './alarm';
import { type CompositeSpec, composites } from './composites';
import { emitterAlarms } from './emitter-alarms';
import { proxyAlarms } from './proxy-alarms';
import { readAlarms } from './read-alarms';
import { serverAlarms } from './server-alarms';
import { readServers, type WatchedFleet } from './watched';

export interface FleetAlarmsProps extends WatchedFleet {
  readonly thresholds: AlarmThresholds;
  /** Connections that each server takes; without it there is no alarm on them. */
  readonly maxConnections: number | undefined;
}

export interface FleetAlarms {
  /** On one metric each. They tell nobody. */
  readonly alarms: readonly AlarmSpec[];
  /** On other alarms. They tell people. */
  readonly composites: readonly CompositeSpec[];
}

/** Every alarm of a fleet, as data. */
export function fleetAlarms(props: FleetAlarmsProps): FleetAlarms {
  const { emitter, members, proxy, thresholds } = props;
  const alarms = [
    ...readAlarms(props, thresholds),
    ...serverAlarms(props),
    ...(emitter ? emitterAlarms(props, emitter) : []),
    ...(proxy ? proxyAlarms(proxy, thresholds) : []),
  ];
  const servers = readServers(members).map(({ name }) => name);
  return { alarms, composites: composites(alarms, members.topology, servers) };
}
