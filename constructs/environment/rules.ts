import { z } from 'zod';
import type { Problem } from '../../lib/problems';
import { convertParameters } from '../parameters/convert';
import { PARAMETER_DEFAULTS } from '../parameters/defaults';
import { memoryGiB } from '../parameters/instance-memory';
import { parseSize } from '../parameters/units';
import { DEFAULTS } from './defaults';
import { IAM_ROLE_NAME_LENGTH, memberIdentifier, monitoringRoleName, PRIMARY, RDS_IDENTIFIER_LENGTH } from './names';
import { zonesOf } from './resolved';
import { backupWindow, instanceClass, maintenanceWindow, network, parameters, region, storage } from './schema';
import { overlaps, parseBackupWindow, parseMaintenanceWindow } from './windows';

/** A check of what hangs together of several properties. It runs when those it reads are well-formed, whatever else is not. */
interface Rule<T> {
  /** The properties it needs. All others are ignored. */
  readonly reads: z.ZodType<T>;
  readonly check: (parts: T) => readonly Problem[];
}

function rule<T>(reads: z.ZodType<T>, check: (parts: T) => readonly Problem[]): Rule<unknown> {
  return { reads, check } as Rule<unknown>;
}

/** The problems that no single property shows. */
export function ruleProblems(input: unknown): Problem[] {
  return RULES.flatMap(({ reads, check }) => {
    const parts = reads.safeParse(input);
    return parts.success ? check(parts.data) : [];
  });
}

const text = z.string();
const replicaZones = z.record(text, z.object({ zone: text }));

/** From this size on, RDS lets gp3 take more IOPS and throughput than it brings. */
const GP3_STRIPED_GIB = 400;
/** Beyond this share of the class's memory the server does not start, or swaps: connections and the system need the rest. */
const SHARED_BUFFERS_SHARE = 0.75;
/** WAL senders kept free for reconnects, whose old sender lives on until its timeout. */
const SPARE_WAL_SENDERS = 2;

