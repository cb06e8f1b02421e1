import { overlaps, parseBackupWindow, parseMaintenanceWindow } from '../../../constructs/environment/windows';

test.each<[string, string, boolean]>([
  ['02:00-03:00', 'Mon:03:00-Mon:04:00', false],
  ['02:00-03:01', 'Mon:03:00-Mon:04:00', true],
  ['23:30-00:30', 'Mon:00:00-Mon:00:30', true],
  ['23:30-00:30', 'Sun:23:00-Mon:00:00', true],
  ['00:00-01:00', 'Sun:23:30-Mon:00:30', true],
  ['04:00-05:00', 'Sun:23:30-Mon:00:30', false],
  ['12:00-13:00', 'sat:11:00-sun:11:00', true],
])('backups %s and maintenance %s meet: %p', (backup, maintenance, meet) => {
  const daily = parseBackupWindow(backup);
  const weekly = parseMaintenanceWindow(maintenance);

  expect(daily && weekly && overlaps(daily, weekly)).toBe(meet);
});

test.each(['', '2:00-3:00', '24:00-25:00', '02:00', 'Mon:02:00-Mon:03:00'])('%j is no backup window', (text) => {
  expect(parseBackupWindow(text)).toBeUndefined();
});
