import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { readsOnPrimary } from '../../alarms/composites';
import { RULE_LENGTH, ruleText } from '../../alarms/expression';
import { parseSize } from '../../parameters/units';
import { alarmThresholds } from '../defaults';
import { memberIdentifier, PRIMARY_INSTANCE } from '../names';
import { named, rule } from './rule';

const GIB = 1024 ** 3;
const text = z.string();
const ON_DISK = ['replicationSlotLagGiB', 'replicationSlotDiskGiB', 'walDiskGiB'] as const;

const thresholds = z.object({ enabled: z.unknown().optional(), thresholds: z.looseObject({}).optional() });
/** No alarm is made, so none can be wrong. */
const OFF = false;

export const alarmRules = [
  rule(
    z.object({
      alarms: thresholds,
      database: z.object({ storage: z.object({ sizeGiB: z.number(), maxSizeGiB: z.number().optional() }) }),
    }),
    ({ alarms, database: { storage } }) => {
      const most = Math.max(storage.sizeGiB, storage.maxSizeGiB ?? 0);
      return ON_DISK.flatMap((key) => {
        const got = alarms.thresholds?.[key];
        if (typeof got !== 'number' || got < most) return [];
        return [
          {
            code: 'READFLEET_ALARM_BEYOND_STORAGE',
            path: `alarms.thresholds.${key}`,
            got,
            message: `The disk of ${most} GiB would be full before: the alarm could not go off.`,
            fix: `Set less than ${most}, or drop it (default: ${alarmThresholds(storage.sizeGiB)[key]}).`,
          },
        ];
      });
    },
  ),

  rule(
    z.object({
      alarms: thresholds.optional(),
      database: z.object({
        storage: z.object({ sizeGiB: z.number() }),
        parameters: z.object({ max_wal_size: text }),
      }),
    }),
    ({ alarms, database: { parameters, storage } }) => {
      const got = alarms?.thresholds?.walDiskGiB ?? alarmThresholds(storage.sizeGiB).walDiskGiB;
      const kept = parseSize(parameters.max_wal_size);
      if (alarms?.enabled === OFF || typeof got !== 'number' || kept === undefined || got * GIB > kept) return [];
      return [
        {
          code: 'READFLEET_ALARM_WAL_ALWAYS',
          path: 'alarms.thresholds.walDiskGiB',
          got,
          message: `PostgreSQL keeps up to max_wal_size (${parameters.max_wal_size}) of WAL when all is well: the alarm would always be on.`,
          fix: `Set more than ${Number((kept / GIB).toFixed(2))}, or lower max_wal_size.`,
        },
      ];
    },
  ),

  rule(z.object({ alarms: z.object({ subscriptions: z.array(z.looseObject({})) }) }), ({ alarms }): Problem[] =>
    alarms.subscriptions.flatMap(({ address, url }, index) => {
      const got = address ?? url;
      const first = alarms.subscriptions.findIndex((other) => (other.address ?? other.url) === got);
      if (typeof got !== 'string' || first === index) return [];
      return [
        {
          code: 'READFLEET_ALARM_SUBSCRIPTION_TWICE',
          path: `alarms.subscriptions[${index}]`,
          got,
          message: 'It is subscribed already. SNS makes one subscription of the two, which Terraform would own twice.',
          fix: 'Drop it.',
        },
      ];
    }),
  ),

  rule(
    z.object({
      topology: z.literal('aurora'),
      fleet: text,
      name: text,
      readers: named,
      alarms: thresholds.optional(),
    }),
    ({ alarms, topology, fleet, name, readers }) => {
      const rule = readsOnPrimary(topology, [PRIMARY_INSTANCE, ...Object.keys(readers)], false);
      const { length } = ruleText(rule, (alarm) => memberIdentifier(fleet, name, alarm));
      if (alarms?.enabled === OFF || length <= RULE_LENGTH) return [];
      return [
        {
          code: 'READFLEET_ALARM_RULE_LENGTH',
          path: 'readers',
          got: `${Object.keys(readers).length} readers`,
          message: `The alarm that asks whether all of them are gone names each several times: ${length} characters, and CloudWatch takes ${RULE_LENGTH}.`,
          fix: 'Shorten the names of fleet, environment or readers.',
        },
      ];
    },
  ),
];
