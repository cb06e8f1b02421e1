import type { Balanced, Balancer } from '../balancer';

/** So many statements a server works on at once, at least, before they wait for each other. */
const AT_ONCE = 4;

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
 * A read leaves the zone when the best member there costs more than `spillover` × the best one elsewhere + `slackMs`, where cost is mean latency ×
 * (1 + a quarter of the statements under way for the weight). The inner balancer then chooses among the others, else among the zone's own. When no
 * candidate is in the zone, or all are, it chooses among all.
 *
 * From Envoy's zone aware routing comes the aim (as much within the zone as it can bear), but not the rule: that needs to know how the callers are
 * spread over zones. The rule is nearer to Linkerd's (HAZL, Buoyant's zonal load balancer): load is latency × throughput, that is, statements under
 * way, and what exceeds a threshold goes elsewhere. Its thresholds are absolute, though, and one app cannot know what the others send: comparing the
 * best with the best sees a crowded zone by its latency too.
 *
 * It does not swing: each read is decided by itself, and one that leaves makes the other zone dearer and the next one stay, so that only what
 * exceeds the threshold leaves. Latency is the mean, since a zone that serves everything would have every peak too. What is not renewed is
 * forgotten, and the forgotten counts as usual: a zone nobody asked is no better and no worse than the one that is asked, so neither a zone
 * that was sick nor one that was crowded is shunned for longer than that takes.
 *
 * @param inner chooses within a zone, and among all others
 * @param zone  the app's own
 */
export function zoned(inner: Balancer, zone: string, options: ZonedOptions = {}): Balancer {
  const { spillover = 2, slackMs = 2 } = options;
  // Used again for each read. Shortened only when the count differs: V8 gives an emptied array's memory back, and the next read would pay for it.
  const near: Balanced[] = [];
  const far: Balanced[] = [];
  const known: number[] = [];

  return {
    choose<M extends Balanced>(candidates: readonly M[], now: number): M {
      let nearCount = 0;
      let farCount = 0;
      for (let index = 0; index < candidates.length; index++) {
        const candidate = candidates[index] as M;
        if (candidate.zone === zone) near[nearCount++] = candidate;
        else far[farCount++] = candidate;
      }
      if (nearCount === 0 || farCount === 0) return inner.choose(candidates, now);
      if (near.length !== nearCount) near.length = nearCount;
      if (far.length !== farCount) far.length = farCount;
      return inner.choose((spills(candidates, now) ? far : near) as M[], now);
    },
  };

  function spills(candidates: readonly Balanced[], now: number): boolean {
    let all = 0;
    let sum = 0;
    let heaviest = 0;
    for (let index = 0; index < candidates.length; index++) {
      const { load, weight } = candidates[index] as Balanced;
      const share = load.known(now);
      known[index] = share;
      all += share;
      sum += share * load.meanMs;
      if (weight > heaviest) heaviest = weight;
    }
    const usual = all > 0 ? sum / all : 0;
    let bestNear = Number.POSITIVE_INFINITY;
    let bestFar = Number.POSITIVE_INFINITY;
    for (let index = 0; index < candidates.length; index++) {
      const candidate = candidates[index] as Balanced;
      const { load, weight } = candidate;
      const share = known[index] as number;
      const latency = Math.max(share * load.meanMs + (1 - share) * usual, load.silenceMs(now));
      // The weight divides what is under way only: an idle member that starts slowly is no dearer than another.
      const cost = latency * (1 + (load.inFlight * heaviest) / (weight * AT_ONCE));
      if (candidate.zone !== zone) bestFar = Math.min(bestFar, cost);
      else bestNear = Math.min(bestNear, cost);
    }
    return bestNear > spillover * bestFar + slackMs;
  }
}
