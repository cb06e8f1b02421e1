import { convertParameters, custom, type ParameterTarget } from '../../../constructs/parameters';

/** The one parameter that comes out: value and apply method. */
function converted(name: string, value: unknown, target?: ParameterTarget): [string, string] | undefined {
  const [parameter] = convertParameters({ [name]: value }, target).parameters;
  return parameter && [parameter.value, parameter.applyMethod];
}

function problem(name: string, value: unknown, target?: ParameterTarget) {
  const { parameters, problems } = convertParameters({ [name]: value }, target);
  expect(parameters).toEqual([]);
  expect(problems).toHaveLength(1);
  return problems[0];
}

test.each<[string, unknown, string, string]>([
  ['max_connections', 200, '200', 'pending-reboot'],
  ['shared_buffers', '256MB', '32768', 'pending-reboot'],
  ['effective_cache_size', '1GB', '131072', 'immediate'],
  ['maintenance_work_mem', '64MB', '65536', 'immediate'],
  ['checkpoint_completion_target', 0.9, '0.9', 'immediate'],
  ['wal_buffers', '16MB', '2048', 'pending-reboot'],
  ['default_statistics_target', 100, '100', 'immediate'],
  ['random_page_cost', 1.1, '1.1', 'immediate'],
  ['effective_io_concurrency', 200, '200', 'immediate'],
  ['work_mem', '2621kB', '2621', 'immediate'],
  ['min_wal_size', '1GB', '1024', 'immediate'],
  ['max_wal_size', '4GB', '4096', 'immediate'],
  ['wal_buffers', -1, '-1', 'pending-reboot'],
  ['rds.force_ssl', true, '1', 'immediate'],
  ['rds.logical_replication', false, '0', 'pending-reboot'],
  ['max_standby_streaming_delay', '30s', '30000', 'immediate'],
  ['max_standby_archive_delay', -1, '-1', 'immediate'],
  ['shared_preload_libraries', ['pg_stat_statements', 'pg_cron'], 'pg_stat_statements,pg_cron', 'pending-reboot'],
  ['log_statement', 'ddl', 'ddl', 'immediate'],
  ['search_path', 'app, public', 'app, public', 'immediate'],
  ['datestyle', 'ISO, DMY', 'ISO, DMY', 'immediate'],
  ['statement_timeout', 0, '0', 'immediate'],
  ['log_min_duration_statement', '1.005s', '1005', 'immediate'],
  ['autovacuum_vacuum_cost_delay', '0.5ms', '0.5', 'immediate'],
  ['rds.log_retention_period', '3d', '4320', 'immediate'],
  ['rds.adaptive_autovacuum', false, '0', 'immediate'],
  ['auto_explain.log_min_duration', '500ms', '500', 'immediate'],
  ['pg_stat_statements.max', 10_000, '10000', 'pending-reboot'],
  ['pg_stat_statements.track', 'all', 'all', 'immediate'],
  ['pgaudit.log', ['ddl', 'role'], 'ddl,role', 'immediate'],
  ['cron.log_run', false, 'off', 'pending-reboot'],
  ['io_method', 'worker', 'worker', 'pending-reboot'],
  ['log_connections', true, '1', 'immediate'],
  ['log_connections', ['receipt', 'authentication'], 'receipt,authentication', 'immediate'],
  ['temp_file_limit', '10GB', '10485760', 'pending-reboot'],
])('%s written as %p goes to RDS as %s, %s', (name, value, rds, apply) => {
  expect(converted(name, value)).toEqual([rds, apply]);
});

test.each<[string, unknown, string]>([
  ['work_mem', 16, 'READFLEET_PARAMETER_TYPE'],
  ['work_mem', -1, 'READFLEET_PARAMETER_TYPE'],
  ['work_mem', '63kB', 'READFLEET_PARAMETER_RANGE'],
  ['wal_buffers', '12kB', 'READFLEET_PARAMETER_NOT_WHOLE'],
  ['max_connections', 5, 'READFLEET_PARAMETER_RANGE'],
  ['max_connections', 100.5, 'READFLEET_PARAMETER_TYPE'],
  ['checkpoint_completion_target', 1.1, 'READFLEET_PARAMETER_RANGE'],
  ['random_page_cost', Number.NaN, 'READFLEET_PARAMETER_TYPE'],
  ['rds.force_ssl', 1, 'READFLEET_PARAMETER_TYPE'],
  ['log_statement', 'some', 'READFLEET_PARAMETER_TYPE'],
  ['shared_preload_libraries', 'pg_cron', 'READFLEET_PARAMETER_TYPE'],
  ['shared_preload_libraries', true, 'READFLEET_PARAMETER_TYPE'],
  ['shared_preload_libraries', ['pg_corn'], 'READFLEET_PARAMETER_VALUE'],
  ['toString', 1, 'READFLEET_PARAMETER_UNKNOWN'],
  ['search_path', ['app'], 'READFLEET_PARAMETER_TYPE'],
  ['rds.log_retention_period', '1h', 'READFLEET_PARAMETER_RANGE'],
  ['autovacuum_freeze_max_age', 50_000_000, 'READFLEET_PARAMETER_RANGE'],
  ['log_min_duration_statement', '0.5ms', 'READFLEET_PARAMETER_NOT_WHOLE'],
  ['log_filename', 'mine.log', 'READFLEET_PARAMETER_TYPE'],
  ['wal_level', 'logical', 'READFLEET_PARAMETER_FIXED'],
])('%s written as %p is refused as %s', (name, value, code) => {
  expect(convertParameters({ [name]: value })).toEqual({
    parameters: [],
    problems: [expect.objectContaining({ code })],
  });
});

