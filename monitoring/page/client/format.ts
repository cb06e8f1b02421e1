/** Figures as people read them. A space before each unit; nothing that is unknown passes for a number. */

const UNKNOWN = 'unknown';
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds as a length of time: `4 ms`, `1.2 s`, `3 min 12 s`, `2 h 5 min`. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 0.9995) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 9.95) return `${decimal(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return joined(Math.floor(whole / MINUTE), 'min', whole % MINUTE, 's');
  const minutes = Math.floor(whole / MINUTE);
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** One decimal, unless it is a zero. */
function decimal(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** Milliseconds as a length of time; below ten with a decimal, since that is where statements are. */
export function milliseconds(ms: number): string {
  return ms < 9.95 ? `${decimal(ms)} ms` : duration(ms / 1_000);
}

/** How long ago, in whole seconds and more: what is younger is `now`. */
export function age(ms: number): string {
  return ms < 1_000 ? 'now' : `${duration(Math.floor(ms / 1_000))} ago`;
}

export function bytes(count: number | null): string {
  if (count === null || !Number.isFinite(count)) return UNKNOWN;
  if (count < 1_000) return `${Math.round(count)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(count) / 3), units.length);
  return `${decimal(count / 1_000 ** power)} ${units[power - 1]}`;
}

/** A count per second, without the unit: `0`, `0.4`, `12`, `1,204`. */
export function rate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 9.95) return decimal(perSecond);
  return whole(perSecond);
}

export function whole(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share, 0 to 1. What is there but rounds to nothing, or to everything, says so. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share > 0.99) return '>99 %';
  return `${Math.round(share * 100)} %`;
}

/** Time of day of whoever looks, `14:03:22`. @param at milliseconds since 1970 */
export function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** `1 replica`, `2 replicas`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** `blue`, `blue and green`, `blue, green and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length < 2 ? (shown[0] ?? 'none') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/** What a switch is for: `*` is that of endpoints without one of their own, and of reads that name none. */
export function endpointName(endpoint: string): string {
  return endpoint === '*' ? 'everything else' : endpoint;
}
