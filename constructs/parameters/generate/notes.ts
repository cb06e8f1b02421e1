/** What editors show beside PostgreSQL's own sentence, where readers of a fleet need more. */
export const NOTES: Readonly<Record<string, string>> = {
  effective_cache_size: 'It reserves nothing.',
  hot_standby_feedback:
    'Replicas tell the primary what they read: fewer cancelled reads there, more bloat on the primary.',
  idle_in_transaction_session_timeout: 'On a replica, such sessions hold replay back.',
  max_connections: "A standby needs at least the primary's, which one group for all members gives.",
  max_locks_per_transaction: "A standby needs at least the primary's, which one group for all members gives.",
  max_prepared_transactions: "A standby needs at least the primary's, which one group for all members gives.",
  max_replication_slots: 'For replicas and logical consumers together.',
  max_slot_wal_keep_size: 'Without a limit (-1), a dead replica can fill the disk of the primary.',
  max_standby_archive_delay: 'The same while a replica catches up from archived WAL.',
  max_standby_streaming_delay:
    'How long replay waits for a conflicting read; -1 waits for ever, and lag grows with it.',
  max_wal_senders:
    "Each replica takes one, and a reconnect one more for a while. A standby needs at least the primary's, which one group gives.",
  max_worker_processes: "A standby needs at least the primary's, which one group for all members gives.",
  random_page_cost: '1.1 fits SSDs.',
  recovery_min_apply_delay:
    'One group serves all members: every replica would be late by it, and every read with a bound fail.',
  shared_buffers: "RDS's own default is a quarter of the class's memory.",
  shared_preload_libraries:
    'What is left out is not loaded: on a Multi-AZ DB cluster, to leave flow_control out ends the flow control of RDS.',
  statement_timeout: '0 is never.',
  wal_buffers: '-1 is a 32nd of shared_buffers.',
  wal_keep_size: 'For standbys that use no slot.',
};