test('a value that is not whole names its neighbours', () => {
  expect(convertParameters({ wal_buffers: '12kB' }).problems[0]?.fix).toBe("The nearest are '8kB' and '16kB'.");
});

test('a parameter outside of the catalogue goes through custom() untouched', () => {
  const written = custom('auto_explain.log_min_duration', '500', { apply: 'immediate' });

  expect(convertParameters(written).parameters).toEqual([
    { name: 'auto_explain.log_min_duration', value: '500', applyMethod: 'immediate' },
  ]);
});

test('the order of writing makes no difference', () => {
  const names = convertParameters({ work_mem: '1MB', max_connections: 10 }).parameters.map(({ name }) => name);

  expect(names).toEqual(['max_connections', 'work_mem']);
});

describe('what RDS keeps to itself', () => {
  test.each([
    'archive_command',
    'data_directory',
    'fsync',
    'full_page_writes',
    'hba_file',
    'listen_addresses',
    'log_line_prefix',
    'port',
    'primary_conninfo',
    'restore_command',
    'server_version',
    'ssl_key_file',
    'synchronous_standby_names',
    'unix_socket_directories',
    'zero_damaged_pages',
  ])('%s is refused, whatever is written', (name) => {
    expect(problem(name, 'x')).toMatchObject({ code: 'READFLEET_PARAMETER_FIXED', fix: 'Drop it.' });
  });

  test('what is set instead is named', () => {
    expect(problem('wal_level', 'logical')).toMatchObject({
      message: 'AWS refuses to set it: RDS archives, recovers and replicates by itself.',
      fix: 'Drop it, and set rds.logical_replication.',
    });
  });

  test('custom() goes past it', () => {
    expect(convertParameters(custom('port', '5433', { apply: 'pending-reboot' })).problems).toEqual([]);
  });
});

describe('the major version', () => {
  test.each<[string, unknown, 14 | 15 | 16 | 17 | 18, string]>([
    ['io_method', 'worker', 17, 'PostgreSQL has it since 18, and the engine is 17.'],
    ['io_workers', 4, 14, 'PostgreSQL has it since 18, and the engine is 14.'],
    ['transaction_timeout', '1min', 16, 'PostgreSQL has it since 17, and the engine is 16.'],
    ['io_combine_limit', '128kB', 16, 'PostgreSQL has it since 17, and the engine is 16.'],
    ['reserved_connections', 3, 15, 'PostgreSQL has it since 16, and the engine is 15.'],
    ['vacuum_defer_cleanup_age', 0, 16, 'PostgreSQL had it until 15, and the engine is 16.'],
    ['old_snapshot_threshold', '1h', 17, 'PostgreSQL had it until 16, and the engine is 17.'],
    ['rds.pg_stat_ramdisk_size', '64MB', 15, 'PostgreSQL had it until 14, and the engine is 15.'],
  ])('%s is refused where PostgreSQL does not have it', (name, value, engineMajor, message) => {
    expect(problem(name, value, { engineMajor })).toMatchObject({ code: 'READFLEET_PARAMETER_MAJOR', message });
  });

  test.each<[string, unknown, 14 | 15 | 16 | 17 | 18]>([
    ['io_method', 'worker', 18],
    ['transaction_timeout', '1min', 17],
    ['vacuum_defer_cleanup_age', 0, 15],
    ['old_snapshot_threshold', '1h', 16],
  ])('%s is taken by the nearest major that has it', (name, value, engineMajor) => {
    expect(convertParameters({ [name]: value }, { engineMajor }).problems).toEqual([]);
  });

  test('one that is not said is not checked', () => {
    expect(convertParameters({ io_method: 'worker', vacuum_defer_cleanup_age: 0 }).problems).toEqual([]);
  });

  test('a later one may take a change without a restart', () => {
    expect(converted('autovacuum_max_workers', 5, { engineMajor: 17 })).toEqual(['5', 'pending-reboot']);
    expect(converted('autovacuum_max_workers', 5, { engineMajor: 18 })).toEqual(['5', 'immediate']);
  });

  test('a later one may take more', () => {
    expect(problem('io_combine_limit', '1MB', { engineMajor: 17 })?.code).toBe('READFLEET_PARAMETER_RANGE');
    expect(converted('io_combine_limit', '1MB', { engineMajor: 18 })).toEqual(['128', 'immediate']);
    expect(problem('maintenance_work_mem', '512kB', { engineMajor: 16 })?.code).toBe('READFLEET_PARAMETER_RANGE');
    expect(converted('maintenance_work_mem', '512kB', { engineMajor: 17 })).toEqual(['512', 'immediate']);
  });

  test('a later one may want other words', () => {
    expect(converted('wal_compression', true, { engineMajor: 14 })).toEqual(['1', 'immediate']);
    expect(problem('wal_compression', true, { engineMajor: 15 })?.code).toBe('READFLEET_PARAMETER_TYPE');
    expect(converted('wal_compression', 'zstd', { engineMajor: 15 })).toEqual(['zstd', 'immediate']);
    expect(problem('log_connections', ['all'], { engineMajor: 17 })?.code).toBe('READFLEET_PARAMETER_TYPE');
  });
});

