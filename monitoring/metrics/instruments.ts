import { APP_METRICS } from './names';

export type Metric = keyof typeof APP_METRICS;

/** What is measured, by whichever face. */
export interface Instrument {
  readonly name: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  /**
   * In the words of UCUM, as OpenTelemetry wants it. What is merely counted has an annotation in braces: of a gauge in `1`, what translates to Prometheus
   * makes a ratio, under another name.
   */
  readonly unit: 's' | 'By' | '%' | `{${string}}`;
  /** One sentence, for the exposition and for docs/metrics.md. */
  readonly help: string;
  /** Its own, beside {@link FLEET_LABELS}. */
  readonly labels: readonly Label[];
  /** Gauges: what several processes of one app make together, for prom-client's cluster mode. */
  readonly across?: 'sum' | 'max' | 'min';
}

export type Label = 'endpoint' | 'kind' | 'member' | 'priority' | 'reason' | 'role' | 'state' | 'target';

/** What every metric says of its fleet. */
export const FLEET_LABELS = ['fleet', 'environment'] as const;

export const INSTRUMENTS = {
  lagSeconds: {
    kind: 'gauge',
    name: APP_METRICS.lagSeconds,
    unit: 's',
    help: 'Age of what the replica shows; absent while unknown, +Inf when older than what is remembered.',
    labels: ['member'],
    across: 'max',
  },
  lagBytes: {
    kind: 'gauge',
    name: APP_METRICS.lagBytes,
    unit: 'By',
    help: 'WAL that the replica has not replayed; absent while unknown, and where positions are not counted in bytes.',
    labels: ['member'],
    across: 'max',
  },
  health: {
    kind: 'gauge',
    name: APP_METRICS.health,
    unit: '{healthy}',
    help: '1 while the member serves, or would but for its lag; else 0.',
    labels: ['member', 'role'],
    across: 'min',
  },
  state: {
    kind: 'gauge',
    name: APP_METRICS.state,
    unit: '{member}',
    help: '1 for the state that the member is in; its other states are absent.',
    labels: ['member', 'role', 'state'],
    across: 'max',
  },
  breaker: {
    kind: 'gauge',
    name: APP_METRICS.breaker,
    unit: '{state}',
    help: "The member's circuit breaker: 0 closed, 1 half-open, 2 open.",
    labels: ['member', 'role'],
    across: 'max',
  },
  connections: {
    kind: 'gauge',
    name: APP_METRICS.connections,
    unit: '{connection}',
    help: "Connections of the app's pool to the member, by state: active, idle.",
    labels: ['member', 'role', 'state'],
    across: 'sum',
  },
  waiting: {
    kind: 'gauge',
    name: APP_METRICS.waiting,
    unit: '{caller}',
    help: 'Callers that wait for a connection to the member.',
    labels: ['member', 'role'],
    across: 'sum',
  },
  poolMax: {
    kind: 'gauge',
    name: APP_METRICS.poolMax,
    unit: '{connection}',
    help: 'Connections that the pool may open to the member.',
    labels: ['member', 'role'],
    across: 'sum',
  },
  bulkhead: {
    kind: 'gauge',
    name: APP_METRICS.bulkhead,
    unit: '{read}',
    help: 'Reads that run on the primary because no replica could take them.',
    labels: [],
    across: 'sum',
  },
  bulkheadMax: {
    kind: 'gauge',
    name: APP_METRICS.bulkheadMax,
    unit: '{read}',
    help: 'How many such reads the primary is to bear at once.',
    labels: [],
    across: 'sum',
  },
  rollout: {
    kind: 'gauge',
    name: APP_METRICS.rollout,
    unit: '%',
    help: "Share of the endpoint's keys that replicas may serve, in percent; 0 while it is disabled. Of endpoints with a flag.",
    labels: ['endpoint'],
    across: 'min',
  },
  allOff: {
    kind: 'gauge',
    name: APP_METRICS.allOff,
    unit: '{switch}',
    help: '1 while all reads are sent to the primary by hand; then fleet.query() is told nowhere.',
    labels: [],
    across: 'max',
  },
  reads: {
    kind: 'counter',
    name: APP_METRICS.reads,
    unit: '{read}',
    help: 'Decisions on where to send a read: replica, primary (it asked for it), fallback. A second attempt and a hedge are decisions too.',
    labels: ['target', 'endpoint', 'reason'],
  },
  shed: {
    kind: 'counter',
    name: APP_METRICS.shed,
    unit: '{read}',
    help: 'Reads that the primary refused to take for replicas that could not: it has as many as it is to bear.',
    labels: ['endpoint', 'priority'],
  },
  hedged: {
    kind: 'counter',
    name: APP_METRICS.hedged,
    unit: '{read}',
    help: 'Reads for which a second member was asked, since the first was slow.',
    labels: [],
  },
  failures: {
    kind: 'counter',
    name: APP_METRICS.failures,
    unit: '{call}',
    help: "Calls that failed for a member, for routing or for time; errors of a statement's own and calls given up by their caller are none.",
    labels: ['kind'],
  },
  statementFailures: {
    kind: 'counter',
    name: APP_METRICS.statementFailures,
    unit: '{statement}',
    help: 'Statements that the member did not answer; most were answered by another.',
    labels: ['member', 'role'],
  },
  failovers: {
    kind: 'counter',
    name: APP_METRICS.failovers,
    unit: '{failover}',
    help: 'Times that another member became the primary.',
    labels: [],
  },
  calls: {
    kind: 'histogram',
    name: APP_METRICS.calls,
    unit: 's',
    help: 'What the caller waited, all attempts together: read, write, transaction. Those that failed as well.',
    labels: ['kind'],
  },
  statements: {
    kind: 'histogram',
    name: APP_METRICS.statements,
    unit: 's',
    help: 'One statement on one member, with the wait for a connection. Those that failed as well.',
    labels: ['member', 'role'],
  },
  decisions: {
    kind: 'histogram',
    name: APP_METRICS.decisions,
    unit: 's',
    help: "From the call to the first decision: what routing costs, and a session's wait for a replica to catch up.",
    labels: [],
  },
} as const satisfies Record<Metric, Instrument>;

