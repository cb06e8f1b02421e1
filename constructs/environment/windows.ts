/** A stretch of the week in minutes since Monday 00:00 UTC. The end may lie past the week's end. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const CLOCK = '([01]\\d|2[0-3]):([0-5]\\d)';
const BACKUP = new RegExp(`^${CLOCK}-${CLOCK}$`);
const MAINTENANCE = new RegExp(`^(${DAYS.join('|')}):${CLOCK}-(${DAYS.join('|')}):${CLOCK}$`, 'i');

/** The least that AWS accepts for either window, in minutes. */
export const SHORTEST_WINDOW_MINUTES = 30;

/** `02:00-03:00` (UTC, every day) on Monday, or nothing when it is written differently. */
export function parseBackupWindow(text: string): Stretch | undefined {
  const match = BACKUP.exec(text);
  if (!match) return undefined;
  const from = minutes(match[1], match[2]);
  const to = minutes(match[3], match[4]);
  return { from, to: to <= from ? to + DAY : to };
}

/** `Mon:03:00-Mon:04:00` (UTC, every week), or nothing when it is written differently. */
export function parseMaintenanceWindow(text: string): Stretch | undefined {
  const match = MAINTENANCE.exec(text);
  if (!match) return undefined;
  const from = dayStart(match[1]) + minutes(match[2], match[3]);
  const to = dayStart(match[4]) + minutes(match[5], match[6]);
  return { from, to: to <= from ? to + WEEK : to };
}

export function lengthMinutes(window: Stretch): number {
  return window.to - window.from;
}

/** Whether a daily window meets a weekly one. To touch is not to overlap: AWS accepts 03:00 after 02:00-03:00. */
export function overlaps(daily: Stretch, weekly: Stretch): boolean {
  // A day before and a day after the week, for windows that pass midnight at its edges.
  for (let day = -1; day <= 8; day++) {
    const from = daily.from + day * DAY;
    const to = daily.to + day * DAY;
    if (from < weekly.to && weekly.from < to) return true;
  }
  return false;
}

function minutes(hour: string | undefined, minute: string | undefined): number {
  return Number(hour) * 60 + Number(minute);
}

function dayStart(day: string | undefined): number {
  return DAYS.indexOf(String(day).toLowerCase()) * DAY;
}
