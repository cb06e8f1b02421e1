import type { Sighting } from '../../lib/lag/sighting';

/** A replica that replicates, but for what is said. */
export function sighting(differing: Partial<Sighting> = {}): Sighting {
  return { at: 0, recovering: true, lsn: 1_000n, receiving: true, timeline: 1, ...differing };
}
