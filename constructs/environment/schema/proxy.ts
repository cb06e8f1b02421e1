import { z } from 'zod';
import { flag, roleName, whole } from '../schema-parts';

const settings = {
  auth: z.enum(['iam', 'password'], 'Must be "iam" or "password".').optional(),
  user: roleName.optional(),
  passwordVersion: whole(1, 1_000_000).optional(),
  maxConnectionsPercent: whole(1, 100).optional(),
  borrowTimeoutSeconds: whole(1, 300).optional(),
  idleClientTimeoutMinutes: whole(1, 480).optional(),
};

/** Of a read endpoint, `unknown-keys.ts` says why there can be none. */
export const proxy = z.strictObject(settings);

export const clusterProxy = z.strictObject({ ...settings, readEndpoint: flag.optional() });
