/**
 * What the status page and `npx readfleet status` get to see, as JSON. This file is loaded by the browser as well: types, and nothing of Node.
 */

/** How far a replica is behind; null where it is not known, or more than what is remembered. */
export interface LagView {
  readonly seconds: number | null;
  readonly bytes: number | null;
}

/** What a member is good for, in one word: the `kind` of `MemberState`, which explains each. */
export type StateKind =
  | 'joining'
  | 'serving'
  | 'lagging'
  | 'disconnected'
  | 'ejected'
  | 'draining'
  | 'gone'
  | 'promoted'
  | 'writing'
  | 'demoted'
  | 'fenced';

/** A member, as of now. */
export interface MemberView {
  readonly name: string;
  readonly role: 'primary' | 'replica';
  readonly host: string;
  readonly port: number;
  readonly zone: string | null;
  readonly state: StateKind;
  /** Why it is in that state, where the state has a reason. */
  readonly reason: string | null;
  /** Null for the primary, and while it is not known. */
  readonly lag: LagView | null;
  /** Since the app connected. */
  readonly reads: number;
  readonly writes: number;
  readonly errors: number;
  readonly inFlight: number;
  readonly latencyMs: number;
  readonly breaker: { readonly state: 'closed' | 'half-open' | 'open'; readonly forced: 'open' | 'closed' | null };
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number; readonly max: number };
}

/** The fleet, as of now. */
export interface StatusView {
  readonly fleet: string;
  readonly environment: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly members: readonly MemberView[];
  readonly flags: {
    readonly allOff: boolean;
    readonly endpoints: readonly { readonly endpoint: string; readonly enabled: boolean; readonly rollout: number }[];
  };
  readonly bulkhead: { readonly active: number; readonly queued: number; readonly shed: number; readonly max: number };
  readonly retriesLeft: number;
  /** Lag past which people are told, in seconds. */
  readonly thresholds: { readonly warningSeconds: number; readonly criticalSeconds: number };
}

/** What happened in one interval of the recorder, a second. */
export interface Moment {
  /** Its end, in milliseconds since 1970. */
  readonly at: number;
  /** Where reads were sent: decisions of this interval. */
  readonly replica: number;
  /** Reads that asked for the primary. */
  readonly primary: number;
  /** Reads that the primary served for want of a replica. */
  readonly fallback: number;
  readonly writes: number;
  /** Calls whose caller got an error of a member, of routing or of time; errors of a statement's own are none. */
  readonly failed: number;
  /** Reads that were shed. */
  readonly shed: number;
  /** The longest that a read took which ended in this interval, in milliseconds. */
  readonly longestReadMs: number;
  /** By member. */
  readonly members: Readonly<Record<string, MomentOfMember>>;
}

/** One member at the end of an interval of the recorder. Its lag is null where it is not known. */
export interface MomentOfMember {
  readonly state: StateKind;
  readonly lagSeconds: number | null;
  /** Reads that were sent to it. */
  readonly reads: number;
}

/** Something that happened, in words. */
export interface Told {
  /** Grows by one; the page asks for what came after. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of the event, as of `fleet.on()`, or `switch` for what was done by hand through the handler. */
  readonly event: string;
  /** `bad`: somebody should look. `good`: it is over. */
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly text: string;
}

/** Something that can be done by hand beside the switches of the library: the faults of `npm start`. */
export interface ActionView {
  /** E.g. `pause-replay`. */
  readonly name: string;
  /** For a button, e.g. `Pause replay`. */
  readonly label: string;
  /** For whoever hesitates. */
  readonly help: string;
  /** On what it acts; a fleet's actions have no member. */
  readonly on: 'fleet' | 'primary' | 'replica' | 'member';
  /** Whether the page asks once before it does so: what cannot be undone. */
  readonly asks?: boolean;
}

/** First message of the stream (`event: hello`). */
export interface Hello {
  readonly status: StatusView;
  /** Up to ten minutes, the oldest first. */
  readonly history: readonly Moment[];
  /** The last two hundred, the oldest first. */
  readonly told: readonly Told[];
  /** Whether whoever asks may use the switches. */
  readonly admin: boolean;
  readonly actions: readonly ActionView[];
}

/** Each second (`event: tick`). Events follow as `event: told`, each a {@link Told}. */
export interface Tick {
  readonly status: StatusView;
  readonly moment: Moment;
}

/** Where everything is, under the handler's base path. */
export const PATHS = {
  page: '/v1/system/database',
  lag: '/v1/system/database/replicas/lag',
  health: '/v1/system/database/replicas/health',
  pools: '/v1/system/database/connection-pool/stats',
  status: '/v1/system/database/status',
  stream: '/v1/system/database/stream',
  metrics: '/metrics',
  openapi: '/v1/system/database/openapi.json',
  /** POST: `endpoints/{endpoint}/enable`, `…/disable`, `…/rollout` `{ "percent": 25 }`, `endpoints/disable-all`, `endpoints/enable-all`, `members/{member}/breaker/open|closed|reset`, `members/{member}/drain|undrain`, `actions/{name}` `{ "member": "blue" }`. */
  admin: '/v1/system/database/admin',
} as const;
