import { LAG_THRESHOLDS, UNHEALTHY_SECONDS } from '../../lib/lag/thresholds';
import { DEFAULT_ROLE_NAMES } from '../../lib/roles/kinds';
import { parameterDefaults } from '../parameters/defaults';
import type { Flavour } from '../parameters/spec';
import {
  type AuroraDatabaseSettings,
  type AuroraEnvironment,
  type DatabaseCoreSettings,
  type DatabaseSettings,
  ENVIRONMENT,
  type Environment,
  type InstancesEnvironment,
  type MultiAzClusterDatabaseSettings,
  type MultiAzClusterEnvironment,
} from './resolved';
import type {
  AlarmThresholds,
  AuroraDatabaseInput,
  AuroraEnvironmentInput,
  DatabaseCoreInput,
  DatabaseInput,
  EnvironmentInput,
  InstancesEnvironmentInput,
  MultiAzClusterDatabaseInput,
  MultiAzClusterEnvironmentInput,
  Stage,
} from './types';

/** What a stage decides: how hard it is to lose data, and how much is spent against that. */
export const STAGE_DEFAULTS = {
  production: {
    multiAz: true,
    backupRetentionDays: 30,
    monitoringIntervalSeconds: 60,
    deletionProtection: true,
    preventDestroy: true,
    finalSnapshot: true,
    applyImmediately: false,
  },
  staging: {
    multiAz: true,
    backupRetentionDays: 7,
    monitoringIntervalSeconds: 60,
    deletionProtection: true,
    preventDestroy: false,
    finalSnapshot: true,
    applyImmediately: false,
  },
  development: {
    multiAz: false,
    backupRetentionDays: 1,
    monitoringIntervalSeconds: 0,
    deletionProtection: false,
    preventDestroy: false,
    finalSnapshot: false,
    applyImmediately: true,
  },
} as const satisfies Record<Stage, Partial<DatabaseInput>>;

/** Defaults that are the same in every stage. */
export const DEFAULTS = {
  stage: 'production',
  /** Of every topology's database. */
  database: {
    masterUser: 'fleet_admin',
    backupWindow: '02:00-03:00',
    // An hour after the backups' window: a backup that takes longer does not meet maintenance.
    maintenanceWindow: 'Mon:04:00-Mon:05:00',
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    insights: { mode: 'standard', retentionDays: 7 },
    caCertificate: 'rds-ca-rsa2048-g1',
  },
  logExports: ['postgresql', 'upgrade'],
  auroraLogExports: ['postgresql'],
  masterPasswordVersion: 1,
  auroraStorageType: 'aurora',
  replica: { weight: 1 },
  auroraReader: { weight: 1, promotionTier: 1 },
  remoteReplica: { securityGroupIds: [] },
  autoscaling: { scaleOutCooldownSeconds: 300, scaleInCooldownSeconds: 900 },
  secretsRoute: { kind: 'endpoint' },
  access: {
    securityGroupIds: [],
    cidrs: [],
    user: DEFAULT_ROLE_NAMES.app,
    readOnlyUser: DEFAULT_ROLE_NAMES.reader,
    migrationUser: DEFAULT_ROLE_NAMES.owner,
  },
  lag: LAG_THRESHOLDS,
  proxy: {
    auth: 'iam',
    user: DEFAULT_ROLE_NAMES.proxy,
    passwordVersion: 1,
    maxConnectionsPercent: 80,
    borrowTimeoutSeconds: 10,
    idleClientTimeoutMinutes: 30,
  },
  proxyReadEndpoint: true,
  readName: { ttlSeconds: 5, withoutData: 'unhealthy' },
  emitter: {
    sampleSeconds: 10,
    user: DEFAULT_ROLE_NAMES.emitter,
    logRetentionDays: 30,
    serverMetrics: false,
    highResolution: false,
  },
  alarms: { enabled: true, subscriptions: [] },
  alarmThresholds: {
    unhealthyMinutes: UNHEALTHY_SECONDS / 60,
    backstopLagMinutes: 10,
    replicationSlotLagGiB: 10,
    replicationSlotDiskGiB: 5,
    walDiskGiB: 20,
    freeStoragePercent: 15,
    connectionsPercent: 80,
    cpuPercent: 85,
    proxyWaitSeconds: 1,
  },
  bootstrap: { kind: 'lambda' },
} as const;

/** A database of instances with every default of its stage filled in. */
export function withDatabaseDefaults(input: DatabaseInput, stage: Stage = DEFAULTS.stage): DatabaseSettings {
  return {
    ...coreDefaults(input, stage, 'instance'),
    multiAz: STAGE_DEFAULTS[stage].multiAz,
    logExports: DEFAULTS.logExports,
    masterPasswordVersion: DEFAULTS.masterPasswordVersion,
    ...withoutParameters(input),
  };
}

/** A Multi-AZ cluster's database with every default of its stage filled in. */
export function withMultiAzClusterDefaults(
  input: MultiAzClusterDatabaseInput,
  stage: Stage = DEFAULTS.stage,
): MultiAzClusterDatabaseSettings {
  const { autoMinorVersionUpgrade: _, ...core } = coreDefaults(input, stage, 'cluster');
  return { ...core, logExports: DEFAULTS.logExports, ...withoutParameters(input) };
}

