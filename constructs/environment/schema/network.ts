import { z } from 'zod';
import { because, destinationCidr, networkBlock, pattern, zone } from '../schema-parts';

const twoZones = because(
  'READFLEET_ZONES_TOO_FEW',
  'RDS wants subnets in at least two zones.',
  'Name two zones or more, three to survive the loss of one with two left.',
);

export const securityGroupId = pattern(
  /^sg-[0-9a-f]+$/,
  'Must be the id of a security group, e.g. "sg-0a1b2c3d4e5f67890".',
);
export const vpcId = pattern(/^vpc-[0-9a-f]+$/, 'Must be the id of a VPC, e.g. "vpc-0a1b2c3d4e5f67890".');
/** Subnet by zone. */
export const subnets = z
  .record(zone, pattern(/^subnet-[0-9a-f]+$/, 'Must be the id of a subnet, e.g. "subnet-0a1b2c3d4e5f67890".'))
  .refine((all) => Object.keys(all).length >= 2, twoZones);

const secretsRoute = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('endpoint') }),
      z.strictObject({ kind: z.literal('existing-endpoint'), securityGroupId }),
      z.strictObject({
        kind: z.literal('nat'),
        destinations: z.array(destinationCidr).min(1, 'Must name a block at least.'),
      }),
      z.strictObject({ kind: z.literal('none') }),
    ],
    'Must have kind "endpoint", "existing-endpoint", "nat" or "none".',
  )
  .optional();

export const network = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('existing'),
      secretsRoute,
      vpcId,
      subnets,
    }),
    z.strictObject({
      kind: z.literal('create'),
      secretsRoute,
      cidr: networkBlock,
      zones: z
        .array(zone)
        .refine((zones) => zones.length >= 2, twoZones)
        .refine((zones) => new Set(zones).size === zones.length, 'A zone stands here twice.'),
    }),
  ],
  'Must have kind "existing" or "create".',
);
