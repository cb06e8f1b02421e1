import type { Moment, StatusView } from '../../view';

/** A chart's figures as uPlot takes them: times in seconds, then a row per series; null where nothing is known. */
export type Rows = [xs: number[], ...rows: (number | null)[][]];

export function lagRows(history: readonly Moment[], members: readonly string[]): Rows {
  return [times(history), ...members.map((name) => history.map(({ members: seen }) => seen[name]?.lagSeconds ?? null))];
}

/**
 * Stacked: each row stands on the one after it, so that the last is drawn over the others. Without fallbacks there is nothing on top: an area of no
 * height would shine through at its edge.
 */
export function routedRows(history: readonly Moment[]): Rows {
  const fallsBack = (index: number) => (history[index]?.fallback ?? 0) > 0;
  return [
    times(history),
    history.map(({ replica, primary, fallback }, index) =>
      [index - 1, index, index + 1].some(fallsBack) ? replica + primary + fallback : null,
    ),
    history.map(({ replica, primary }) => replica + primary),
    history.map(({ replica }) => replica),
  ];
}

export function stallRows(history: readonly Moment[]): Rows {
  return [times(history), history.map(({ longestReadMs }) => longestReadMs)];
}

function times(history: readonly Moment[]): number[] {
  return history.map(({ at }) => at / 1_000);
}

/** Seconds that charts show: all that is remembered, two minutes at least, so that the first moments are not drawn out. */
export function windowOf(history: readonly Moment[]): [from: number, to: number] {
  const to = (history[history.length - 1]?.at ?? 0) / 1_000;
  return [Math.min((history[0]?.at ?? 0) / 1_000, to - 120), to];
}

/**
 * How high the lag's chart is, in seconds: as far as the warning, so that a healthy line lies low; once that is passed, as far as the critical
 * threshold, so that both are seen.
 */
export function lagTop(rows: Rows, { warningSeconds, criticalSeconds }: StatusView['thresholds']): number {
  const [, ...lags] = rows;
  const most = Math.max(0, ...lags.flat().map((value) => value ?? 0));
  return most > warningSeconds ? Math.max(criticalSeconds, most) * 1.1 : warningSeconds * 1.25;
}

/** Points of a small line, from the left to the right, as high as the warning or higher; empty while nothing is known. */
export function sparkline(
  history: readonly Moment[],
  member: string,
  warningSeconds: number,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const lags = history.map(({ members }) => members[member]?.lagSeconds ?? null);
  const top = Math.max(warningSeconds, ...lags.map((lag) => lag ?? 0));
  const step = width / Math.max(lags.length - 1, 1);
  const place = (lag: number, index: number) =>
    `${(index * step).toFixed(1)},${(height - 1 - (lag / top) * (height - 2)).toFixed(1)}`;
  return lags.flatMap((lag, index) => (lag === null ? [] : [place(lag, index)])).join(' ');
}

/** Hues by name, the more different ones first. */
const HUES = ['blue', 'orange', 'teal', 'purple', 'green', 'pink', 'brown', 'grey'] as const;
export type Hue = (typeof HUES)[number];

/** Line and dash of a member, for a chart: no two alike among sixteen. */
export interface Look {
  readonly hue: Hue;
  readonly dashed: boolean;
}

/** Looks by member. Who is named after a colour gets that one: an orange line called "blue" would mislead. */
export function looks(names: readonly string[]): ReadonlyMap<string, Look> {
  const chosen = new Map<string, Look>();
  const taken = new Map<Hue, number>();
  const take = (name: string, hue: Hue) => {
    const before = taken.get(hue) ?? 0;
    taken.set(hue, before + 1);
    chosen.set(name, { hue, dashed: before > 0 });
  };
  for (const name of names) {
    const own = HUES.find((hue) => name.toLowerCase().includes(hue));
    if (own) take(name, own);
  }
  for (const name of names) {
    if (chosen.has(name)) continue;
    const rarest = [...HUES].sort((one, other) => (taken.get(one) ?? 0) - (taken.get(other) ?? 0))[0] as Hue;
    take(name, rarest);
  }
  return chosen;
}
