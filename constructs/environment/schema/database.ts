import { z } from 'zod';
import { RESERVED_DATABASES } from '../names';
import { because, flag, pattern, roleName, whole } from '../schema-parts';
import {
  AURORA_LOG_EXPORTS,
  ENGINE_MAJORS,
  type EngineMajor,
  type Insights,
  type InstanceClass,
  LOG_EXPORTS,
  MONITORING_INTERVALS,
  MULTI_AZ_CLUSTER_FAMILIES,
  type MultiAzClusterClass,
} from '../types';
import { clusterStorage, storage } from './storage';
import { backupWindow, maintenanceWindow } from './windows';

const insights: z.ZodType<Insights> = z
  .strictObject({
    mode: z.enum(['standard', 'advanced'], 'Must be "standard" or "advanced".'),
    retentionDays: z
      .int('Must be a whole number of days.')
      .refine(
        (days) => days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 713),
        because(
          'READFLEET_INSIGHTS_RETENTION',
          'AWS keeps Performance Insights for certain times only.',
          'Set 7, a multiple of 31 up to 713, or 731.',
        ),
      ),
  })
  .refine(
    ({ mode, retentionDays }) => mode !== 'advanced' || retentionDays >= 465,
    because(
      'READFLEET_INSIGHTS_ADVANCED',
      'Database Insights "advanced" keeps at least 465 days.',
      'Set retentionDays to 465 (15 months), or mode to "standard".',
    ),
  );

const engineMajor = z
  .custom<EngineMajor>()
  .refine((major) => !/^\d+\.\d+/.test(String(major)), {
    ...because(
      'READFLEET_ENGINE_MINOR',
      "A minor version is AWS's choice: old minors can one day no longer be created, and a pinned one fails then.",
      'Write the major alone, e.g. 17.',
    ),
    abort: true,
  })
  .refine(
    (major) => ENGINE_MAJORS.includes(major),
    because(
      'READFLEET_ENGINE_MAJOR',
      'RDS does not create it.',
      `Write one of ${ENGINE_MAJORS.join(', ')}, as a number.`,
    ),
  );

const instanceClass = z.custom<InstanceClass>(
  (text) => typeof text === 'string' && /^db\.[a-z0-9]+\.[a-z0-9]+$/.test(text),
  'Must be an instance class, e.g. "db.r6g.xlarge".',
);

const clusterClass = z
  .custom<MultiAzClusterClass>()
  .refine((text) => typeof text === 'string' && /^db\.[a-z0-9]+\.[a-z0-9]+$/.test(text), {
    error: 'Must be an instance class, e.g. "db.r6gd.xlarge".',
    abort: true,
  })
  .refine(
    (text) => MULTI_AZ_CLUSTER_FAMILIES.some((family) => text.startsWith(`db.${family}.`)),
    because(
      'READFLEET_CLUSTER_CLASS',
      'A Multi-AZ DB cluster takes classes with local disks only.',
      `Take one of ${MULTI_AZ_CLUSTER_FAMILIES.join(', ')}, e.g. "db.r6gd.xlarge".`,
    ),
  );

const parameters = z.record(z.string(), z.unknown(), 'Must be an object of parameters by name.');

const core = {
  name: pattern(
    /^[a-z][a-z0-9_]{0,62}$/,
    'Must be lower-case letters, digits and _, 63 at most, and begin with a letter.',
  ).refine(
    (name) => !RESERVED_DATABASES.includes(name),
    because('READFLEET_RESERVED_NAME', 'PostgreSQL or RDS keeps this name for itself.', 'Name it after what it holds.'),
  ),
  engineMajor,
  masterUser: roleName.optional(),
  backupRetentionDays: z
    .int('Must be a whole number of days, 1 to 35.')
    .refine(
      (days) => days !== 0,
      because(
        'READFLEET_BACKUPS_OFF',
        'AWS creates no read replica of a primary without backups.',
        'Set 1 to 35 (production default: 30).',
      ),
    )
    .refine((days) => days === 0 || (days > 0 && days <= 35), 'Must be 1 to 35 days.')
    .optional(),
  backupWindow: backupWindow.optional(),
  maintenanceWindow: maintenanceWindow.optional(),
  autoMinorVersionUpgrade: flag.optional(),
  allowMajorVersionUpgrade: flag.optional(),
  applyImmediately: flag.optional(),
  insights: insights.optional(),
  monitoringIntervalSeconds: z
    .literal(MONITORING_INTERVALS, `Must be one of ${MONITORING_INTERVALS.join(', ')} seconds.`)
    .optional(),
  deletionProtection: flag.optional(),
  preventDestroy: flag.optional(),
  finalSnapshot: flag.optional(),
  caCertificate: pattern(
    /^rds-ca-[a-z0-9-]+$/,
    'Must be a certificate authority of RDS, e.g. "rds-ca-rsa2048-g1".',
  ).optional(),
  // Each value is checked by the catalogue, which knows units and ranges.
  parameters: parameters.optional(),
};

const logExports = z.array(z.enum(LOG_EXPORTS, `Must be one of ${LOG_EXPORTS.join(', ')}.`)).optional();

export const database = z.strictObject({
  ...core,
  instanceClass,
  storage,
  masterPasswordVersion: whole(1, 1_000_000).optional(),
  multiAz: flag.optional(),
  logExports,
});

// The provider has no word for it on a cluster.
const { autoMinorVersionUpgrade: _, ...clusterCore } = core;

export const clusterDatabase = z.strictObject({
  ...clusterCore,
  instanceClass: clusterClass,
  storage: clusterStorage,
  logExports,
});

export const auroraDatabase = z.strictObject({
  ...core,
  instanceClass,
  storageType: z.enum(['aurora', 'aurora-iopt1'], 'Must be "aurora" or "aurora-iopt1".').optional(),
  logExports: z.array(z.enum(AURORA_LOG_EXPORTS, `Must be one of ${AURORA_LOG_EXPORTS.join(', ')}.`)).optional(),
});
