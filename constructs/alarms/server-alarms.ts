import type { AlarmThresholds } from '../environment';
import type { FleetInstance, FleetMembers } from '../members';
import { type AlarmSpec, above, below } from './alarm';
import { gibibytes, percent, pieces } from './amount';
import { connections, cpu, freeStorage, slotDisk, slotLag, walDisk } from './metrics';

/** Five minutes on end: none of this is decided by one busy minute. */
const SUSTAINED = { breaching: 5, of: 5 };
/** Three times five minutes. */
const QUARTER_OF_AN_HOUR = { breaching: 3, of: 3 };

export interface ServerAlarmsProps {
  readonly members: FleetMembers;
  readonly thresholds: AlarmThresholds;
  /** Connections that each server takes; without it there is no alarm on them. */
  readonly maxConnections: number | undefined;
}

/** The alarms of each server for what it runs out of, and of those that may write for the WAL that they must keep. */
export function serverAlarms(props: ServerAlarmsProps): readonly AlarmSpec[] {
  return props.members.instances.flatMap((server) => [
    ...(server.canWrite ? writerAlarms(server, props.thresholds) : []),
    ...storageAlarm(server, props),
    ...connectionsAlarm(server, props),
    {
      name: `${server.name}-cpu`,
      condition: above(cpu(server.identifier), percent(props.thresholds.cpuPercent)),
      points: QUARTER_OF_AN_HOUR,
      missing: 'notBreaching',
      meaning: `${server.name} has used more than ${props.thresholds.cpuPercent} % of its CPU for a quarter of an hour.`,
      first: 'the statements at the top of Database Insights.',
      feeds: 'cpu-high',
    } as const,
  ]);
}

/** The primary keeps WAL for whoever has not received it, until its disk is full and it stops. */
function writerAlarms({ name, identifier }: FleetInstance, thresholds: AlarmThresholds): readonly AlarmSpec[] {
  const { replicationSlotLagGiB, replicationSlotDiskGiB, walDiskGiB } = thresholds;
  const common = { points: SUSTAINED, missing: 'notBreaching', feeds: 'wal-held-back' } as const;
  return [
    {
      ...common,
      name: `${name}-slot-lag`,
      condition: above(slotLag(identifier), gibibytes(replicationSlotLagGiB)),
      meaning: `A replication slot of ${name} is more than ${replicationSlotLagGiB} GiB behind: WAL is kept for it, until the disk is full.`,
      first:
        "pg_replication_slots on the primary: a slot that is not active is a dead replica's or a stopped consumer's.",
    },
    {
      ...common,
      name: `${name}-slot-disk`,
      condition: above(slotDisk(identifier), gibibytes(replicationSlotDiskGiB)),
      meaning: `The replication slots of ${name} have spilled more than ${replicationSlotDiskGiB} GiB to disk: a large transaction is being decoded.`,
      first: 'pg_stat_replication_slots on the primary, and the consumer of the logical slot.',
    },
    {
      ...common,
      name: `${name}-wal-disk`,
      condition: above(walDisk(identifier), gibibytes(walDiskGiB)),
      meaning: `More than ${walDiskGiB} GiB of WAL lie on the disk of ${name}.`,
      first: 'pg_replication_slots on the primary; then whether archiving has stopped (pg_stat_archiver).',
    },
  ];
}

/** Of the size that was asked for: where storage grows by itself, the alarm comes when that much is left, however large it is. */
function storageAlarm({ name, identifier }: FleetInstance, props: ServerAlarmsProps): readonly AlarmSpec[] {
  const { storageGiB, topology } = props.members;
  const { freeStoragePercent } = props.thresholds;
  if (storageGiB === undefined || topology === 'aurora') return [];
  const left = (storageGiB * freeStoragePercent) / 100;
  return [
    {
      name: `${name}-free-storage`,
      condition: below(freeStorage(topology, identifier), gibibytes(left)),
      points: SUSTAINED,
      missing: 'notBreaching',
      meaning: `Less than ${freeStoragePercent} % of ${storageGiB} GiB are left on ${name}. A server without storage stops.`,
      first: 'whether it is data or WAL that grows; then database.storage.sizeGiB, which can only be raised.',
      feeds: 'storage-low',
    },
  ];
}

function connectionsAlarm({ name, identifier }: FleetInstance, props: ServerAlarmsProps): readonly AlarmSpec[] {
  const { maxConnections, thresholds } = props;
  if (maxConnections === undefined) return [];
  const most = Math.floor((maxConnections * thresholds.connectionsPercent) / 100);
  return [
    {
      name: `${name}-connections`,
      condition: above(connections(identifier), pieces(most)),
      points: SUSTAINED,
      missing: 'notBreaching',
      meaning: `More than ${thresholds.connectionsPercent} % of the ${maxConnections} connections of ${name} are in use. Past the last one, clients are refused.`,
      first: 'pg_stat_activity by application_name and state: idle ones are pools that are too large.',
      feeds: 'connections-high',
    },
  ];
}
