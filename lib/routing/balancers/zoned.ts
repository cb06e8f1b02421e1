import type { Balanced, Balancer } from '../balancer';

export interface ZonedOptions {
  /**
   * How many times as costly the zone's own best member must be as the best one elsewhere before a read leaves the zone.
   * @default 2
   */
  readonly spillover?: number;
  /**
   * Milliseconds by which it must be costlier besides: what crossing zones costs itself, and noise among fast answers.
   * @default 2
   */
  readonly slackMs?: number;
}

/**
 * Reads stay in the app's own zone, which is nearer and costs no traffic between zones, as long as it can bear them.
 *
 * A read leaves the zone when the best member there costs more than `spillover` × the best one elsewhere + `slackMs`, where cost is latency ×
 * (statements under way for the weight + 1); the inner balancer chooses among the others then, and among the zone's own else. When no candidate is
 * in the zone, or all are, it chooses among all.
 *
 * From Envoy's zone aware routing comes the aim (as much within the zone as it can bear), but not the rule: it needs to know how the callers are
 * spread over zones. The rule is Linkerd's (Buoyant's zonal load balancer, HAZL): load is latency × throughput, that is, statements under way, and
 * what exceeds a threshold goes elsewhere. Its thresholds are absolute, though, and one app cannot know what the others send: comparing the best with
 * the best sees a crowded zone by its latency too.
 *
 * It does not swing: each read is decided by itself, and one that leaves makes the other zone dearer and the next one stay, so that only what
 * exceeds the threshold leaves. It starves no zone: a latency that nothing renews is forgotten ({@link Load}), so a zone that was avoided is soon
 * tried again, with a few reads.
 *
 * @param inner chooses within a zone, and among all others
 * @param zone  the app's own
 */
export function zoned(inner: Balancer, zone: string, options: ZonedOptions = {}): Balancer {
  const { spillover = 2, slackMs = 2 } = options;
  // Used again for each read. Shortened only when the count differs: V8 gives an emptied array's memory back, and the next read would pay for it.
  const near: Balanced[] = [];
  const far: Balanced[] = [];

  return {
    choose<M extends Balanced>(candidates: readonly M[], now: number): M {
      let nearCount = 0;
      let farCount = 0;
      let heaviest = 0;
      for (const candidate of candidates) {
        if (candidate.zone === zone) near[nearCount++] = candidate;
        else far[farCount++] = candidate;
        if (candidate.weight > heaviest) heaviest = candidate.weight;
      }
      if (nearCount === 0 || farCount === 0) return inner.choose(candidates, now);
      if (near.length !== nearCount) near.length = nearCount;
      if (far.length !== farCount) far.length = farCount;
      const spills = best(near, heaviest, now) > spillover * best(far, heaviest, now) + slackMs;
      return inner.choose((spills ? far : near) as M[], now);
    },
  };
}

function best(members: readonly Balanced[], heaviest: number, now: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const member of members) {
    const cost = costForWeight(member, heaviest, now);
    if (cost < least) least = cost;
  }
  return least;
}

/** The weight counts for what is under way only, so that an idle member that starts slowly is no dearer than another. */
function costForWeight({ load, weight }: Balanced, heaviest: number, now: number): number {
  const { inFlight } = load;
  return (load.cost(now) * ((inFlight * heaviest) / weight + 1)) / (inFlight + 1);
}
