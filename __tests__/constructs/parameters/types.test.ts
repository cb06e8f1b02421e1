import { environment } from '../../../constructs/environment';
import {
  type AuroraParameters,
  CATALOGUE,
  custom,
  PARAMETER_NAMES,
  type ParameterName,
  type Parameters,
} from '../../../constructs/parameters';
import { MINIMAL_AURORA } from '../support/environments';

/** Never called: the compiler is the test. Each expected error that does not come is an error itself. */
function whatDoesNotCompile(): void {
  const parameters = (_: Parameters): void => undefined;
  const ofAurora = (_: AuroraParameters): void => undefined;

  // @ts-expect-error: RDS lets nobody set it
  parameters({ port: 5433 });
  // @ts-expect-error: Aurora has it alone
  parameters({ apg_ccm_enabled: true });
  // @ts-expect-error: Aurora has no WAL files
  ofAurora({ wal_keep_size: '1GB' });
  // @ts-expect-error: the feedback of Aurora's readers is always on
  ofAurora({ hot_standby_feedback: false });
  // @ts-expect-error: the same in an environment
  environment({ ...MINIMAL_AURORA, database: { ...MINIMAL_AURORA.database, parameters: { max_wal_size: '1GB' } } });
  // @ts-expect-error: no such word
  parameters({ log_statement: 'some' });
  // @ts-expect-error: no such library
  parameters({ shared_preload_libraries: ['pg_corn'] });
  // @ts-expect-error: true or false, as everywhere
  parameters({ 'rds.force_ssl': 1 });
  // @ts-expect-error: -1 means nothing here
  parameters({ statement_timeout: -1 });
  // @ts-expect-error: a text
  parameters({ search_path: ['app'] });
}

test('what does not compile is a function that is never called', () => {
  expect(whatDoesNotCompile).toBeInstanceOf(Function);
});

test('what each engine takes compiles, as people write it', () => {
  const parameters: Parameters = {
    statement_timeout: 0,
    autovacuum_vacuum_cost_delay: '2ms',
    log_connections: ['receipt', 'authentication'],
    wal_compression: 'lz4',
    'pgaudit.log': ['ddl', '-role'],
    search_path: 'app, public',
    ...custom('port', '5433', { apply: 'pending-reboot' }),
  };
  const ofAurora: AuroraParameters = { apg_ccm_enabled: true, max_standby_streaming_delay: '14s' };

  expect(parameters).not.toEqual(ofAurora);
});

test('the names that compile are the names that can be set', () => {
  const name: ParameterName = 'work_mem';

  expect(PARAMETER_NAMES).toContain(name);
  expect(PARAMETER_NAMES).not.toContain('port');
  expect(CATALOGUE.port).toEqual({ type: 'fixed', because: 'files' });
});
