import type { BurstEvent, Words } from './telling';

/** Intervals without an event after which a burst is over. */
const QUIET_TICKS = 3;
/** Reasons told in one burst: past it, what is new is not news. */
const MOST_REASONS = 8;

export type Kind = BurstEvent['event'];

const KINDS = ['fallback', 'shed', 'hedge'] as const satisfies readonly Kind[];

const SAYS: Record<Kind, { readonly begins: (reads: string) => string; readonly ends: string }> = {
  fallback: {
    begins: (reads) => `${reads} fell back to the primary`,
    ends: 'Reads no longer fall back to the primary',
  },
  shed: { begins: (reads) => `${reads} shed`, ends: 'Reads are no longer shed' },
  hedge: { begins: (reads) => `${reads} asked a second member`, ends: 'Reads no longer ask a second member' },
};

/** One kind of event, from its first until it has been quiet. */
interface Burst {
  count: number;
  /** Of this interval. */
  fresh: number;
  freshReason: string;
  ticks: number;
  quiet: number;
  readonly reasonsTold: Set<string>;
}

/**
 * Tells of events that come with each read: once when they begin, again for each new reason, and when they are over. Told one by one, a second of
 * a replica's absence would push everything else out of the list.
 */
export class Bursts {
  private readonly bursts = new Map<Kind, Burst>();

  add(event: BurstEvent): void {
    let burst = this.bursts.get(event.event);
    if (!burst) {
      burst = { count: 0, fresh: 0, freshReason: '', ticks: 0, quiet: 0, reasonsTold: new Set() };
      this.bursts.set(event.event, burst);
    }
    burst.count += 1;
    burst.fresh += 1;
    if (burst.fresh === 1) burst.freshReason = reasonOf(event);
  }

  /** Call at the end of each interval, of `everyMs`. */
  tick(everyMs: number): { readonly event: Kind; readonly words: Words }[] {
    const told: { event: Kind; words: Words }[] = [];
    for (const event of KINDS) {
      const burst = this.bursts.get(event);
      if (!burst) continue;
      const words = this.look(event, burst, everyMs);
      if (words) told.push({ event, words });
    }
    return told;
  }

  private look(event: Kind, burst: Burst, everyMs: number): Words | undefined {
    const { fresh, freshReason } = burst;
    burst.ticks += 1;
    burst.fresh = 0;
    if (fresh > 0) {
      burst.quiet = 0;
      return isNews(burst, freshReason)
        ? { tone: toneOf(event), text: beginning(event, fresh, freshReason) }
        : undefined;
    }
    burst.quiet += 1;
    if (burst.quiet < QUIET_TICKS) return undefined;
    this.bursts.delete(event);
    const seconds = Math.round(((burst.ticks - burst.quiet) * everyMs) / 1_000);
    return {
      tone: event === 'hedge' ? 'neutral' : 'good',
      text: `${SAYS[event].ends} (${burst.count} in ${Math.max(1, seconds)} s)`,
    };
  }
}

/** A reason with other figures is the same reason. */
function isNews({ reasonsTold }: Burst, reason: string): boolean {
  const key = reason.replace(/\d+(\.\d+)?/g, '#');
  if (reasonsTold.has(key) || reasonsTold.size >= MOST_REASONS) return false;
  reasonsTold.add(key);
  return true;
}

function toneOf(event: Kind): Words['tone'] {
  return event === 'hedge' ? 'neutral' : 'bad';
}

function beginning(event: Kind, count: number, reason: string): string {
  const were = event === 'shed' ? (count === 1 ? ' was' : ' were') : '';
  const text = SAYS[event].begins(`${count === 1 ? '1 read' : `${count} reads`}${were}`);
  return reason === '' ? text : `${text}: ${reason}`;
}

function reasonOf(event: BurstEvent): string {
  switch (event.event) {
    case 'fallback':
      return event.passedOver.map(({ member, reason }) => `${member}: ${reason}`).join('; ');
    case 'shed':
      return event.reason;
    case 'hedge':
      return '';
  }
}
