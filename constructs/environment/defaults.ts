import { PARAMETER_DEFAULTS } from '../parameters/defaults';
import { type DatabaseSettings, ENVIRONMENT, type Environment } from './resolved';
import type { DatabaseInput, EnvironmentInput, Stage } from './types';

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
  database: {
    masterUser: 'fleet_admin',
    masterPasswordVersion: 1,
    backupWindow: '02:00-03:00',
    maintenanceWindow: 'Mon:03:00-Mon:04:00',
    autoMinorVersionUpgrade: true,
    insights: { mode: 'standard', retentionDays: 7 },
    logExports: ['postgresql', 'upgrade'],
    caCertificate: 'rds-ca-rsa2048-g1',
  },
  replica: { weight: 1 },
  access: { securityGroupIds: [], user: 'app' },
  lag: { warningSeconds: 1, criticalSeconds: 5 },
} as const;

/** A database with every default of its stage filled in. */
export function withDatabaseDefaults(input: DatabaseInput, stage: Stage = DEFAULTS.stage): DatabaseSettings {
  return {
    ...DEFAULTS.database,
    ...STAGE_DEFAULTS[stage],
    ...withoutUndefined(input),
    parameters: { ...PARAMETER_DEFAULTS, ...withoutUndefined(input.parameters ?? {}) },
  };
}

/** An environment with every default filled in. `input` has been checked. */
export function withDefaults(input: EnvironmentInput): Environment {
  const stage = input.stage ?? DEFAULTS.stage;
  return {
    ...input,
    [ENVIRONMENT]: true,
    stage,
    tags: input.tags ?? {},
    database: withDatabaseDefaults(input.database, stage),
    replicas: Object.fromEntries(
      Object.entries(input.replicas).map(([name, replica]) => [
        name,
        { ...DEFAULTS.replica, ...withoutUndefined(replica) },
      ]),
    ),
    access: { ...DEFAULTS.access, ...withoutUndefined(input.access ?? {}) },
    lag: input.lag ?? DEFAULTS.lag,
  };
}

/** A property that was written as `undefined` means "the default", as one that was left out. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