/** An Aurora cluster's database with every default of its stage filled in. */
export function withAuroraDefaults(input: AuroraDatabaseInput, stage: Stage = DEFAULTS.stage): AuroraDatabaseSettings {
  return {
    ...coreDefaults(input, stage, 'aurora'),
    logExports: DEFAULTS.auroraLogExports,
    storageType: DEFAULTS.auroraStorageType,
    ...withoutParameters(input),
  };
}

/** An environment with every default filled in. `input` has been checked. */
export function withDefaults(input: EnvironmentInput): Environment {
  switch (input.topology) {
    case 'instances':
      return instances(input);
    case 'multi-az-cluster':
      return multiAzCluster(input);
    case 'aurora':
      return aurora(input);
  }
}

function instances(input: InstancesEnvironmentInput): InstancesEnvironment {
  return {
    ...base(input),
    database: withDatabaseDefaults(input.database, input.stage),
    replicas: each(input.replicas, DEFAULTS.replica),
    promoted: input.promoted ?? {},
    remoteReplicas: each(input.remoteReplicas ?? {}, DEFAULTS.remoteReplica),
    proxy: filled(input.proxy, DEFAULTS.proxy),
    readName: filled(input.readName, DEFAULTS.readName),
    emitter: { ...DEFAULTS.emitter, ...withoutUndefined(input.emitter ?? {}) },
  };
}

function multiAzCluster(input: MultiAzClusterEnvironmentInput): MultiAzClusterEnvironment {
  return {
    ...base(input),
    database: withMultiAzClusterDefaults(input.database, input.stage),
    proxy: filled(input.proxy, { ...DEFAULTS.proxy, readEndpoint: DEFAULTS.proxyReadEndpoint }),
    emitter: { ...DEFAULTS.emitter, ...withoutUndefined(input.emitter ?? {}) },
  };
}

function aurora(input: AuroraEnvironmentInput): AuroraEnvironment {
  return {
    ...base(input),
    database: withAuroraDefaults(input.database, input.stage),
    writerZone: input.writerZone,
    readers: each(input.readers, DEFAULTS.auroraReader),
    autoscaling: filled(input.autoscaling, DEFAULTS.autoscaling),
    proxy: filled(input.proxy, { ...DEFAULTS.proxy, readEndpoint: DEFAULTS.proxyReadEndpoint }),
  };
}

function base<Input extends EnvironmentInput>(input: Input) {
  const { name, fleet, region, backend, topology } = input;
  const storageGiB = 'storage' in input.database ? input.database.storage.sizeGiB : undefined;
  return {
    [ENVIRONMENT]: true,
    name,
    fleet,
    region,
    backend,
    topology: topology as Input['topology'],
    stage: input.stage ?? DEFAULTS.stage,
    tags: input.tags ?? {},
    network: { ...input.network, secretsRoute: input.network.secretsRoute ?? DEFAULTS.secretsRoute },
    access: { ...DEFAULTS.access, ...withoutUndefined(input.access ?? {}) },
    lag: input.lag ?? DEFAULTS.lag,
    alarms: {
      ...DEFAULTS.alarms,
      ...withoutUndefined(input.alarms ?? {}),
      thresholds: { ...alarmThresholds(storageGiB), ...withoutUndefined(input.alarms?.thresholds ?? {}) },
    },
    bootstrap: input.bootstrap ?? DEFAULTS.bootstrap,
    moved: input.moved ?? [],
    suppressions: input.suppressions ?? [],
  } as const;
}

/** When people are told, where nobody says it. On small storage earlier: an alarm that comes when the disk is full is none. */
export function alarmThresholds(storageGiB = Number.POSITIVE_INFINITY): AlarmThresholds {
  const all = DEFAULTS.alarmThresholds;
  return {
    ...all,
    replicationSlotLagGiB: Math.min(all.replicationSlotLagGiB, storageGiB / 4),
    replicationSlotDiskGiB: Math.min(all.replicationSlotDiskGiB, storageGiB / 4),
    walDiskGiB: Math.min(all.walDiskGiB, storageGiB / 2),
  };
}

function coreDefaults(input: DatabaseCoreInput, stage: Stage, flavour: Flavour) {
  const { multiAz: _, ...ofStage } = STAGE_DEFAULTS[stage];
  return {
    ...DEFAULTS.database,
    ...ofStage,
    parameters: { ...parameterDefaults(flavour), ...withoutUndefined(input.parameters ?? {}) },
  } satisfies Partial<DatabaseCoreSettings>;
}

/** What was said of a database but for its parameters, which are merged. */
function withoutParameters<T extends DatabaseCoreInput>(input: T): Omit<T, 'parameters'> {
  const { parameters: _, ...rest } = withoutUndefined(input);
  return rest;
}

function each<T extends object, D extends object>(all: Readonly<Record<string, T>>, defaults: D) {
  return Object.fromEntries(
    Object.entries(all).map(([name, one]) => [name, { ...defaults, ...withoutUndefined(one) }]),
  );
}

function filled<T extends object, D extends object>(value: T | undefined, defaults: D) {
  return value === undefined ? undefined : { ...defaults, ...withoutUndefined(value) };
}

/** A property that was written as `undefined` means "the default", as one that was left out. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