describe('the flavour', () => {
  test.each<[string, unknown]>([
    ['checkpoint_timeout', '10min'],
    ['effective_io_concurrency', 200],
    ['full_page_writes', true],
    ['hot_standby_feedback', false],
    ['max_standby_archive_delay', '30s'],
    ['max_wal_size', '4GB'],
    ['wal_keep_size', '1GB'],
  ])('Aurora refuses %s', (name, value) => {
    expect(problem(name, value, { flavour: 'aurora' })?.code).toMatch(/^READFLEET_PARAMETER_(FLAVOUR|FIXED)$/);
  });

  test.each(['instance', 'cluster'] as const)("Aurora's own are refused for an RDS %s", (flavour) => {
    expect(problem('apg_ccm_enabled', true, { flavour })).toMatchObject({
      code: 'READFLEET_PARAMETER_FLAVOUR',
      message: 'RDS for PostgreSQL does not let it be set; Aurora PostgreSQL does.',
    });
  });

  test.each<[string, unknown]>([
    ['max_connections', 400],
    ['max_slot_wal_keep_size', -1],
    ['max_standby_streaming_delay', '30s'],
    ['max_wal_senders', 20],
    ['wal_buffers', '16MB'],
    ['work_mem', '16MB'],
  ])('%s is taken by all three', (name, value) => {
    for (const flavour of ['instance', 'cluster', 'aurora'] as const) {
      expect(convertParameters({ [name]: value }, { flavour }).problems).toEqual([]);
    }
  });

  test.each<[string, unknown, string]>([
    ['max_standby_streaming_delay', '5min', 'READFLEET_PARAMETER_RANGE'],
    ['max_standby_streaming_delay', -1, 'READFLEET_PARAMETER_TYPE'],
    ['log_rotation_age', '1min', 'READFLEET_PARAMETER_RANGE'],
    ['vacuum_cost_delay', '0.5ms', 'READFLEET_PARAMETER_NOT_WHOLE'],
    ['wal_sender_timeout', '2h', 'READFLEET_PARAMETER_RANGE'],
  ])('Aurora takes less than RDS for %s: %p', (name, value, code) => {
    expect(convertParameters({ [name]: value }, { flavour: 'instance' }).problems).toEqual([]);
    expect(problem(name, value, { flavour: 'aurora' })?.code).toBe(code);
  });

  test('one that is not said is not checked', () => {
    expect(convertParameters({ apg_ccm_enabled: true, wal_keep_size: '1GB' }).problems).toEqual([]);
  });
});

test('everything that is wrong is told at once', () => {
  const written = { wrok_mem: '1MB', port: 1, io_method: 'sync', apg_ccm_enabled: true, work_mem: 1, jit: true };

  expect(
    convertParameters(written, { engineMajor: 17, flavour: 'instance' }).problems.map(({ path, code }) => [path, code]),
  ).toEqual([
    ['wrok_mem', 'READFLEET_PARAMETER_UNKNOWN'],
    ['port', 'READFLEET_PARAMETER_FIXED'],
    ['io_method', 'READFLEET_PARAMETER_MAJOR'],
    ['apg_ccm_enabled', 'READFLEET_PARAMETER_FLAVOUR'],
    ['work_mem', 'READFLEET_PARAMETER_TYPE'],
  ]);
});

test('a misspelt parameter is told with what was most likely meant', () => {
  expect(problem('wrok_mem', '1MB')?.fix).toBe('Did you mean "work_mem"? Set it with custom() when RDS has it.');
  expect(problem('DateStyl', 'ISO')?.fix).toBe('Did you mean "datestyle"? Set it with custom() when RDS has it.');
});
