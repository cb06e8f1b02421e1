import {
  type EnvironmentInput,
  environment,
  environmentProblems,
  InvalidConfigError,
  isEnvironment,
  type Problem,
  STAGE_DEFAULTS,
} from '../../../constructs/environment';
import { checked, input, MINIMAL } from '../support/environments';

/** As a person may have written it, whatever the types say. */
function problems(changes: object, database: object = {}): Problem[] {
  return environmentProblems({ ...MINIMAL, ...changes, database: { ...MINIMAL.database, ...database } });
}

describe('defaults', () => {
  test('who names no stage gets the protected one', () => {
    const { stage, database } = checked();

    expect(stage).toBe('production');
    expect(database).toMatchObject(STAGE_DEFAULTS.production);
  });

  test.each(['production', 'staging', 'development'] as const)(
    'a %s environment takes the defaults of its stage',
    (stage) => {
      expect(checked({ stage }).database).toMatchObject(STAGE_DEFAULTS[stage]);
    },
  );

  test('backups are kept 30 days in production, 7 in staging and 1 in development', () => {
    const days = (stage: EnvironmentInput['stage'] & string) => checked({ stage }).database.backupRetentionDays;

    expect([days('production'), days('staging'), days('development')]).toEqual([30, 7, 1]);
  });

  test('what the environment says goes before the default of its stage', () => {
    expect(checked({ stage: 'production' }, { multiAz: false }).database.multiAz).toBe(false);
  });

  test('a property that is undefined means the default', () => {
    const written = { multiAz: undefined } as unknown as { multiAz: boolean };

    expect(checked({}, written).database.multiAz).toBe(true);
  });

  test('windows, insights, logs and users are the ones documented', () => {
    const { access, database, lag, replicas, tags } = checked();

    expect(database).toMatchObject({
      backupWindow: '02:00-03:00',
      maintenanceWindow: 'Mon:04:00-Mon:05:00',
      insights: { mode: 'standard', retentionDays: 7 },
      logExports: ['postgresql', 'upgrade'],
      masterUser: 'fleet_admin',
      masterPasswordVersion: 1,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: false,
      caCertificate: 'rds-ca-rsa2048-g1',
    });
    expect(access).toEqual({
      securityGroupIds: [],
      cidrs: [],
      user: 'app',
      readOnlyUser: 'readfleet_read_only',
      migrationUser: 'readfleet_migrations',
    });
    expect(lag).toEqual({ warningSeconds: 1, criticalSeconds: 5 });
    expect(replicas.blue).toEqual({ zone: 'eu-central-1a', weight: 1 });
    expect(tags).toEqual({});
  });

  test('parameters of the environment stand among the default ones', () => {
    const { parameters } = checked({}, { parameters: { work_mem: '16MB', hot_standby_feedback: true } }).database;

    expect(parameters).toMatchObject({ work_mem: '16MB', hot_standby_feedback: true, 'rds.force_ssl': true });
  });

  test('what comes out can be told from what a person wrote', () => {
    expect(isEnvironment(checked())).toBe(true);
    expect(isEnvironment(MINIMAL)).toBe(false);
  });
});

