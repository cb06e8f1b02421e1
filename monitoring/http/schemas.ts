/** JSON Schema, as OpenAPI 3.1 takes it. */
export type Schema = { readonly [keyword: string]: unknown };

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const flag: Schema = { type: 'boolean' };
const count: Schema = { type: 'integer', minimum: 0 };
const amount: Schema = { type: 'number', minimum: 0 };
const timestamp: Schema = { type: 'string', format: 'date-time' };
const percent: Schema = { type: 'number', minimum: 0, maximum: 100, description: 'Share of keys, in percent.' };
const at: Schema = { type: 'integer', description: 'Milliseconds since 1970.' };
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
const says = (schema: Schema, description: string): Schema => ({ ...schema, description });
const list = (items: Schema): Schema => ({ type: 'array', items });
const byName = (schema: Schema): Schema => ({ type: 'object', additionalProperties: schema });
const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

/** An object with exactly these members. */
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const lagSeconds = says(
  { type: ['number', 'null'], minimum: 0 },
  'Age of what the replica shows, in seconds; null while it is not known, or more than what is remembered.',
);
const lagBytes = says(
  { type: ['integer', 'null'], minimum: 0 },
  'WAL that it has not replayed; null while it is not known.',
);
const replicaStatus = says(
  oneOf('healthy', 'lagging', 'unhealthy', 'draining', 'unknown'),
  'lagging: it replicates, further behind than the fleet’s bound. draining: somebody sends it nothing new. unknown: it has not answered yet.',
);
const state = oneOf(
  'joining',
  'serving',
  'lagging',
  'disconnected',
  'ejected',
  'draining',
  'gone',
  'promoted',
  'writing',
  'demoted',
  'fenced',
);
const endpointFlag = { endpoint: text, enabled: flag, rollout: percent };

/** What is answered, by name. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Lag: object({
    timestamp,
    replicas: list(object({ name: text, lagSeconds, lagBytes, status: replicaStatus })),
  }),
  Health: object({
    healthy: says(flag, 'No replica is unhealthy or unknown.'),
    timestamp,
    replicasEnabled: says(flag, 'There are replicas, and not all endpoints are switched off.'),
    replicaCount: count,
    message: text,
    replicas: list(object({ name: text, status: replicaStatus, reason: textOrNull })),
  }),
  Pool: object({
    total_connections: count,
    active_connections: count,
    idle_connections: count,
    waiting: says(count, 'Callers that wait for a connection.'),
    max_connections: count,
  }),
  Pools: object({ timestamp, primary: nullable(ref('Pool')), replicas: byName(ref('Pool')) }),
  Member: object({
    name: text,
    role: oneOf('primary', 'replica'),
    host: text,
    port: count,
    zone: textOrNull,
    state,
    reason: says(textOrNull, 'Why it is in that state, where the state has a reason.'),
    lag: nullable(object({ seconds: lagSeconds, bytes: lagBytes })),
    reads: says(count, 'Since the app connected.'),
    writes: count,
    errors: count,
    inFlight: count,
    latencyMs: amount,
    breaker: object({
      state: oneOf('closed', 'half-open', 'open'),
      forced: says({ enum: ['open', 'closed', null] }, 'What a person ordered.'),
    }),
    pool: object({ total: count, idle: count, waiting: count, max: count }),
  }),
  Flags: object({ allOff: flag, endpoints: list(object(endpointFlag)) }),
  Endpoint: object({
    ...endpointFlag,
    seen: says(
      flag,
      'Whether the app’s options name it, or a read of this process has: false may be a slip of the pen.',
    ),
  }),
  Status: object({
    fleet: text,
    environment: text,
    at,
    members: list(ref('Member')),
    flags: ref('Flags'),
    bulkhead: object({ active: count, queued: count, shed: count, max: count }),
    retriesLeft: count,
    thresholds: object({ warningSeconds: amount, criticalSeconds: amount }),
  }),
  Moment: object({
    at,
    replica: count,
    primary: count,
    fallback: count,
    writes: count,
    failed: count,
    shed: count,
    longestReadMs: amount,
    members: byName(object({ state, lagSeconds, reads: count })),
  }),
  Told: object({ id: count, at, event: text, tone: oneOf('good', 'bad', 'neutral'), text }),
  Action: object({
    name: text,
    label: text,
    help: text,
    on: oneOf('fleet', 'primary', 'replica', 'member'),
    asks: flag,
  }),
  Hello: object({
    status: ref('Status'),
    history: list(ref('Moment')),
    told: list(ref('Told')),
    admin: says(flag, 'Whether whoever asks may use the switches.'),
    actions: list(ref('Action')),
  }),
  Tick: object({ status: ref('Status'), moment: ref('Moment') }),
  Done: object({ text }),
  Problem: says(object({ title: text, status: count, detail: text, code: text }), 'An error, by RFC 9457.'),
  Rollout: object({ percent }),
  OnMember: {
    type: 'object',
    properties: { member: text },
    additionalProperties: false,
    description: 'The member on which to act; none for an action on the fleet.',
  },
  Nothing: { type: 'object', additionalProperties: false },
};
