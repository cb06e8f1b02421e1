import { z } from 'zod';
import { named, rule } from './rule';

/** A writer and two standbys, each in a zone of its own. */
const CLUSTER_ZONES = 3;
/** What one GiB may have at most, and what it has at least. */
const IOPS_PER_GIB = { io1: { least: 0.5, most: 50 }, io2: { least: 0.5, most: 1000 } } as const;

/** Classes that Aurora PostgreSQL has in no version: general purpose, compute, and the smallest burstable ones. As of 2026-06, from memory. */
const NOT_AURORA = /^db\.(?:[mc]\d[a-z]*\.|t\d[a-z]*\.(?:micro|small)$)/;

const autoscaled = z.object({ minReaders: z.number().optional(), maxReaders: z.number().optional() });

export const clusterRules = [
  rule(
    z.object({
      topology: z.literal('multi-az-cluster'),
      network: z.union([
        z.object({ kind: z.literal('existing'), subnets: named }),
        z.object({ kind: z.literal('create'), zones: z.array(z.unknown()) }),
      ]),
    }),
    ({ network }) => {
      const existing = network.kind === 'existing';
      const count = existing ? Object.keys(network.subnets).length : network.zones.length;
      // Fewer than two are told for every topology.
      if (count >= CLUSTER_ZONES || count < 2) return [];
      return [
        {
          code: 'READFLEET_CLUSTER_ZONES',
          path: existing ? 'network.subnets' : 'network.zones',
          got: `${count} zones`,
          message: 'AWS places the three members of a Multi-AZ cluster in three zones.',
          fix: `Name ${CLUSTER_ZONES} zones or more.`,
        },
      ];
    },
  ),

  rule(
    z.object({
      database: z.object({
        storage: z.object({ type: z.enum(['io1', 'io2']), sizeGiB: z.number().positive(), iops: z.number() }),
      }),
    }),
    ({ database: { storage } }) => {
      const { least, most } = IOPS_PER_GIB[storage.type];
      const range = [Math.ceil(storage.sizeGiB * least), storage.sizeGiB * most] as const;
      if (storage.iops >= range[0] && storage.iops <= range[1]) return [];
      return [
        {
          code: 'READFLEET_CLUSTER_IOPS',
          path: 'database.storage.iops',
          got: storage.iops,
          message: `RDS gives ${storage.type} storage ${least} to ${most} IOPS per GiB.`,
          fix: `Set ${range[0]} to ${range[1]}, or another sizeGiB.`,
        },
      ];
    },
  ),

  rule(
    z.object({ topology: z.literal('aurora'), database: z.object({ instanceClass: z.string() }) }),
    ({ database: { instanceClass } }) =>
      NOT_AURORA.test(instanceClass)
        ? [
            {
              code: 'READFLEET_AURORA_CLASS',
              path: 'database.instanceClass',
              got: instanceClass,
              message: 'Aurora PostgreSQL has no such class.',
              fix: 'Take one for memory, e.g. "db.r6g.large", or "db.t4g.medium" for development.',
            },
          ]
        : [],
  ),

  rule(z.object({ readers: named, autoscaling: autoscaled }), ({ readers, autoscaling: { minReaders } }) => {
    const count = Object.keys(readers).length;
    if (minReaders === undefined || minReaders >= count) return [];
    return [
      {
        code: 'READFLEET_AUTOSCALING_MIN',
        path: 'autoscaling.minReaders',
        got: minReaders,
        message: `The environment names ${count} readers, and AWS takes away only those that it added: there are never fewer.`,
        fix: `Set ${count} or more, or name fewer.`,
      },
    ];
  }),

  rule(z.object({ autoscaling: autoscaled }), ({ autoscaling: { minReaders, maxReaders } }) => {
    if (minReaders === undefined || maxReaders === undefined || maxReaders >= minReaders) return [];
    return [
      {
        code: 'READFLEET_AUTOSCALING_MAX',
        path: 'autoscaling.maxReaders',
        got: maxReaders,
        message: `It is less than minReaders (${minReaders}), which AWS refuses.`,
        fix: `Set ${minReaders} to 15.`,
      },
    ];
  }),
];