const RULES: readonly Rule<unknown>[] = [
  rule(z.object({ region, network }), (parts) =>
    zonesOf(parts.network)
      .filter((zone) => !zone.startsWith(parts.region))
      .map((zone) => ({
        code: 'READFLEET_ZONE_REGION',
        path: parts.network.kind === 'create' ? 'network.zones' : 'network.subnets',
        got: zone,
        message: `The zone is not in region ${parts.region}.`,
        fix: `Name zones of ${parts.region}.`,
      })),
  ),

  rule(z.object({ network, replicas: replicaZones }), (parts) => {
    const zones = zonesOf(parts.network);
    return Object.entries(parts.replicas)
      .filter(([, replica]) => !zones.includes(replica.zone))
      .map(([name, replica]) => ({
        code: 'READFLEET_REPLICA_ZONE',
        path: `replicas.${name}.zone`,
        got: replica.zone,
        message:
          'The network has no subnet in this zone, and RDS places an instance in a zone of its subnet group only.',
        fix: `Choose one of ${zones.join(', ')}, or give the network a subnet there.`,
      }));
  }),

  rule(z.object({ stage: text.optional(), backend: z.object({ kind: z.literal('local') }) }), (parts) =>
    (parts.stage ?? DEFAULTS.stage) === 'development'
      ? []
      : [
          {
            code: 'READFLEET_BACKEND_LOCAL',
            path: 'backend.kind',
            got: 'local',
            message: 'State in a file is lost with the laptop, and two people who deploy overwrite each other.',
            fix: 'Use { kind: "s3", bucket: … }, or set stage to "development".',
          },
        ],
  ),

  rule(z.object({ fleet: text, name: text }), (parts) => nameProblems(parts.fleet, parts.name, [PRIMARY], 'name')),
  rule(z.object({ fleet: text, name: text, replicas: z.record(text, z.unknown()) }), (parts) =>
    Object.keys(parts.replicas).flatMap((replica) => replicaNameProblems(parts.fleet, parts.name, replica)),
  ),

  rule(z.object({ database: z.object({ storage }) }), ({ database }) => {
    const { sizeGiB, maxSizeGiB, iops, throughputMiBps } = database.storage;
    const problems: Problem[] = [];
    for (const [key, got] of Object.entries({ iops, throughputMiBps })) {
      if (got === undefined || sizeGiB >= GP3_STRIPED_GIB) continue;
      problems.push({
        code: 'READFLEET_STORAGE_GP3_SMALL',
        path: `database.storage.${key}`,
        got,
        message: `RDS takes no ${key} for gp3 storage under ${GP3_STRIPED_GIB} GiB.`,
        fix: `Drop it, or set sizeGiB to ${GP3_STRIPED_GIB} or more.`,
      });
    }
    if (maxSizeGiB !== undefined && maxSizeGiB < sizeGiB * 1.1) {
      problems.push({
        code: 'READFLEET_STORAGE_AUTOSCALING',
        path: 'database.storage.maxSizeGiB',
        got: maxSizeGiB,
        message: 'Storage can grow only when the limit is at least a tenth above the size.',
        fix: `Set ${Math.ceil(sizeGiB * 1.1)} or more, or drop it.`,
      });
    }
    return problems;
  }),

  rule(
    z.object({
      database: z.object({ backupWindow: backupWindow.optional(), maintenanceWindow: maintenanceWindow.optional() }),
    }),
    ({ database }) => {
      const backup = database.backupWindow ?? DEFAULTS.database.backupWindow;
      const maintenance = database.maintenanceWindow ?? DEFAULTS.database.maintenanceWindow;
      const daily = parseBackupWindow(backup);
      const weekly = parseMaintenanceWindow(maintenance);
      if (!daily || !weekly || !overlaps(daily, weekly)) return [];
      return [
        {
          code: 'READFLEET_WINDOWS_OVERLAP',
          path: 'database.maintenanceWindow',
          got: maintenance,
          message: `It meets the backup window ${backup}, which AWS refuses.`,
          fix: 'Move one of them; they may touch.',
        },
      ];
    },
  ),

  rule(z.object({ access: z.object({ user: text }), database: z.object({ masterUser: text.optional() }) }), (parts) =>
    parts.access.user === (parts.database.masterUser ?? DEFAULTS.database.masterUser)
      ? [
          {
            code: 'READFLEET_APP_IS_MASTER',
            path: 'access.user',
            got: parts.access.user,
            message:
              'Apps would log in as the master user, whose password then stops working: IAM authentication replaces it.',
            fix: 'Give apps a role of their own.',
          },
        ]
      : [],
  ),

  rule(z.object({ database: z.object({ parameters }) }), ({ database }) =>
    convertParameters(database.parameters).problems.map((problem) => ({
      ...problem,
      path: `database.parameters.${problem.path}`,
    })),
  ),

  rule(
    z.object({ database: z.object({ instanceClass, parameters: z.object({ shared_buffers: text }) }) }),
    ({ database }) => {
      const memory = memoryGiB(database.instanceClass);
      const bytes = parseSize(database.parameters.shared_buffers);
      if (memory === undefined || bytes === undefined || bytes <= memory * 1024 ** 3 * SHARED_BUFFERS_SHARE) return [];
      return [
        {
          code: 'READFLEET_SHARED_BUFFERS',
          path: 'database.parameters.shared_buffers',
          got: database.parameters.shared_buffers,
          message: `${database.instanceClass} has ${memory} GiB of memory: the server would not start, or would swap.`,
          fix: `Set '${memory * 256}MB' (a quarter of it, and RDS's own default), or take a larger class.`,
        },
      ];
    },
  ),

  rule(
    z.object({
      database: z.object({ parameters: z.object({ max_wal_senders: z.number() }) }),
      replicas: z.record(text, z.unknown()),
    }),
    (parts) => {
      const got = parts.database.parameters.max_wal_senders;
      const needed = Object.keys(parts.replicas).length + SPARE_WAL_SENDERS;
      if (got >= needed) return [];
      return [
        {
          code: 'READFLEET_WAL_SENDERS',
          path: 'database.parameters.max_wal_senders',
          got,
          message: `Each replica takes one, and a reconnect one more for a while: the last replicas could not stream.`,
          fix: `Set ${needed} or more, or drop it (default: ${PARAMETER_DEFAULTS.max_wal_senders}).`,
        },
      ];
    },
  ),
];

function replicaNameProblems(fleet: string, environment: string, replica: string): Problem[] {
  if (replica === PRIMARY) {
    return [
      {
        code: 'READFLEET_REPLICA_NAME',
        path: `replicas.${replica}`,
        got: replica,
        message: 'The primary has this name already.',
        fix: 'Name the replica differently, e.g. "blue".',
      },
    ];
  }
  return nameProblems(fleet, environment, [replica], `replicas.${replica}`);
}

function nameProblems(fleet: string, environment: string, members: readonly string[], path: string): Problem[] {
  const names: (readonly [string, number])[] = members.map((member) => [
    memberIdentifier(fleet, environment, member),
    RDS_IDENTIFIER_LENGTH,
  ]);
  if (path === 'name') names.push([monitoringRoleName(fleet, environment), IAM_ROLE_NAME_LENGTH]);
  const tooLong = names.find(([name, length]) => name.length > length);
  if (!tooLong) return [];
  const [name, length] = tooLong;
  return [
    {
      code: 'READFLEET_NAME_TOO_LONG',
      path,
      got: name,
      message: `AWS takes ${length} characters for this name; it has ${name.length}.`,
      fix: 'Shorten the names of fleet, environment or replica.',
    },
  ];
}
