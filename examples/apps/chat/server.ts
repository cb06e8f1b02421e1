import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Fleet } from 'readfleet';
import { readYourWrites } from 'readfleet/fastify';
import { monitoringHandler } from 'readfleet/http';
import type { PageRequest } from 'readfleet/paging';
import { Conversations } from './conversations';
import { Messages } from './messages';

const id = { type: 'string', pattern: '^[0-9]{1,18}$' } as const;
const params = { type: 'object', properties: { id } } as const;
const page = {
  type: 'object',
  properties: {
    first: { type: 'integer' },
    after: { type: 'string' },
    last: { type: 'integer' },
    before: { type: 'string' },
  },
} as const;

/** Nobody could answer in time: the client may try again. */
const LATER: readonly string[] = ['READFLEET_NO_MEMBER', 'READFLEET_NO_WRITER', 'READFLEET_SHED', 'READFLEET_TIMEOUT'];

interface OfConversation {
  readonly Params: { readonly id: string };
}

/** Who asks. Stands for your login, and must not stay. */
function person(request: FastifyRequest): string {
  return String(request.headers['x-person'] ?? '1');
}

/** The chat over HTTP. What it does with the database is in `messages.ts` and `conversations.ts`. */
export async function chatServer(fleet: Fleet): Promise<FastifyInstance> {
  const app = fastify();
  const messages = new Messages(fleet);
  const conversations = new Conversations(fleet);

  // A session for each request, handed on by a cookie: whoever sent a message sees it, whichever replica answers next.
  await app.register(readYourWrites, { fleet });
  // Lag, health, metrics, and the switches: who may look and switch here is whoever is on this machine. In earnest give it tokens.
  await app.register(monitoringHandler(fleet, { token: false, admin: false }).fastify, { prefix: '/internal' });

  app.addHook('onRequest', async (request, reply) => {
    if (!/^[0-9]{1,18}$/.test(person(request))) return reply.code(400).send({ message: 'x-person must be a number' });
  });

  app.get<{ Querystring: PageRequest }>('/conversations', { schema: { querystring: page } }, (request) =>
    conversations.list(person(request), request.query),
  );

  app.get('/unread', async (request) => ({ unread: await conversations.unread(person(request)) }));

  app.get<OfConversation & { Querystring: PageRequest }>(
    '/conversations/:id/messages',
    { schema: { params, querystring: page } },
    async (request) => {
      const { rows, pageInfo } = await messages.history(person(request), request.params.id, request.query);
      return { messages: rows, pageInfo };
    },
  );

  app.get<OfConversation & { Querystring: { readonly fresh: boolean } }>(
    '/conversations/:id/latest',
    { schema: { params, querystring: { type: 'object', properties: { fresh: { type: 'boolean', default: false } } } } },
    async (request, reply) => {
      const latest = await messages.latest(person(request), request.params.id, request.query.fresh);
      return latest ?? reply.code(404).send({ message: 'no message that you may read' });
    },
  );

  const body = {
    type: 'object',
    required: ['body'],
    properties: { body: { type: 'string', minLength: 1, maxLength: 4_000 } },
  } as const;
  app.post<OfConversation & { Body: { readonly body: string } }>(
    '/conversations/:id/messages',
    { schema: { params, body } },
    async (request, reply) => {
      const sent = await messages.send(person(request), request.params.id, request.body.body);
      return sent ? reply.code(201).send(sent) : reply.code(404).send({ message: 'you are no member' });
    },
  );

  app.post<OfConversation & { Body: { readonly upTo: string } }>(
    '/conversations/:id/read',
    { schema: { params, body: { type: 'object', required: ['upTo'], properties: { upTo: id } } } },
    async (request, reply) => {
      const found = await conversations.markAsRead(person(request), request.params.id, request.body.upTo);
      return reply.code(found ? 204 : 404).send();
    },
  );

  app.setErrorHandler((error: Error & { code?: string; status?: number; statusCode?: number }, _request, reply) => {
    // A cursor or a page that cannot be is 400 by its `status`; Fastify's own say `statusCode`.
    const status = error.status ?? error.statusCode ?? (LATER.includes(error.code ?? '') ? 503 : 500);
    if (status >= 500) console.error(error);
    return reply.code(status).send({ message: status < 500 ? error.message : 'this went wrong, and was written down' });
  });
  return app;
}
