import { z } from 'zod';
import { pattern, whole } from '../schema-parts';
import type { ReadNameInput } from '../types';

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const domain = pattern(
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
  'Must be a domain, e.g. "orders.internal".',
);

export const readName: z.ZodType<ReadNameInput> = z.strictObject({
  zone: z.discriminatedUnion(
    'kind',
    [
      z.strictObject({
        kind: z.literal('existing'),
        zoneId: pattern(/^Z[A-Z0-9]{5,31}$/, 'Must be the id of a hosted zone, e.g. "Z0123456789ABCDEFGHIJ".'),
        domain,
      }),
      z.strictObject({ kind: z.literal('create'), domain }),
    ],
    'Must have kind "existing" or "create".',
  ),
  name: pattern(label, 'Must be one label of a DNS name, e.g. "orders-read".'),
  ttlSeconds: whole(5, 60).optional(),
  withoutData: z.enum(['healthy', 'unhealthy'], 'Must be "healthy" or "unhealthy".').optional(),
});