type Of<Kind extends Instrument['kind']> = {
  [Key in Metric]: (typeof INSTRUMENTS)[Key]['kind'] extends Kind ? Key : never;
}[Metric];

export type GaugeMetric = Of<'gauge'>;
export type CounterMetric = Of<'counter'>;
export type HistogramMetric = Of<'histogram'>;

/** In the order in which they are shown. */
export const GAUGES = keysOf('gauge');
export const COUNTERS = keysOf('counter');
export const HISTOGRAMS = keysOf('histogram');

function keysOf<Kind extends Instrument['kind']>(kind: Kind): readonly Of<Kind>[] {
  return (Object.keys(INSTRUMENTS) as Metric[]).filter((key): key is Of<Kind> => INSTRUMENTS[key].kind === kind);
}

/** Upper bounds of the histograms' buckets, in seconds, ascending. */
export interface Buckets {
  /** How long callers wait for their answer. */
  readonly calls: readonly number[];
  /** How long members take for a statement. */
  readonly statements: readonly number[];
  /** How long it takes to choose a member. */
  readonly decisions: readonly number[];
}

const FROM_HALF_A_MILLISECOND = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const DEFAULT_BUCKETS: Buckets = {
  calls: FROM_HALF_A_MILLISECOND,
  statements: FROM_HALF_A_MILLISECOND,
  // Routing takes microseconds; a session waits for milliseconds.
  decisions: [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1],
} satisfies Record<HistogramMetric, readonly number[]>;

/** Values of {@link Label}s, and of what the app adds. */
export type Labels = Readonly<Record<string, string>>;

/** Where observations go. */
export interface Sink {
  add(metric: CounterMetric, labels: Labels, count: number): void;
  /** @param seconds not negative */
  observe(metric: HistogramMetric, labels: Labels, seconds: number): void;
}
