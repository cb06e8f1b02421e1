import type { FleetStatus, MemberStatus } from '../../../lib';
import type { Labels, Sink } from '../../../monitoring/metrics/instruments';
import { memberStatus as plain } from '../../support/member-status';

export const BASE = { fleet: 'orders', environment: 'test' };

/** A replica that serves, a tenth of a second behind. */
export function memberStatus(changes: Partial<MemberStatus> = {}): MemberStatus {
  const lag = { seconds: 0.1, bytes: 512 };
  return plain({ state: { kind: 'serving', lag }, lag, pool: { total: 5, idle: 3, waiting: 1, max: 30 }, ...changes });
}

export function fleetStatus(changes: Partial<FleetStatus> = {}): FleetStatus {
  return {
    ...BASE,
    members: [memberStatus()],
    flags: { allOff: false, endpoints: [] },
    bulkhead: { active: 2, queued: 1, shed: 0, max: 7 },
    retriesLeft: 10,
    ...changes,
  };
}

/** What a sink was given. */
export class Recorded implements Sink {
  readonly counts = new Map<string, number>();
  readonly times = new Map<string, number[]>();

  add(metric: string, labels: Labels, count: number): void {
    const key = keyOf(metric, labels);
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  observe(metric: string, labels: Labels, seconds: number): void {
    const key = keyOf(metric, labels);
    this.times.set(key, [...(this.times.get(key) ?? []), seconds]);
  }

  /** Counts that are not 0, of one metric: by its own labels. */
  of(metric: string): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.counts].filter(([key, count]) => count > 0 && key.startsWith(`${metric}{`)).map(([key, n]) => [key, n]),
    );
  }
}

/** `reads{endpoint="shop"}`: without the labels of the fleet, in the order of the alphabet. */
export function keyOf(metric: string, { fleet, environment, ...own }: Labels): string {
  if (fleet !== BASE.fleet || environment !== BASE.environment) throw new Error(`of another fleet: ${fleet}`);
  const labels = Object.entries(own)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${metric}{${labels.join(',')}}`;
}
