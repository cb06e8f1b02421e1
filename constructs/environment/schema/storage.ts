import { z } from 'zod';
import { because, whole } from '../schema-parts';
import type { ClusterStorageInput, StorageInput } from '../types';

const sizeGiB = z
  .int('Must be a whole number of GiB.')
  .refine(
    (size) => size >= 20 && size <= 65_536,
    because('READFLEET_STORAGE_SIZE', 'gp3 storage of RDS has 20 to 65536 GiB.', 'Set 20 or more.'),
  );

export const storage: z.ZodType<StorageInput> = z.strictObject({
  sizeGiB,
  maxSizeGiB: whole(22, 65_536).optional(),
  iops: whole(12_000, 64_000).optional(),
  throughputMiBps: whole(500, 4000).optional(),
});

export const clusterStorage: z.ZodType<ClusterStorageInput> = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('gp3'), sizeGiB, iops: whole(12_000, 64_000).optional() }),
    z.strictObject({
      type: z.enum(['io1', 'io2']),
      sizeGiB: whole(100, 65_536),
      iops: whole(1000, 256_000),
    }),
  ],
  'Must have type "gp3", "io1" or "io2".',
);
