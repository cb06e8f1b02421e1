import { z } from 'zod';
import { because, flag, pattern, roleName, whole } from '../schema-parts';
import { LOG_RETENTION_DAYS } from '../types';

const minutes = (least: number) => whole(least, 1440);
const percent = whole(1, 99);
const gib = z.number('Must be a number of GiB.').positive('Must be more than 0 GiB.');

export const alarms = z.strictObject({
  enabled: flag.optional(),
  subscriptions: z
    .array(
      z.discriminatedUnion(
        'kind',
        [
          z.strictObject({
            kind: z.literal('email'),
            address: pattern(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'Must be an e-mail address.'),
          }),
          z.strictObject({
            kind: z.literal('https'),
            url: pattern(
              /^https:\/\/[^\s/]+/,
              'Must be an https:// address: alarms tell what a database is called.',
            ).refine(
              (url) => !/^https:\/\/[^/]*@/.test(url),
              because(
                'READFLEET_ALARM_URL_CREDENTIALS',
                "The credentials would stand in the repository and in Terraform's state.",
                'Subscribe an address without them. Who receives can check the signature of SNS instead.',
              ),
            ),
          }),
        ],
        'Must have kind "email" or "https".',
      ),
    )
    .optional(),
  thresholds: z
    .strictObject({
      unhealthyMinutes: minutes(2).optional(),
      backstopLagMinutes: minutes(6).optional(),
      replicationSlotLagGiB: gib.optional(),
      replicationSlotDiskGiB: gib.optional(),
      walDiskGiB: gib.optional(),
      freeStoragePercent: percent.optional(),
      connectionsPercent: percent.optional(),
      cpuPercent: percent.optional(),
      proxyWaitSeconds: z.number('Must be a number of seconds.').positive('Must be more than 0 seconds.').optional(),
    })
    .optional(),
});

export const emitter = z.strictObject({
  sampleSeconds: z.literal([10, 15, 20, 30, 60], 'Must be 10, 15, 20, 30 or 60 seconds.').optional(),
  user: roleName.optional(),
  logRetentionDays: z
    .literal(LOG_RETENTION_DAYS, `CloudWatch Logs keeps logs for ${LOG_RETENTION_DAYS.join(', ')} days.`)
    .optional(),
  serverMetrics: flag.optional(),
  highResolution: flag.optional(),
});

export const bootstrap = z.discriminatedUnion(
  'kind',
  [z.strictObject({ kind: z.literal('lambda') }), z.strictObject({ kind: z.literal('manual') })],
  'Must have kind "lambda" or "manual".',
);
