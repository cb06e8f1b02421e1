import type { Reading } from './gauges';

/** Stands for a lag that has no number: JSON has none either, and a collector refuses all that came with it. */
const A_DAY_SECONDS = 86_400;

/**
 * Gauges for those who repeat for ever what they were told last: OpenTelemetry's SDK for Node does, unless its exporter has gauges by delta. What
 * is there no more is told once again, so that nobody is woken for it, nor calmed by it.
 *
 * - a state that a member left, a pool, a breaker, a burden: 0
 * - a lag that became unknown: a day, as one of more than is remembered
 * - all that a member had which left the fleet, or its role: as if it were well
 */
export class Farewell {
  private told: ReadonlyMap<string, Reading> = new Map();

  /** @param readings all of now */
  complete(readings: readonly Reading[]): readonly Reading[] {
    const now = new Map(readings.map((reading) => [seriesOf(reading), reading]));
    const members = new Set(readings.map(memberOf));
    const gone = [...this.told].filter(([series]) => !now.has(series)).map(([, reading]) => reading);
    this.told = now;
    return [
      ...readings.map((reading) => (Number.isFinite(reading.value) ? reading : { ...reading, value: A_DAY_SECONDS })),
      ...gone.flatMap((reading) => {
        const value = lastValue(reading, members.has(memberOf(reading)));
        return value === undefined ? [] : [{ ...reading, value }];
      }),
    ];
  }
}

function lastValue({ metric }: Reading, memberStays: boolean): number | undefined {
  switch (metric) {
    case 'lagSeconds':
      return memberStays ? A_DAY_SECONDS : 0;
    case 'lagBytes':
      return memberStays ? undefined : 0;
    case 'health':
      return 1;
    case 'rollout':
      return undefined;
    default:
      return 0;
  }
}

function seriesOf({ metric, labels }: Reading): string {
  return JSON.stringify([metric, labels]);
}

function memberOf({ labels: { fleet, environment, member } }: Reading): string {
  return JSON.stringify([fleet, environment, member]);
}
