import type { Parameters } from './types';

/**
 * What every fleet starts from. All else is RDS's own default, which follows the class's memory.
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
