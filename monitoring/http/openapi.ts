import { PATHS } from '../view';
import { ref, SCHEMAS, type Schema } from './schemas';

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly [more: string]: unknown;
}

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The body is no JSON, or the path is not percent-encoded as it should be.',
  401: 'No token, or one that nobody has.',
  403: 'The token may look and not use the switches; or no admin token was configured; or, without tokens, the request came by another name or site.',
  404: 'There is none of that name, or it is switched off.',
  413: 'The body has more than 16 KB.',
  415: 'The body is not said to be JSON.',
  422: 'The body is JSON, and not what is taken.',
  500: 'It failed; `detail` says why.',
  501: 'prom-client is not installed.',
  503: 'The app has closed the fleet.',
};

const problemContent: Content = { 'application/problem+json': { schema: ref('Problem') } };
const jsonOf = (name: string): Content => ({ 'application/json': { schema: ref(name) } });
const textOf = (type: string): Content => ({ [type]: { schema: { type: 'string' } } });

function responses(good: Readonly<Record<number, readonly [string, Content]>>, problems: readonly number[]) {
  const told = problems.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }] as const);
  const goods = Object.entries(good).map(
    ([status, [description, content]]) => [status, { description, content }] as const,
  );
  return Object.fromEntries([...told, ...goods]);
}

function get(
  id: string,
  summary: string,
  content: Content,
  problems: readonly number[],
  more: Partial<Operation> = {},
) {
  const operation: Operation = {
    operationId: id,
    summary,
    ...more,
    responses: responses({ 200: ['As of now.', content] }, problems),
  };
  return { get: operation };
}

const READ = [401, 403, 503] as const;
const OPEN = { security: [] } as const;
const ADMIN = [400, 401, 403, 413, 415, 422, 503] as const;

interface Verb {
  readonly id: string;
  readonly summary: string;
  readonly takes?: string;
  readonly answers: string;
  /** @default 200 */
  readonly status?: number;
  readonly problems?: readonly number[];
  readonly description?: string;
}

function post(path: string, { id, summary, takes, answers, status = 200, problems = [], description }: Verb) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const operation: Operation = {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(names.length > 0 && {
      parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    }),
    requestBody: { required: takes === 'Rollout', content: jsonOf(takes ?? 'Nothing') },
    responses: responses({ [status]: ['What has come of it.', jsonOf(answers)] }, [...ADMIN, ...problems]),
    security: [{ admin: [] }],
  };
  return { [`${PATHS.admin}/${path}`]: { post: operation } };
}

const endpoint = (verb: string, id: string, summary: string, takes?: string) =>
  post(`endpoints/{endpoint}/${verb}`, { id, summary, answers: 'Endpoint', ...(takes && { takes }) });
const member = (verb: string, more: Omit<Verb, 'answers'>) =>
  post(`members/{member}/${verb}`, { answers: 'Member', problems: [404], ...more });

/** The description of all that the handler answers; docs/openapi.json is its copy. */
export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'readfleet',
    version: '1',
    description:
      'State and switches of one process’s fleet. Each process of an app has its own switches: what is to hold everywhere is to be sent to each. ' +
      'Paths are relative to where the app has mounted the handler. Other methods are answered with 405 and `Allow`.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ reader: [] }, { admin: [] }],
  paths: {
    [PATHS.page]: get('page', 'The status page', textOf('text/html'), [403, 404, 500], {
      ...OPEN,
      description: 'It holds no data, and asks for a token where one is needed.',
    }),
    [PATHS.lag]: get('lag', 'How far each replica is behind', jsonOf('Lag'), READ),
    [PATHS.health]: {
      get: {
        operationId: 'health',
        summary: 'Whether all replicas are what they should be',
        description:
          'Of the replicas, not of the app: while they fail, the app reads from the primary. A load balancer of the app must not ask this.',
        responses: responses(
          {
            200: ['All are.', jsonOf('Health')],
            503: ['Some are not; or the app has closed the fleet.', { ...jsonOf('Health'), ...problemContent }],
          },
          [401, 403],
        ),
      },
    },
    [PATHS.pools]: get('pools', 'Connections of this process to each member', jsonOf('Pools'), READ),
    [PATHS.status]: get('status', 'All that is known of the fleet', jsonOf('Status'), READ),
    [PATHS.stream]: get('stream', 'What happens, as server-sent events', textOf('text/event-stream'), READ, {
      description: '`hello` (Hello) first, `tick` (Tick) each second, `told` (Told) as things happen.',
    }),
    [PATHS.metrics]: get('metrics', 'Metrics for Prometheus', textOf('text/plain'), [...READ, 404, 500, 501]),
    [PATHS.openapi]: get(
      'openapi',
      'This description',
      { 'application/json': { schema: { type: 'object' } } },
      [403],
      OPEN,
    ),
    ...endpoint('enable', 'enableEndpoint', 'Replicas may serve all reads of an endpoint'),
    ...endpoint('disable', 'disableEndpoint', 'All reads of an endpoint go to the primary'),
    ...endpoint(
      'rollout',
      'rolloutEndpoint',
      'Replicas may serve the reads of a share of an endpoint’s keys',
      'Rollout',
    ),
    ...post('endpoints/disable-all', { id: 'disableAll', summary: 'Every read goes to the primary', answers: 'Flags' }),
    ...post('endpoints/enable-all', {
      id: 'enableAll',
      summary: 'Ends disable-all: each endpoint is again as its own switch says',
      answers: 'Flags',
    }),
    ...member('breaker/open', { id: 'openBreaker', summary: 'Nothing is sent to a member any more' }),
    ...member('breaker/closed', { id: 'closeBreaker', summary: 'A member is asked, whatever fails' }),
    ...member('breaker/reset', { id: 'resetBreaker', summary: 'A breaker is closed, and automatic again' }),
    ...member('drain', {
      id: 'drain',
      summary: 'A replica gets nothing new',
      status: 202,
      description: 'Answered at once; the list of events tells when nothing is under way there any more.',
    }),
    ...member('undrain', { id: 'undrain', summary: 'Ends drain' }),
    ...post('actions/{name}', {
      id: 'act',
      summary: 'What the app has added to the switches',
      takes: 'OnMember',
      answers: 'Done',
      problems: [404, 500],
    }),
  },
  components: {
    schemas: SCHEMAS,
    responses: Object.fromEntries(
      Object.entries(PROBLEMS).map(([status, description]) => [
        `Problem${status}`,
        { description, content: problemContent },
      ]),
    ),
    securitySchemes: {
      reader: { type: 'http', scheme: 'bearer', description: '`token` of monitoringHandler().' },
      admin: { type: 'http', scheme: 'bearer', description: '`admin` of monitoringHandler().' },
    },
  },
};
