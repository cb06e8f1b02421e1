import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL, MINIMAL_AURORA, MINIMAL_CLUSTER } from '../../support/environments';

/** Codes and paths of what is wrong with a document with these parameters. */
function told(
  document: { readonly database: object },
  parameters: object,
  changes: object = {},
  database: object = {},
): [string, string][] {
  const input = { ...document, ...changes, database: { ...document.database, ...database, parameters } };
  return environmentProblems(input).map(({ code, path }) => [code, path]);
}

test('a parameter of another major is refused', () => {
  expect(told(MINIMAL, { io_method: 'worker' })).toEqual([
    ['READFLEET_PARAMETER_MAJOR', 'database.parameters.io_method'],
  ]);
  expect(told(MINIMAL, { io_method: 'worker' }, {}, { engineMajor: 18 })).toEqual([]);
});

test('a parameter of another engine is refused', () => {
  const refused = [['READFLEET_PARAMETER_FLAVOUR', 'database.parameters.wal_keep_size']];

  expect(told(MINIMAL_AURORA, { wal_keep_size: '1GB' })).toEqual(refused);
  expect(told(MINIMAL_CLUSTER, { wal_keep_size: '1GB' })).toEqual([]);
  expect(told(MINIMAL, { wal_keep_size: '1GB' })).toEqual([]);
});

test('a parameter that RDS keeps to itself is refused', () => {
  expect(told(MINIMAL_CLUSTER, { port: 5433 })).toEqual([['READFLEET_PARAMETER_FIXED', 'database.parameters.port']]);
});

test('a major that is none hides no problem of a parameter, and makes none', () => {
  const codes = told(MINIMAL, { work_mem: 1, io_method: 'worker' }, {}, { engineMajor: 'x' }).map(([code]) => code);

  expect(codes).toEqual(['READFLEET_ENGINE_MAJOR', 'READFLEET_PARAMETER_TYPE']);
});

test('a topology that is none hides no problem of a parameter, and makes none', () => {
  const codes = told(MINIMAL, { work_mem: 1, apg_ccm_enabled: true }, { topology: 'x' }).map(([code]) => code);

  expect(codes).toEqual(['READFLEET_TOPOLOGY', 'READFLEET_PARAMETER_TYPE']);
});

describe('WAL senders', () => {
  const replicas = Object.fromEntries(
    ['blue', 'green', 'red', 'white'].map((name) => [name, { zone: 'eu-central-1a' }]),
  );
  const development = { stage: 'development', replicas };

  test('replicas in other regions take one each', () => {
    const remote = { kind: 'anything' };

    expect(told(MINIMAL, { max_wal_senders: 6 }, development)).toEqual([]);
    expect(told(MINIMAL, { max_wal_senders: 6 }, { ...development, remoteReplicas: { far: remote } })).toContainEqual([
      'READFLEET_WAL_SENDERS',
      'database.parameters.max_wal_senders',
    ]);
  });

  test('one that was promoted takes none', () => {
    const promoted = { far: { zone: 'eu-central-1a' } };

    expect(told(MINIMAL, { max_wal_senders: 6 }, { ...development, promoted })).not.toContainEqual([
      'READFLEET_WAL_SENDERS',
      'database.parameters.max_wal_senders',
    ]);
  });
});

test('connections that are all reserved are refused: the server would not start', () => {
  expect(told(MINIMAL, { max_connections: 20, reserved_connections: 16 })).toEqual([]);
  expect(told(MINIMAL, { max_connections: 20, reserved_connections: 17 })).toEqual([
    ['READFLEET_RESERVED_CONNECTIONS', 'database.parameters.reserved_connections'],
  ]);
});

test('shared buffers that the class cannot hold are refused, for a class that is known', () => {
  const database = { instanceClass: 'db.x2iedn.xlarge' };

  expect(told(MINIMAL_CLUSTER, { shared_buffers: '90GB' }, {}, database)).toEqual([]);
  expect(told(MINIMAL_CLUSTER, { shared_buffers: '100GB' }, {}, database)).toEqual([
    ['READFLEET_SHARED_BUFFERS', 'database.parameters.shared_buffers'],
  ]);
  expect(told(MINIMAL, { shared_buffers: '100GB' }, {}, { instanceClass: 'db.z9.large' })).toEqual([]);
});
