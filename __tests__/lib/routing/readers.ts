import type { Facts, MemberState } from '../../../lib/members/state';
import type { Policy } from '../../../lib/policy/policy';
import type { Candidate, PrimaryView } from '../../../lib/routing/judge';
import { Load } from '../../../lib/routing/load';
import { sighting } from '../../support/sightings';

export const NOW = 10_000;
export const PRIMARY: PrimaryView = { reachable: true, timeline: 1, lsn: 1_000n };
export const PRIMARY_LOST: PrimaryView = { ...PRIMARY, reachable: false };

/** What a read asks for that names nothing, but for what is said. */
export function policy(differing: Partial<Policy> = {}): Policy {
  return {
    endpoint: undefined,
    maxStalenessMs: 1_000,
    explicit: false,
    toPrimary: undefined,
    priority: 'normal',
    timeoutMs: undefined,
    attemptTimeoutMs: undefined,
    signal: undefined,
    hedge: false,
    session: undefined,
    ...differing,
  };
}

export const DEFAULT_BOUND = policy();
export const EXPLICIT_BOUND = policy({ explicit: true });
export const ANY_AGE = policy({ explicit: true, maxStalenessMs: Number.POSITIVE_INFINITY });

export const FRESH: Facts = { sighting: sighting({ lsn: 1_000n }), provenAt: NOW - 200, lag: { seconds: 0, bytes: 0 } };
export const STALE: Facts = { ...FRESH, provenAt: NOW - 1_500 };
export const CUT_OFF: Facts = { ...FRESH, sighting: sighting({ receiving: false }) };

/** A member as routing and balancers see it. */
export interface Reader extends Candidate {
  readonly weight: number;
  readonly load: Load;
  readonly zone: string | undefined;
}

/** A reader that is fit, but for what is said. */
export function reader(facts: Facts = FRESH, differing: Partial<Reader> = {}): Reader {
  const state: MemberState = { kind: 'serving', lag: { seconds: 0, bytes: 0 } };
  return {
    name: 'blue',
    weight: 1,
    load: new Load(),
    zone: undefined,
    incarnation: 0,
    facts,
    state,
    forcedOpen: false,
    allows: () => true,
    ...differing,
  };
}

/** A reader whose breaker has opened by itself. */
export function tripped(differing: Partial<Reader> = {}): Reader {
  return reader(FRESH, { allows: () => false, ...differing });
}
