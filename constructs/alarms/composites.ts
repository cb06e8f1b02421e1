import type { Topology } from '../../lib/contract';
import type { AlarmSpec } from './alarm';
import { EMITTER_ERRORS, EMITTER_IDLE, EMITTER_QUIET } from './emitter-alarms';
import { allButOne, allOf, anyOf, type Expression, inAlarm, not } from './expression';

/** What people are told of, within the fleet: each cause once, however many alarms it sets off. */
export type CompositeName =
  | 'connections-high'
  | 'cpu-high'
  | 'emitter-dropped'
  | 'proxy-struggling'
  | 'reads-degraded'
  | 'reads-lagging'
  | 'reads-on-primary'
  | 'storage-low'
  | 'wal-held-back';

/** An alarm on other alarms. */
export interface CompositeSpec {
  readonly name: CompositeName;
  readonly rule: Expression;
  readonly meaning: string;
  readonly first: string;
}

/** In the order in which the dashboard shows them: the worst first. */
const TOLD: Readonly<Record<CompositeName, { readonly meaning: string; readonly first: string }>> = {
  'reads-on-primary': {
    meaning: 'Every reader is unhealthy or far behind: all reads fall on the primary, or wait.',
    first: 'health on the dashboard, the primary before its readers; then turn off endpoints that can wait.',
  },
  'reads-degraded': {
    meaning: 'A reader is unhealthy or far behind, or nobody measures them. Reads go on, on fewer members.',
    first: 'which alarms are behind this one (its details name them); each says what to look at.',
  },
  'wal-held-back': {
    meaning: 'The primary keeps WAL that somebody has not received. When its disk is full, it stops.',
    first: 'pg_replication_slots on the primary. Drop the slot of a consumer that will not come back.',
  },
  'storage-low': {
    meaning: 'A server runs out of storage. One without storage stops.',
    first: 'whether data or WAL grows (the dashboard has both), and on which server.',
  },
  'connections-high': {
    meaning: 'A server runs out of connections. Past the last one, clients are refused.',
    first: 'pg_stat_activity by application_name and state.',
  },
  'proxy-struggling': {
    meaning: 'Clients of the proxy wait for connections, or get none.',
    first: "the proxy's widgets on the dashboard.",
  },
  'reads-lagging': {
    meaning: 'A reader is behind. Reads with a tight bound have left it.',
    first: 'what the primary writes: a bulk load, a migration, a vacuum.',
  },
  'cpu-high': {
    meaning: 'A server has been busy for a quarter of an hour.',
    first: 'the statements at the top of Database Insights.',
  },
  'emitter-dropped': {
    meaning: 'Single measurements failed, though others arrive. Letters that were left behind keep this alarm on.',
    first: 'the letters in the dead-letter queue; purge it when they are read.',
  },
};

const SILENCE = [EMITTER_ERRORS, EMITTER_IDLE, EMITTER_QUIET];

/** What `alarms` feed, without those that nothing feeds. @param servers names of the servers that reads go to */
export function composites(
  alarms: readonly AlarmSpec[],
  topology: Topology,
  servers: readonly string[],
): readonly CompositeSpec[] {
  const measured = alarms.some(({ name }) => name === EMITTER_QUIET);
  return Object.entries(TOLD).flatMap(([key, told]): readonly CompositeSpec[] => {
    const name = key as CompositeName;
    if (name === 'reads-on-primary') return [{ name, rule: readsOnPrimary(topology, servers, measured), ...told }];
    const fed = alarms.filter(({ feeds }) => feeds === name).map((alarm) => inAlarm(alarm.name));
    if (fed.length === 0) return [];
    // While nothing is measured at all, `reads-degraded` says so; the letters are told of when it is over.
    const rule = name === 'emitter-dropped' ? allOf(anyOf(...fed), not(anyOf(...SILENCE.map(inAlarm)))) : anyOf(...fed);
    return [{ name, rule, ...told }];
  });
}

/**
 * Every reader is out. In clusters one of the servers is the writer at present, and well: so it is all but one.
 *
 * Not while nobody looks: then every health alarm goes off, for a reason that `reads-degraded` tells.
 */
export function readsOnPrimary(topology: Topology, servers: readonly string[], measured: boolean): Expression {
  const out = servers.map((name) => anyOf(inAlarm(`${name}-unhealthy`), inAlarm(`${name}-lag-critical`)));
  const all = topology === 'instances' ? allOf(...out) : allButOne(out);
  return measured ? allOf(all, not(inAlarm(EMITTER_QUIET))) : all;
}
