import { convertParameters, custom, memoryGiB, PARAMETER_DEFAULTS } from '../../../constructs/parameters';

/** The one parameter that comes out: value and apply method. */
function converted(name: string, value: unknown): [string, string] | undefined {
  const [parameter] = convertParameters({ [name]: value }).parameters;
  return parameter && [parameter.value, parameter.applyMethod];
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
  ['shared_preload_libraries', ['pg_corn'], 'READFLEET_PARAMETER_VALUE'],
  ['toString', 1, 'READFLEET_PARAMETER_UNKNOWN'],
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

test('the default parameters force TLS, bound the standby delays and leave WAL senders for fifteen replicas', () => {
  const { parameters, problems } = convertParameters(PARAMETER_DEFAULTS);

  expect(problems).toEqual([]);
  expect(Object.fromEntries(parameters.map(({ name, value }) => [name, value]))).toEqual({
    hot_standby_feedback: '0',
    max_standby_archive_delay: '30000',
    max_standby_streaming_delay: '30000',
    max_wal_senders: '20',
    'rds.force_ssl': '1',
    shared_preload_libraries: 'pg_stat_statements',
  });
});

test.each<[string, number | undefined]>([
  ['db.t4g.micro', 1],
  ['db.t4g.medium', 4],
  ['db.m6g.large', 8],
  ['db.r6g.large', 16],
  ['db.r6g.xlarge', 32],
  ['db.r6i.32xlarge', 1024],
  ['db.z9.large', undefined],
])('%s has %p GiB of memory', (instanceClass, gib) => {
  expect(memoryGiB(instanceClass)).toBe(gib);
});