describe('one wrong property', () => {
  const zone = 'eu-central-1a';
  const many = Object.fromEntries(
    Array.from({ length: 16 }, (_, index) => [`r${index}`, { zone: index % 2 ? 'eu-central-1b' : zone }]),
  );

  // Each row: the code, the path, what was written, and for the database what was written there.
  const rows: [code: string, path: string, changes: object, database?: object][] = [
    ['READFLEET_BACKUPS_OFF', 'database.backupRetentionDays', {}, { backupRetentionDays: 0 }],
    ['READFLEET_ENGINE_MINOR', 'database.engineMajor', {}, { engineMajor: 17.4 }],
    ['READFLEET_ENGINE_MINOR', 'database.engineMajor', {}, { engineMajor: '15.4' }],
    ['READFLEET_ENGINE_MAJOR', 'database.engineMajor', {}, { engineMajor: 12 }],
    ['READFLEET_STORAGE_SIZE', 'database.storage.sizeGiB', {}, { storage: { sizeGiB: 19 } }],
    ['READFLEET_STORAGE_GP3_SMALL', 'database.storage.iops', {}, { storage: { sizeGiB: 399, iops: 12000 } }],
    [
      'READFLEET_STORAGE_GP3_SMALL',
      'database.storage.throughputMiBps',
      {},
      { storage: { sizeGiB: 20, throughputMiBps: 500 } },
    ],
    [
      'READFLEET_STORAGE_AUTOSCALING',
      'database.storage.maxSizeGiB',
      {},
      { storage: { sizeGiB: 100, maxSizeGiB: 109 } },
    ],
    ['READFLEET_WINDOW_FORMAT', 'database.backupWindow', {}, { backupWindow: '2am' }],
    ['READFLEET_WINDOW_FORMAT', 'database.maintenanceWindow', {}, { maintenanceWindow: '03:00-04:00' }],
    ['READFLEET_WINDOW_LENGTH', 'database.backupWindow', {}, { backupWindow: '01:00-01:29' }],
    ['READFLEET_WINDOWS_OVERLAP', 'database.maintenanceWindow', {}, { maintenanceWindow: 'Wed:02:30-Wed:03:30' }],
    ['READFLEET_WINDOWS_OVERLAP', 'database.backupWindow', {}, { backupWindow: '03:30-04:30' }],
    ['READFLEET_INSIGHTS_ADVANCED', 'database.insights', {}, { insights: { mode: 'advanced', retentionDays: 434 } }],
    [
      'READFLEET_INSIGHTS_RETENTION',
      'database.insights.retentionDays',
      {},
      { insights: { mode: 'standard', retentionDays: 30 } },
    ],
    ['READFLEET_RESERVED_NAME', 'database.name', {}, { name: 'rdsadmin' }],
    ['READFLEET_RESERVED_NAME', 'database.masterUser', {}, { masterUser: 'rdsadmin' }],
    ['READFLEET_RESERVED_NAME', 'access.user', { access: { user: 'pg_app' } }],
    ['READFLEET_APP_IS_MASTER', 'access.user', { access: { user: 'fleet_admin' } }],
    ['READFLEET_APP_IS_MASTER', 'access.user', {}, { masterUser: 'app' }],
    [
      'READFLEET_WAL_SENDERS',
      'database.parameters.max_wal_senders',
      { replicas: { a: { zone }, b: { zone }, c: { zone }, d: { zone: 'eu-central-1b' } } },
      { parameters: { max_wal_senders: 5 } },
    ],
    ['READFLEET_SHARED_BUFFERS', 'database.parameters.shared_buffers', {}, { parameters: { shared_buffers: '13GB' } }],
    ['READFLEET_PARAMETER_UNKNOWN', 'database.parameters.wrok_mem', {}, { parameters: { wrok_mem: '1MB' } }],
    ['READFLEET_PASSWORD', 'database.manageMasterUserPassword', {}, { manageMasterUserPassword: true }],
    ['READFLEET_REPLICA_ZONE', 'replicas.blue.zone', { replicas: { blue: { zone: 'eu-central-1c' } } }],
    [
      'READFLEET_REPLICA_PARITY',
      'replicas.blue.instanceClass',
      { replicas: { blue: { zone, instanceClass: 'db.r6g.large' } } },
    ],
    ['READFLEET_REPLICA_COUNT', 'replicas', { replicas: {} }],
    ['READFLEET_REPLICA_COUNT', 'replicas', { replicas: many }],
    ['READFLEET_REPLICA_NAME', 'replicas.primary', { replicas: { primary: { zone } } }],
    ['READFLEET_REPLICA_NAME', 'replicas.a--b', { replicas: { 'a--b': { zone } } }],
    ['READFLEET_REPLICAS_IN_ONE_ZONE', 'replicas', { replicas: { blue: { zone }, green: { zone } } }],
    ['READFLEET_WEIGHT', 'replicas.blue.weight', { replicas: { blue: { zone, weight: 0 } } }],
    ['READFLEET_WEIGHT', 'replicas.blue.weight', { replicas: { blue: { zone, weight: -1 } } }],
    ['READFLEET_NAME_TOO_LONG', 'name', { fleet: 'f'.repeat(52) }],
    ['READFLEET_NAME_TOO_LONG', `replicas.${'r'.repeat(52)}`, { replicas: { ['r'.repeat(52)]: { zone } } }],
    ['READFLEET_ZONES_TOO_FEW', 'network.zones', { network: { kind: 'create', cidr: '10.0.0.0/16', zones: [zone] } }],
    [
      'READFLEET_ZONES_TOO_FEW',
      'network.subnets',
      { network: { kind: 'existing', vpcId: 'vpc-1', subnets: { [zone]: 'subnet-1' } } },
    ],
    [
      'READFLEET_ZONE_REGION',
      'network.zones',
      { network: { kind: 'create', cidr: '10.0.0.0/16', zones: [zone, 'eu-west-1b'] } },
    ],
    ['READFLEET_BACKEND_LOCAL', 'backend.kind', { backend: { kind: 'local' } }],
    ['READFLEET_LAG_ORDER', 'lag', { lag: { warningSeconds: 6, criticalSeconds: 5 } }],
    ['READFLEET_TOPOLOGY', 'topology', { topology: 'serverless' }],
    ['READFLEET_PROXY_READ_ON_INSTANCES', 'proxy.readEndpoint', { proxy: { readEndpoint: true } }],
    ['READFLEET_PROXY_READ_ON_INSTANCES', 'proxy.readEndpoint', { proxy: { readEndpoint: false } }],
    ['READFLEET_UNKNOWN_KEY', 'database.multiAZ', {}, { multiAZ: true }],
    ['READFLEET_ENVIRONMENT_INVALID', 'name', { name: 'Test' }],
    [
      'READFLEET_ENVIRONMENT_INVALID',
      'network.cidr',
      { network: { kind: 'create', cidr: '0.0.0.0/0', zones: [zone, 'eu-central-1b'] } },
    ],
    ['READFLEET_ENVIRONMENT_INVALID', 'database.monitoringIntervalSeconds', {}, { monitoringIntervalSeconds: 7 }],
    ['READFLEET_ENVIRONMENT_INVALID', 'database.logExports[0]', {}, { logExports: ['audit'] }],
    ['READFLEET_ENVIRONMENT_INVALID', 'database.instanceClass', {}, { instanceClass: 'r6g.large' }],
    ['READFLEET_ENVIRONMENT_INVALID', 'access.securityGroupIds[0]', { access: { securityGroupIds: ['0.0.0.0/0'] } }],
    ['READFLEET_ENVIRONMENT_INVALID', 'tags.aws:team', { tags: { 'aws:team': 'orders' } }],
  ];

  // Always four: for a row with fewer, jest would hand over `done` and wait for it.
  test.each(rows.map(([code, path, changes, database = {}]) => [code, path, changes, database] as const))(
    '%s at %s is the one problem',
    (code, path, changes, database) => {
      expect(problems(changes, database)).toEqual([expect.objectContaining({ code, path })]);
    },
  );

  test('what AWS accepts at the edge is accepted', () => {
    const fifteen = Object.fromEntries(Object.entries(many).slice(1));

    expect(problems({ replicas: fifteen })).toEqual([]);
    expect(problems({}, { storage: { sizeGiB: 400, iops: 12_000, throughputMiBps: 500, maxSizeGiB: 440 } })).toEqual(
      [],
    );
    expect(problems({}, { insights: { mode: 'advanced', retentionDays: 465 } })).toEqual([]);
    expect(problems({}, { backupRetentionDays: 35, parameters: { shared_buffers: '12GB' } })).toEqual([]);
    expect(problems({}, { backupWindow: '02:30-03:00' })).toEqual([]);
  });
});

