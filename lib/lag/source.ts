import type { Topology } from '../contract';
import { aurora } from './aurora';
import type { Sighting } from './sighting';
import { streaming } from './streaming';

/** How one member is asked, and what its answer proves (docs/decisions/0035-lag-sources.md). */
export interface LagSource {
  readonly name: 'streaming' | 'aurora' | 'none';
  /** One question for every member, since a member's role is part of the answer. It is answered with one row. */
  readonly sql: string;
  /**
   * @param row the answer to {@link sql}
   * @param at  monotonic milliseconds at which the question was sent
   */
  toSighting(row: Readonly<Record<string, unknown>>, at: number): Sighting;
}

/** The source of a fleet whose members are asked themselves, one by one. */
export function sourceFor(topology: Topology): LagSource {
  return topology === 'aurora' ? aurora : streaming;
}
