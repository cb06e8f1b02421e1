import { z } from 'zod';
import { because, region, whole, zone } from '../schema-parts';
import type { AuroraReaderInput, ReaderAutoscalingInput, RemoteReplicaInput, ReplicaInput } from '../types';
import { securityGroupId, subnets, vpcId } from './network';

const weight = z
  .number('Must be a number.')
  .refine(
    (weight) => weight > 0 && weight <= 1000,
    because(
      'READFLEET_WEIGHT',
      'A replica without reads serves no one, and a share cannot be negative.',
      'Set more than 0, 1000 at most; to send it nothing, take it out.',
    ),
  )
  .optional();

export const replica: z.ZodType<ReplicaInput> = z.strictObject({ zone, weight });

/** Names and number of the replicas are checked by rules: those see them also when one replica is malformed. */
export const replicas = z.record(z.string(), replica, 'Must be an object of replicas by name.');

export const promoted = z.record(
  z.string(),
  z.strictObject({
    irreversible: z
      .custom<true>()
      .refine(
        (said) => said === true,
        because(
          'READFLEET_PROMOTION_UNSAID',
          'A replica that was promoted never follows the primary again.',
          'Write irreversible: true, or move its name back to replicas.',
        ),
      ),
  }),
  'Must be an object of promoted replicas by name.',
);

const remoteReplica: z.ZodType<RemoteReplicaInput> = z.strictObject({
  region,
  zone,
  vpcId,
  subnets,
  securityGroupIds: z.array(securityGroupId).optional(),
});
export const remoteReplicas = z.record(z.string(), remoteReplica, 'Must be an object of replicas by name.');

const auroraReader: z.ZodType<AuroraReaderInput> = z.strictObject({
  zone,
  weight,
  promotionTier: whole(0, 15).optional(),
});
export const readers = z.record(z.string(), auroraReader, 'Must be an object of readers by name.');

const percent = (kind: 'cpu-percent') => z.strictObject({ kind: z.literal(kind), value: whole(10, 95) });

export const autoscaling: z.ZodType<ReaderAutoscalingInput> = z.strictObject({
  minReaders: whole(1, 15),
  maxReaders: whole(1, 15),
  target: z.discriminatedUnion(
    'kind',
    [percent('cpu-percent'), z.strictObject({ kind: z.literal('connections'), value: whole(1, 16_000) })],
    'Must have kind "cpu-percent" or "connections".',
  ),
  scaleOutCooldownSeconds: whole(0, 86_400).optional(),
  scaleInCooldownSeconds: whole(0, 86_400).optional(),
});
