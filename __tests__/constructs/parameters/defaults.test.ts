import { ENGINE_MAJORS } from '../../../constructs/environment';
import { convertParameters, type Flavour, PARAMETER_DEFAULTS, parameterDefaults } from '../../../constructs/parameters';
import { checked, checkedAurora, checkedCluster } from '../support/environments';

const FLAVOURS: readonly Flavour[] = ['instance', 'cluster', 'aurora'];

function sent(flavour: Flavour): Record<string, string> {
  const { parameters } = convertParameters(parameterDefaults(flavour));
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}

test('those of instances force TLS, bound the standby delays and leave WAL senders for fifteen replicas', () => {
  expect(parameterDefaults('instance')).toBe(PARAMETER_DEFAULTS);
  expect(sent('instance')).toEqual({
    hot_standby_feedback: '0',
    max_standby_archive_delay: '30000',
    max_standby_streaming_delay: '30000',
    max_wal_senders: '20',
    'rds.force_ssl': '1',
    shared_preload_libraries: 'pg_stat_statements',
  });
});

test('those of a Multi-AZ cluster leave the preloaded libraries to AWS, whose flow control is one of them', () => {
  const { shared_preload_libraries: _, ...others } = sent('instance');

  expect(sent('cluster')).toEqual(others);
});

test('those of Aurora are the ones it knows', () => {
  expect(sent('aurora')).toEqual({
    max_standby_streaming_delay: '30000',
    'rds.force_ssl': '1',
    shared_preload_libraries: 'pg_stat_statements',
  });
});

test('every major of every flavour takes its defaults', () => {
  for (const flavour of FLAVOURS) {
    for (const engineMajor of ENGINE_MAJORS) {
      expect(convertParameters(parameterDefaults(flavour), { engineMajor, flavour }).problems).toEqual([]);
    }
  }
});

test('an environment starts from those of its topology, and what it says comes on top', () => {
  const parameters = { work_mem: '16MB', 'rds.force_ssl': false } as const;

  expect(checked({}, { parameters }).database.parameters).toEqual({ ...parameterDefaults('instance'), ...parameters });
  expect(checkedCluster({}, { parameters }).database.parameters).toEqual({
    ...parameterDefaults('cluster'),
    ...parameters,
  });
  expect(checkedAurora({}, { parameters }).database.parameters).toEqual({
    ...parameterDefaults('aurora'),
    ...parameters,
  });
});
