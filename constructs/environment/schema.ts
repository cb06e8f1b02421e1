import { z } from 'zod';
import type { TOPOLOGIES } from '../../lib/contract';
import { RESERVED_DATABASES } from './names';
import { because, flag, pattern, region, roleName, slug, whole, zone } from './schema-parts';
import {
  type Backend,
  type DatabaseInput,
  ENGINE_MAJORS,
  type EngineMajor,
  type EnvironmentInput,
  type Insights,
  LOG_EXPORTS,
  MONITORING_INTERVALS,
  type Network,
  type ReplicaInput,
  STAGES,
  type StorageInput,
} from './types';
import {
  lengthMinutes,
  parseBackupWindow,
  parseMaintenanceWindow,
  SHORTEST_WINDOW_MINUTES,
  type Stretch,
} from './windows';

/** What each property may be by itself. What hangs together of two properties is in `rules/`. */

const backend: z.ZodType<Backend> = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('s3'),
      bucket: pattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'Must be the name of an S3 bucket.'),
      region: region.optional(),
      key: z.string().min(1).optional(),
      kmsKeyArn: pattern(/^arn:[^:]+:kms:/, 'Must be the ARN of a KMS key.').optional(),
    }),
    z.strictObject({ kind: z.literal('local') }),
  ],
  'Must have kind "s3" or "local".',
);

const twoZones = because(
  'READFLEET_ZONES_TOO_FEW',
  'RDS wants subnets in at least two zones.',
  'Name two zones or more, three to survive the loss of one with two left.',
);

const network: z.ZodType<Network> = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('existing'),
      vpcId: pattern(/^vpc-[0-9a-f]+$/, 'Must be the id of a VPC, e.g. "vpc-0a1b2c3d4e5f67890".'),
      subnets: z
        .record(zone, pattern(/^subnet-[0-9a-f]+$/, 'Must be the id of a subnet, e.g. "subnet-0a1b2c3d4e5f67890".'))
        .refine((subnets) => Object.keys(subnets).length >= 2, twoZones),
    }),
    z.strictObject({
      kind: z.literal('create'),
      cidr: pattern(
        /^(?:10(?:\.\d{1,3}){3}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|192\.168(?:\.\d{1,3}){2})\/(?:1[6-9]|2[0-4])$/,
        'Must be a private IPv4 block of /16 to /24, e.g. "10.20.0.0/16".',
      ),
      zones: z
        .array(zone)
        .refine((zones) => zones.length >= 2, twoZones)
        .refine((zones) => new Set(zones).size === zones.length, 'A zone stands here twice.'),
    }),
  ],
  'Must have kind "existing" or "create".',
);

const storage: z.ZodType<StorageInput> = z.strictObject({
  sizeGiB: z
    .int('Must be a whole number of GiB.')
    .refine(
      (size) => size >= 20 && size <= 65_536,
      because('READFLEET_STORAGE_SIZE', 'gp3 storage of RDS has 20 to 65536 GiB.', 'Set 20 or more.'),
    ),
  maxSizeGiB: whole(22, 65_536).optional(),
  iops: whole(12_000, 64_000).optional(),
  throughputMiBps: whole(500, 4000).optional(),
});

function windowSchema(parse: (text: string) => Stretch | undefined, form: string) {
  return z
    .string('Must be a text.')
    .refine(
      (text) => parse(text) !== undefined,
      because('READFLEET_WINDOW_FORMAT', 'AWS cannot read it.', `Write ${form}, UTC.`),
    )
    .refine(
      (text) => {
        const stretch = parse(text);
        return (
          stretch === undefined ||
          (lengthMinutes(stretch) >= SHORTEST_WINDOW_MINUTES && lengthMinutes(stretch) <= 24 * 60)
        );
      },
      because(
        'READFLEET_WINDOW_LENGTH',
        'AWS wants 30 minutes at least and a day at most.',
        'Make it 30 minutes or longer.',
      ),
    );
}

const backupWindow = windowSchema(parseBackupWindow, '"hh:mm-hh:mm", e.g. "02:00-03:00"');
const maintenanceWindow = windowSchema(parseMaintenanceWindow, '"ddd:hh:mm-ddd:hh:mm", e.g. "Mon:03:00-Mon:04:00"');

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

