import type { Balanced, Balancer } from '../../../../lib/routing/balancer';
import { Load } from '../../../../lib/routing/load';

export const NOW = 1_000;

export interface MemberSetup {
  readonly weight?: number;
  readonly zone?: string;
  /** What it answered in, just now. */
  readonly latencyMs?: number;
  /** Statements under way, sent just now. */
  readonly inFlight?: number;
}

/** A member with a load as it would have come about. */
export function member(name: string, { weight = 1, zone, latencyMs, inFlight = 0 }: MemberSetup = {}): Balanced {
  const load = new Load();
  if (latencyMs !== undefined) load.observe(latencyMs, NOW);
  for (let sent = 0; sent < inFlight; sent++) load.begin(NOW);
  return { name, weight, zone, load };
}

/** Members a, b, c and so on, one for each setup. */
export function members(...setups: MemberSetup[]): Balanced[] {
  return setups.map((setup, index) => member(String.fromCharCode(97 + index), setup));
}

export function weighing(...weights: number[]): Balanced[] {
  return members(...weights.map((weight) => ({ weight })));
}

/** The names that were chosen, one letter each. */
export function turns(count: number, of: readonly Balanced[], balancer: Balancer, now = NOW): string {
  return Array.from({ length: count }, () => balancer.choose(of, now).name).join('');
}

/** How often each name was chosen. */
export function counts(chosen: string): Record<string, number> {
  const result: Record<string, number> = {};
  for (const name of chosen) result[name] = (result[name] ?? 0) + 1;
  return result;
}
