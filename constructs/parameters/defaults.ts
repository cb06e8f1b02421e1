import type { Flavour } from './spec';
import type { AuroraParameters, Parameters } from './types';

/**
 * What a fleet of instances starts from. All else is RDS's own default, which follows the class's memory.
 *
 * - TLS is forced, and said so, since its default differs between versions.
 * - `hot_standby_feedback` is off: a long read on a replica is cancelled (and can be repeated elsewhere) before it bloats
 *   the primary.
 * - Replay waits 30 s at most for a read, which bounds what one read adds to lag.
 * - 20 WAL senders cover 15 replicas and their reconnects.
 */
export const PARAMETER_DEFAULTS = {
  'rds.force_ssl': true,
  hot_standby_feedback: false,
  max_standby_streaming_delay: '30s',
  max_standby_archive_delay: '30s',
  max_wal_senders: 20,
  shared_preload_libraries: ['pg_stat_statements'],
} as const satisfies Parameters;

const { shared_preload_libraries: _, ...CLUSTER } = PARAMETER_DEFAULTS;

const AURORA = {
  'rds.force_ssl': PARAMETER_DEFAULTS['rds.force_ssl'],
  max_standby_streaming_delay: PARAMETER_DEFAULTS.max_standby_streaming_delay,
  shared_preload_libraries: PARAMETER_DEFAULTS.shared_preload_libraries,
} as const satisfies AuroraParameters;

/**
 * What a fleet starts from.
 *
 * - A Multi-AZ DB cluster keeps AWS's own `shared_preload_libraries`: `flow_control` is among them, which slows the writer before
 *   the readers fall far behind, and pg_stat_statements is as well.
 * - Aurora's readers share the writer's storage: there is no archived WAL to replay, no WAL sender per reader, and the feedback
 *   of readers is always on.
 */
export function parameterDefaults(flavour: 'instance' | 'cluster'): Parameters;
/** What an Aurora cluster starts from: TLS forced, a standby delay of 30 s, pg_stat_statements. */
export function parameterDefaults(flavour: 'aurora'): AuroraParameters;
/** What a fleet starts from whose flavour is known at run time alone. */
export function parameterDefaults(flavour: Flavour): Parameters | AuroraParameters;
export function parameterDefaults(flavour: Flavour): Parameters | AuroraParameters {
  if (flavour === 'aurora') return AURORA;
  return flavour === 'cluster' ? CLUSTER : PARAMETER_DEFAULTS;
}
