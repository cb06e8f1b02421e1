import { PATHS } from '../../../../monitoring/http';
import { ADMIN, asReader, bearer, order, TOKEN } from './requests';

const { admin } = PATHS;

/** A request, and what every face answers to it on a fleet of blue and green that has just been connected. */
export interface Scenario {
  readonly name: string;
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

const code = (name: string) => expect.objectContaining({ code: `READFLEET_${name}` });
const json = 'application/json; charset=utf-8';
const problem = 'application/problem+json; charset=utf-8';

export const scenarios: readonly Scenario[] = [
  {
    name: 'lag, with the members that requirement 003 names',
    path: PATHS.lag,
    init: asReader,
    status: 200,
    headers: { 'content-type': json },
    body: {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      replicas: ['blue', 'green'].map((name) => ({
        name,
        lagSeconds: expect.any(Number),
        lagBytes: expect.any(Number),
        status: 'healthy',
      })),
    },
  },
  {
    name: 'health',
    path: PATHS.health,
    init: asReader,
    status: 200,
    body: {
      healthy: true,
      timestamp: expect.any(String),
      replicasEnabled: true,
      replicaCount: 2,
      message: 'All 2 replicas are healthy',
      replicas: ['blue', 'green'].map((name) => ({ name, status: 'healthy', reason: null })),
    },
  },
  {
    name: 'pools',
    path: PATHS.pools,
    init: asReader,
    status: 200,
    body: {
      timestamp: expect.any(String),
      primary: { total_connections: 1, active_connections: 0, idle_connections: 1, waiting: 0, max_connections: 3 },
      replicas: Object.fromEntries(
        ['blue', 'green'].map((name) => [
          name,
          { total_connections: 0, active_connections: 0, idle_connections: 0, waiting: 0, max_connections: 2 },
        ]),
      ),
    },
  },
  {
    name: 'the status',
    path: PATHS.status,
    init: asReader,
    status: 200,
    body: expect.objectContaining({
      fleet: 'orders',
      environment: 'laptop',
      members: ['primary', 'blue', 'green'].map((name) => expect.objectContaining({ name, state: 'serving' })),
    }),
  },
  {
    name: 'metrics',
    path: PATHS.metrics,
    init: asReader,
    status: 200,
    headers: { 'content-type': expect.stringMatching(/^text\/plain; version=0.0.4/) },
    body: expect.stringContaining('replica_lag_seconds{fleet="orders",environment="laptop",member="blue"}'),
  },
  {
    name: 'the page, without a token',
    path: PATHS.page,
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-frame-options': 'DENY',
    },
    body: expect.stringContaining('<html'),
  },
  {
    name: 'the page with a slash at its end, from where what it asks for would be elsewhere',
    path: `${PATHS.page}/`,
    status: 308,
    headers: { location: '../database' },
  },
  {
    name: 'the description, without a token',
    path: PATHS.openapi,
    status: 200,
    body: expect.objectContaining({ openapi: '3.1.0' }),
  },
  { name: 'with a query, which says nothing', path: `${PATHS.lag}?since=now`, init: asReader, status: 200 },
  { name: 'the admin token looks as well', path: PATHS.lag, init: { headers: bearer(ADMIN) }, status: 200 },
  {
    name: 'HEAD',
    path: PATHS.lag,
    init: { ...asReader, method: 'HEAD' },
    status: 200,
    headers: { 'content-type': json },
    body: '',
  },
  {
    name: 'HEAD of the stream, which does not begin',
    path: PATHS.stream,
    init: { ...asReader, method: 'HEAD' },
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: '',
  },
  {
    name: 'no token',
    path: PATHS.lag,
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="readfleet"', 'content-type': problem },
    body: {
      title: 'Unauthorized',
      status: 401,
      code: 'READFLEET_HTTP_TOKEN',
      detail: 'Send a header: Authorization: Bearer <the token>.',
    },
  },
  {
    name: 'another token',
    path: PATHS.metrics,
    init: { headers: bearer(`${TOKEN}x`) },
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="readfleet", error="invalid_token"' },
    body: code('HTTP_TOKEN'),
  },
  {
    name: 'a switch, by a reader',
    path: `${admin}/endpoints/disable-all`,
    init: order({}, TOKEN),
    status: 403,
    body: code('HTTP_READER'),
  },
  { name: 'a switch, by nobody', path: `${admin}/endpoints/disable-all`, init: { method: 'POST' }, status: 401 },
  {
    name: 'another method',
    path: PATHS.lag,
    init: { ...asReader, method: 'POST' },
    status: 405,
    headers: { allow: 'GET, HEAD' },
    body: code('HTTP_METHOD'),
  },
  {
    name: 'OPTIONS: no page of another site may ask',
    path: PATHS.lag,
    init: { method: 'OPTIONS' },
    status: 405,
    headers: { allow: 'GET, HEAD', 'access-control-allow-origin': null },
  },
  {
    name: 'GET of a switch',
    path: `${admin}/endpoints/disable-all`,
    init: asReader,
    status: 405,
    headers: { allow: 'POST' },
  },
  { name: 'a path of nobody', path: '/v1/system/databases', status: 404 },
  { name: 'a path of nobody, beside the page', path: `${PATHS.page}/nothing`, status: 404 },
  {
    name: 'an endpoint of which only a share is to go to replicas',
    path: `${admin}/endpoints/search/rollout`,
    init: order({ percent: 25 }),
    status: 200,
    body: { endpoint: 'search', enabled: true, rollout: 25, seen: true },
  },
  {
    name: 'an endpoint with a slash and a space in its name',
    path: `${admin}/endpoints/a%2Fb%20c/disable`,
    init: order(),
    status: 200,
    body: { endpoint: 'a/b c', enabled: false, rollout: 0, seen: false },
  },
  {
    // Fastify refuses it itself, in words of its own.
    name: 'a name that is not percent-encoded as it should be',
    path: `${admin}/endpoints/100%25%/disable`,
    init: order(),
    status: 400,
  },
  {
    name: 'more than all',
    path: `${admin}/endpoints/search/rollout`,
    init: order({ percent: 101 }),
    status: 422,
    body: code('OPTIONS_INVALID'),
  },
  {
    name: 'a share that is a text',
    path: `${admin}/endpoints/search/rollout`,
    init: order({ percent: '25' }),
    status: 422,
    body: code('OPTIONS_INVALID'),
  },
  {
    name: 'no share',
    path: `${admin}/endpoints/search/rollout`,
    init: order(),
    status: 422,
    body: code('OPTIONS_INVALID'),
  },
  {
    name: 'a slip of the pen',
    path: `${admin}/endpoints/search/rollout`,
    init: order({ percentage: 25 }),
    status: 422,
    body: code('HTTP_BODY'),
  },
  {
    name: 'a list where an object should be',
    path: `${admin}/endpoints/search/rollout`,
    init: order([25]),
    status: 422,
    body: code('HTTP_BODY'),
  },
  {
    name: 'JSON that is none',
    path: `${admin}/endpoints/search/rollout`,
    init: order('{"percent": 25'),
    status: 400,
    body: code('HTTP_JSON'),
  },
  {
    name: 'a body of another type',
    path: `${admin}/endpoints/search/rollout`,
    init: { method: 'POST', headers: { ...bearer(ADMIN), 'content-type': 'text/plain' }, body: '{"percent": 25}' },
    status: 415,
    body: code('HTTP_TYPE'),
  },
  {
    name: 'a body that is too large',
    path: `${admin}/endpoints/search/rollout`,
    init: order({ percent: 'x'.repeat(17_000) }),
    status: 413,
    body: code('HTTP_TOO_LARGE'),
  },
  {
    name: 'a member that is none',
    path: `${admin}/members/red/breaker/open`,
    init: order(),
    status: 404,
    body: {
      title: 'Not Found',
      status: 404,
      code: 'READFLEET_NO_SUCH_MEMBER',
      detail: 'breaker("red"): the fleet has no member of that name. It has: primary, blue, green.',
    },
  },
  {
    name: 'a drain of the primary, which is no replica',
    path: `${admin}/members/primary/drain`,
    init: order(),
    status: 404,
    body: code('NO_SUCH_MEMBER'),
  },
];
