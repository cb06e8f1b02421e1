import type { Moment, StatusView } from '../../view';
import { clockTime, counted, duration, milliseconds, percent } from './format';
import { totals } from './model';

/** The charts in words, for whoever does not see them: the range, the worst, and how it is now. */

export function lagSummary(
  names: readonly string[],
  history: readonly Moment[],
  { warningSeconds, criticalSeconds }: StatusView['thresholds'],
): string {
  if (names.length === 0) return 'No replicas.';
  const each = names.map((name) => {
    const lags = history.map(({ members }) => members[name]?.lagSeconds ?? null);
    const now = lags[lags.length - 1] ?? null;
    const known = lags.flatMap((lag) => (lag === null ? [] : [lag]));
    return `${name}: now ${duration(now)}, at most ${known.length === 0 ? 'unknown' : duration(Math.max(...known))}.`;
  });
  return `${span(history)} ${each.join(' ')} Warning past ${duration(warningSeconds)}, critical past ${duration(criticalSeconds)}.`;
}

export function routedSummary(history: readonly Moment[]): string {
  const { reads, replica, primary, fallback } = totals(history);
  if (reads === 0) return `${span(history)} No reads.`;
  return (
    `${span(history)} ${counted(reads, 'read')}: ${percent(replica / reads)} on replicas, ${percent(primary / reads)} on the primary as asked, ` +
    `${percent(fallback / reads)} on the primary as fallback.`
  );
}

export function stallSummary(history: readonly Moment[]): string {
  const { longestReadMs, failed, shed } = totals(history);
  const worst = history.find((moment) => moment.longestReadMs === longestReadMs);
  const when = worst && longestReadMs > 0 ? `, at ${clockTime(worst.at)}` : '';
  return `${span(history)} Longest ${milliseconds(longestReadMs)}${when}. ${counted(failed, 'call')} failed, ${counted(shed, 'read was', 'reads were')} shed.`;
}

function span(history: readonly Moment[]): string {
  const [first, last] = [history[0], history[history.length - 1]];
  return first && last ? `From ${clockTime(first.at)} to ${clockTime(last.at)}.` : 'No figures yet.';
}
