import { z } from 'zod';
import { pattern, region } from '../schema-parts';
import type { Backend } from '../types';

export const backend: z.ZodType<Backend> = z.discriminatedUnion(
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
