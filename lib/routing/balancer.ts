/** Puts candidates into the order in which they are to be tried. */
export interface Balancer {
  order<M extends Weighted>(candidates: readonly M[]): M[];
}

interface Weighted {
  readonly name: string;
  readonly weight: number;
}

/**
 * Smooth weighted round robin, as in nginx: each turn every candidate gains its weight, the one with the most goes and pays the sum.
 * Weights 5:1:1 give a a b a c a a, not a burst of five. With equal weights it is plain round robin.
 *
 * A candidate that was away comes back with the credit it left with, which is less than one round: it is not flooded.
 */
export function roundRobin(): Balancer {
  const credit = new Map<string, number>();
  return {
    order(candidates) {
      if (candidates.length < 2) return [...candidates];
      let total = 0;
      let chosen = 0;
      let best = Number.NEGATIVE_INFINITY;
      candidates.forEach((candidate, index) => {
        const gained = (credit.get(candidate.name) ?? 0) + candidate.weight;
        credit.set(candidate.name, gained);
        total += candidate.weight;
        if (gained > best) {
          best = gained;
          chosen = index;
        }
      });
      const first = candidates[chosen];
      if (first) credit.set(first.name, best - total);
      return [...candidates.slice(chosen), ...candidates.slice(0, chosen)];
    },
  };
}
