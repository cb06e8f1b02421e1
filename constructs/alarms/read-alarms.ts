import { LAG_MINUTES } from '../../lib/lag/thresholds';
import type { AlarmThresholds } from '../environment';
import { type AlarmSpec, above, below } from './alarm';
import { minutes, pieces, seconds } from './amount';
import { health, lagSeconds, replicaLag, uptime } from './metrics';
import { readServers, type WatchedFleet } from './watched';

/** What it watches has been going on for minutes already. */
const BACKSTOP_POINTS = { breaching: 3, of: 3 };

const SEE_WRITES = 'what the primary writes (a bulk load, a vacuum), and CPU and I/O of the reader.';
const SEE_REPLICATION = "pg_stat_wal_receiver on the reader, and the reader's events in RDS.";

/** The alarms of each server that reads go to: lag, health, and AWS's own lag behind them. */
export function readAlarms(fleet: WatchedFleet, thresholds: AlarmThresholds): readonly AlarmSpec[] {
  return fleet.members.topology === 'aurora' ? aurora(fleet, thresholds) : replicas(fleet, thresholds);
}

function replicas(fleet: WatchedFleet, { unhealthyMinutes, backstopLagMinutes }: AlarmThresholds) {
  const { lag, members } = fleet;
  return readServers(members).flatMap(({ name, identifier }): readonly AlarmSpec[] => [
    ...lagAlarms(name, lagSeconds(fleet, name), lag),
    {
      name: `${name}-unhealthy`,
      condition: below(health(fleet, name), pieces(1)),
      points: { breaching: unhealthyMinutes, of: unhealthyMinutes },
      // Nobody says that it is well, so it is not: a sample that is missing is one that failed.
      missing: 'breaching',
      meaning: `${name} does not answer, or replicates no more, or nobody measures it. The library sends it no reads.`,
      first: `whether every member is unhealthy (then: the primary, or the emitter); else ${SEE_REPLICATION}`,
      feeds: 'reads-degraded',
    },
    {
      name: `${name}-backstop-lag`,
      condition: above(replicaLag(members.topology, identifier), minutes(backstopLagMinutes)),
      points: BACKSTOP_POINTS,
      missing: 'notBreaching',
      meaning: `AWS itself sees ${name} more than ${backstopLagMinutes} minutes behind. It stands behind the emitter, in case that one is wrong.`,
      first: `${name}'s lag as the emitter has it; when the two differ, the emitter. Else ${SEE_REPLICATION}`,
      feeds: 'reads-degraded',
    },
  ]);
}

function aurora({ lag, members }: WatchedFleet, { unhealthyMinutes }: AlarmThresholds): readonly AlarmSpec[] {
  return readServers(members).flatMap(({ name, identifier }): readonly AlarmSpec[] => [
    ...lagAlarms(name, replicaLag('aurora', identifier), lag),
    {
      name: `${name}-unhealthy`,
      condition: below(uptime('aurora', identifier), seconds(1)),
      points: { breaching: unhealthyMinutes, of: unhealthyMinutes },
      // A server that is down says nothing.
      missing: 'breaching',
      meaning: `${name} is down, or has just started. Its clients were disconnected.`,
      first: `${name}'s events in RDS: a failover, a restart, or too little memory.`,
      feeds: 'reads-degraded',
    },
  ]);
}

/** Silence is no lag: it is the health alarm's business, and of a server that has become the writer it is right. */
function lagAlarms(name: string, metric: ReturnType<typeof replicaLag>, lag: WatchedFleet['lag']): AlarmSpec[] {
  return [
    {
      name: `${name}-lag-warning`,
      condition: above(metric, seconds(lag.warningSeconds)),
      points: LAG_MINUTES.warning,
      missing: 'notBreaching',
      meaning: `${name} shows data more than ${lag.warningSeconds} s old. Reads with a tighter bound have left it.`,
      first: SEE_WRITES,
      feeds: 'reads-lagging',
    },
    {
      name: `${name}-lag-critical`,
      condition: above(metric, seconds(lag.criticalSeconds)),
      points: LAG_MINUTES.critical,
      missing: 'notBreaching',
      meaning: `${name} shows data more than ${lag.criticalSeconds} s old. Most reads have left it, for other readers or the primary.`,
      first: SEE_WRITES,
      feeds: 'reads-degraded',
    },
  ];
}
