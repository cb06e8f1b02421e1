import { z } from 'zod';
import { because } from '../schema-parts';
import {
  lengthMinutes,
  parseBackupWindow,
  parseMaintenanceWindow,
  SHORTEST_WINDOW_MINUTES,
  type Stretch,
} from '../windows';

function windowSchema(parse: (text: string) => Stretch | undefined, form: string) {
  return z
    .string('Must be a text.')
    .refine(
      (text) => parse(text) !== undefined,
      because('READFLEET_WINDOW_FORMAT', 'AWS cannot read it.', `Write ${form}, UTC.`),
    )
    .refine(
      (text) => {
        const stretch = parse(text);
        return (
          stretch === undefined ||
          (lengthMinutes(stretch) >= SHORTEST_WINDOW_MINUTES && lengthMinutes(stretch) <= 24 * 60)
        );
      },
      because(
        'READFLEET_WINDOW_LENGTH',
        'AWS wants 30 minutes at least and a day at most.',
        'Make it 30 minutes or longer.',
      ),
    );
}

export const backupWindow = windowSchema(parseBackupWindow, '"hh:mm-hh:mm", e.g. "02:00-03:00"');
export const maintenanceWindow = windowSchema(
  parseMaintenanceWindow,
  '"ddd:hh:mm-ddd:hh:mm", e.g. "Mon:03:00-Mon:04:00"',
);
