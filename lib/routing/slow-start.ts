/** Least share of its weight that a member has, so that it is warmed up at all. Envoy's `min_weight_percent` by default. */
const LEAST_SHARE = 0.1;

/**
 * The weight of a member that has come back or is new: a tenth of its own at first, all of it after `slowStartMs`, in a straight line.
 *
 * Its caches are cold and its connections not yet open; all of its share at once would make its first reads slow, and it might be ejected for that.
 * As Envoy's slow start with `aggression` 1 (weight × max(10 %, time / window)); nginx's `slow_start` is such a line too.
 *
 * @param servingSinceMs when it began to serve; undefined while it is not known to serve, which counts as just now
 * @param now            monotonic milliseconds, as is `servingSinceMs`
 * @param slowStartMs    how long it takes; 0 for all of its weight at once
 */
export function effectiveWeight(
  weight: number,
  servingSinceMs: number | undefined,
  now: number,
  slowStartMs: number,
): number {
  if (slowStartMs <= 0) return weight;
  const share = servingSinceMs === undefined ? 0 : (now - servingSinceMs) / slowStartMs;
  return weight * Math.min(1, Math.max(LEAST_SHARE, share));
}
