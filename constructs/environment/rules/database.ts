import { z } from 'zod';
import type { Problem } from '../../../lib/problems';
import { DEFAULTS } from '../defaults';
import { overlaps, parseBackupWindow, parseMaintenanceWindow } from '../windows';
import { rule } from './rule';

/** From this size on, RDS lets gp3 take more IOPS and throughput than it brings. */
const GP3_STRIPED_GIB = 400;

const text = z.string();

export const databaseRules = [
  ...['iops', 'throughputMiBps'].map((key) =>
    rule(z.object({ database: z.object({ storage: z.looseObject({ sizeGiB: z.number() }) }) }), ({ database }) => {
      const { [key]: got, type, sizeGiB } = database.storage;
      // Instances have gp3 without saying so; on io1 and io2 IOPS must be said.
      if (got === undefined || sizeGiB >= GP3_STRIPED_GIB || (type !== undefined && type !== 'gp3')) return [];
      return [
        {
          code: 'READFLEET_STORAGE_GP3_SMALL',
          path: `database.storage.${key}`,
          got,
          message: `RDS takes no ${key} for gp3 storage under ${GP3_STRIPED_GIB} GiB.`,
          fix: `Drop it, or set sizeGiB to ${GP3_STRIPED_GIB} or more.`,
        },
      ];
    }),
  ),

  rule(
    z.object({ database: z.object({ storage: z.object({ sizeGiB: z.number(), maxSizeGiB: z.number() }) }) }),
    ({ database: { storage } }) => {
      // Counted in tenths: 1.1 is no binary fraction, and 110 would come out as too small for 100.
      const least = Math.ceil((storage.sizeGiB * 11) / 10);
      if (storage.maxSizeGiB >= least) return [];
      return [
        {
          code: 'READFLEET_STORAGE_AUTOSCALING',
          path: 'database.storage.maxSizeGiB',
          got: storage.maxSizeGiB,
          message: 'RDS grows storage only when the limit is at least a tenth above the size.',
          fix: `Set ${least} or more, or drop it.`,
        },
      ];
    },
  ),

  rule(
    z.object({ database: z.object({ backupWindow: text.optional(), maintenanceWindow: text.optional() }) }),
    ({ database }): Problem[] => {
      const backup = database.backupWindow ?? DEFAULTS.database.backupWindow;
      const maintenance = database.maintenanceWindow ?? DEFAULTS.database.maintenanceWindow;
      const daily = parseBackupWindow(backup);
      const weekly = parseMaintenanceWindow(maintenance);
      if (!daily || !weekly || !overlaps(daily, weekly)) return [];
      return [
        {
          code: 'READFLEET_WINDOWS_OVERLAP',
          path: database.maintenanceWindow === undefined ? 'database.backupWindow' : 'database.maintenanceWindow',
          got: database.maintenanceWindow === undefined ? backup : maintenance,
          message: `Backups (${backup}) and maintenance (${maintenance}) meet, which AWS refuses.`,
          fix: 'Move one of them; they may touch.',
        },
      ];
    },
  ),
];