const instanceClass = z.custom<`db.${string}.${string}`>(
  (text) => typeof text === 'string' && /^db\.[a-z0-9]+\.[a-z0-9]+$/.test(text),
  'Must be an instance class, e.g. "db.r6g.xlarge".',
);

const parameters = z.record(z.string(), z.unknown(), 'Must be an object of parameters by name.');

const database = z.strictObject({
  name: pattern(
    /^[a-z][a-z0-9_]{0,62}$/,
    'Must be lower-case letters, digits and _, 63 at most, and begin with a letter.',
  ).refine(
    (name) => !RESERVED_DATABASES.includes(name),
    because('READFLEET_RESERVED_NAME', 'PostgreSQL or RDS keeps this name for itself.', 'Name it after what it holds.'),
  ),
  engineMajor,
  instanceClass,
  storage,
  masterUser: roleName.optional(),
  masterPasswordVersion: whole(1, 1_000_000).optional(),
  multiAz: flag.optional(),
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
  applyImmediately: flag.optional(),
  insights: insights.optional(),
  monitoringIntervalSeconds: z
    .literal(MONITORING_INTERVALS, `Must be one of ${MONITORING_INTERVALS.join(', ')} seconds.`)
    .optional(),
  logExports: z.array(z.enum(LOG_EXPORTS, `Must be one of ${LOG_EXPORTS.join(', ')}.`)).optional(),
  deletionProtection: flag.optional(),
  preventDestroy: flag.optional(),
  finalSnapshot: flag.optional(),
  caCertificate: pattern(
    /^rds-ca-[a-z0-9-]+$/,
    'Must be a certificate authority of RDS, e.g. "rds-ca-rsa2048-g1".',
  ).optional(),
  // Each value is checked by the catalogue, which knows units and ranges.
  parameters: parameters.optional(),
}) satisfies z.ZodType<Omit<DatabaseInput, 'parameters'>>;

const replica: z.ZodType<ReplicaInput> = z.strictObject({
  zone,
  weight: z
    .number('Must be a number.')
    .refine(
      (weight) => weight > 0 && weight <= 1000,
      because(
        'READFLEET_WEIGHT',
        'A replica without reads serves no one, and a share cannot be negative.',
        'Set more than 0, 1000 at most; to send it nothing, take it out.',
      ),
    )
    .optional(),
});

/** Names and number of the replicas are checked by rules: those see them also when one replica is malformed. */
const replicas = z.record(z.string(), replica, 'Must be an object of replicas by name.');

const lag = z
  .strictObject({
    warningSeconds: z.number().positive('Must be more than 0 seconds.'),
    criticalSeconds: z.number().positive('Must be more than 0 seconds.'),
  })
  .refine(
    ({ warningSeconds, criticalSeconds }) => warningSeconds <= criticalSeconds,
    because(
      'READFLEET_LAG_ORDER',
      'A warning after the critical alarm warns no one.',
      'Set warningSeconds to at most criticalSeconds.',
    ),
  );

/** What every topology's environment says. */
const base = {
  name: slug,
  fleet: slug,
  region,
  stage: z.enum(STAGES, `Must be one of ${STAGES.join(', ')}.`).optional(),
  tags: z
    .record(
      pattern(/^(?!aws:).{1,128}$/, 'Must be 1 to 128 characters, and not begin with "aws:".'),
      z.string().max(256),
    )
    .optional(),
  backend,
  network,
  access: z
    .strictObject({
      securityGroupIds: z
        .array(pattern(/^sg-[0-9a-f]+$/, 'Must be the id of a security group, e.g. "sg-0a1b2c3d4e5f67890".'))
        .optional(),
      user: roleName.optional(),
    })
    .optional(),
  lag: lag.optional(),
};

/** One schema per topology that this release deploys. */
export const VARIANTS = {
  instances: z.strictObject({ topology: z.literal('instances'), ...base, database, replicas }),
} as const satisfies Partial<Record<(typeof TOPOLOGIES)[number], z.ZodType>>;

export type SupportedTopology = keyof typeof VARIANTS;

/** For a document whose topology is unknown: at least what all have in common is checked. */
export const ANY_TOPOLOGY = z.object({
  ...base,
  topology: z.custom<EnvironmentInput['topology']>().refine(
    () => false,
    because(
      'READFLEET_TOPOLOGY',
      'This release does not deploy it.',
      `Write one of: ${Object.keys(VARIANTS)
        .map((name) => `"${name}"`)
        .join(', ')}.`,
    ),
  ),
});
