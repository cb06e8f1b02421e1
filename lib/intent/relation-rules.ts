import { arguable, certain, type Finding } from './intent';

/**
 * Views of `pg_catalog` whose rows belong to one server or one session. Everything else in `pg_catalog` and
 * `information_schema` is replicated like any table.
 *
 * Pg_stats and pg_stats_ext are not here: planner statistics are replicated.
 */
const PER_SERVER =
  /^(pg_stat_.+|pg_statio_.+|pg_locks|pg_settings|pg_file_settings|pg_hba_file_rules|pg_ident_file_mappings|pg_config|pg_aios|pg_cursors|pg_prepared_statements|pg_prepared_xacts|pg_replication_slots|pg_replication_origin_status|pg_backend_memory_contexts|pg_shmem_allocations|pg_shmem_allocations_numa|pg_dsm_registry_allocations|pg_wait_events|pg_available_extensions|pg_available_extension_versions)$/;

/** Views of `pg_catalog` that read the state of sequences, which a standby has up to 32 values ahead. */
const SEQUENCES = 'pg_sequences';

/** Schemas of temporary objects: they live in one session of the primary. */
const TEMPORARY = /^pg_(toast_)?temp(_\d+)?$/;

/** What the name of a relation alone says against a standby. */
export function relationRule(schema: string | undefined, name: string): Finding | undefined {
  if (schema !== undefined && TEMPORARY.test(schema)) return certain('temporary table');
  if (!name.startsWith('pg_')) return undefined;
  if (PER_SERVER.test(name)) return arguable(`asks about the server: ${name}`);
  return name === SEQUENCES ? arguable('reads a sequence') : undefined;
}

/** Whether a schema holds what only one session can see. */
export function isTemporarySchema(schema: string): boolean {
  return TEMPORARY.test(schema);
}

/**
 * Whether an unqualified or user's relation looks like a sequence. Asked only while no server's catalogue is known:
 * a sequence can be read like a table, and its name is then the only trace of it.
 */
export function looksLikeSequence(name: string): boolean {
  return name.endsWith('_seq');
}