describe('many wrong properties', () => {
  test('all are told at once, those between properties too, whatever else is malformed', () => {
    const found = problems(
      { region: 5, backend: {}, replicas: { blue: { zone: 'eu-central-1c', weight: 'much' }, green: null } },
      { storage: { sizeGiB: 100, iops: 'many' }, maintenanceWindow: 'Mon:02:30-Mon:03:30', colour: 'red' },
    );

    expect(found.map(({ path }) => path).sort()).toEqual([
      'backend.kind',
      'database.colour',
      'database.maintenanceWindow',
      'database.storage.iops',
      'database.storage.iops',
      'region',
      'replicas.blue.weight',
      'replicas.blue.zone',
      'replicas.green',
    ]);
  });

  test('environment() throws them all, with the values that were refused', () => {
    const written = input({ lag: { warningSeconds: 6, criticalSeconds: 5 } }, { backupRetentionDays: 0 });

    expect(() => environment(written)).toThrow(InvalidConfigError);
    expect(() => environment(written)).toThrow(
      [
        'environment test: 2 problems',
        '  READFLEET_LAG_ORDER  lag  got: {"warningSeconds":6,"criticalSeconds":5}',
        '    A warning after the critical alarm warns no one.',
        '    Set warningSeconds to at most criticalSeconds.',
        '  READFLEET_BACKUPS_OFF  database.backupRetentionDays  got: 0',
        '    AWS creates no read replica of a primary without backups.',
        '    Set 1 to 35 (production default: 30).',
      ].join('\n'),
    );
  });

  test.each([[null], [undefined], [5], ['production'], [[]]])('%p is no environment, and is told so', (document) => {
    expect(environmentProblems(document)).not.toEqual([]);
  });
});

describe('a misspelt property', () => {
  test.each([
    [{ lagg: {} }, 'lagg', 'Did you mean "lag"?'],
    [
      { network: { kind: 'create', CIDR: '', cidr: '10.0.0.0/16', zones: ['eu-central-1a', 'eu-central-1b'] } },
      'network.CIDR',
      'Did you mean "cidr"?',
    ],
    [{ replicas: { blue: { zone: 'eu-central-1a', wieght: 2 } } }, 'replicas.blue.wieght', 'Did you mean "weight"?'],
    [{ access: { sgs: [] } }, 'access.sgs', 'Known here: securityGroupIds, cidrs, user, readOnlyUser, migrationUser.'],
  ])('%j is told with what was most likely meant', (changes, path, fix) => {
    expect(problems(changes)).toEqual([expect.objectContaining({ code: 'READFLEET_UNKNOWN_KEY', path, fix })]);
  });
});
