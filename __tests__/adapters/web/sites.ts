import 'reflect-metadata';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, HttpCode, type INestApplication, Inject, Module, Post, Redirect } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express, { type RequestHandler } from 'express';
import fastify from 'fastify';
import { type ConnectOptions, connect, type Fleet, type FleetContract } from 'readfleet';
import { readYourWrites as expressSessions, type WebSessionOptions } from 'readfleet/express';
import { readYourWrites as fastifySessions } from 'readfleet/fastify';
import { Fleet as FleetOfNest, ReadfleetModule } from 'readfleet/nestjs';
import { listening } from './raw-http';

/**
 * One app, in the words of a framework:
 * - `GET /value` reads; `POST /value` adds one and says what came of it
 * - `POST /body` takes a body in JSON, adds one, and reads
 * - `POST /fail` adds one and fails; `POST /redirect` adds one and sends the client to `/value`
 */
export interface Site {
  readonly url: string;
  readonly fleet: Fleet;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly contract: FleetContract;
  readonly connect?: ConnectOptions;
  readonly session?: WebSessionOptions;
}

/** Whatever age: what keeps a read from being too old is its session alone. */
const ANY_AGE = { maxStalenessMs: Number.POSITIVE_INFINITY };

export async function readValue(fleet: Fleet): Promise<{ value: number }> {
  const { rows } = await fleet.query<{ value: number }>('select value from register', [], ANY_AGE);
  return { value: rows[0]?.value ?? Number.NaN };
}

export async function addOne(fleet: Fleet): Promise<{ value: number }> {
  const { rows } = await fleet.query<{ value: number }>('update register set value = value + 1 returning value');
  return { value: rows[0]?.value ?? Number.NaN };
}

async function failAfterAdding(fleet: Fleet): Promise<never> {
  await addOne(fleet);
  throw new Error('after the write');
}

export type Open = (options: SiteOptions) => Promise<Site>;

async function nodeSite({ contract, connect: options, session }: SiteOptions): Promise<Site> {
  const fleet = await connect(contract, options);
  const sessions = expressSessions(fleet, session);
  const server = await listening((request, response) => {
    sessions(request, response, () => {
      answerByHand(fleet, request, response).catch(() => response.writeHead(500).end());
    });
  });
  return { url: server.url, fleet, close: () => closing(fleet, server.close()) };
}

async function answerByHand(fleet: Fleet, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const json = (body: unknown) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  switch (`${request.method} ${request.url}`) {
    case 'GET /value':
      json(await readValue(fleet));
      return;
    case 'POST /value':
      json(await addOne(fleet));
      return;
    case 'POST /body':
      // Listeners, since what awaits the body keeps its session anyway.
      request
        .on('data', () => undefined)
        .on('end', () => {
          void addOne(fleet)
            .then(() => readValue(fleet))
            .then(json);
        });
      return;
    case 'POST /redirect':
      await addOne(fleet);
      response.writeHead(303, { location: '/value' }).end();
      return;
    case 'POST /fail':
      await failAfterAdding(fleet);
      return;
    default:
      response.writeHead(404).end();
  }
}

/** Errors go to `next`, as Express 4 needs to be told. */
function handler(work: (fleet: Fleet) => Promise<unknown>, fleet: Fleet): RequestHandler {
  return (_request, response, next) => {
    work(fleet).then((body) => response.json(body), next);
  };
}

async function expressSite({ contract, connect: options, session }: SiteOptions): Promise<Site> {
  const fleet = await connect(contract, options);
  const app = express();
  // What goes wrong on purpose is not for the log.
  app.set('env', 'test');
  app.use(expressSessions(fleet, session));
  app.get('/value', handler(readValue, fleet));
  app.post('/value', handler(addOne, fleet));
  app.post('/body', express.json(), handler(addThenRead, fleet));
  app.post('/fail', handler(failAfterAdding, fleet));
  app.post('/redirect', (_request, response, next) => {
    addOne(fleet).then(() => response.redirect(303, '/value'), next);
  });
  const server = await listening(app);
  return { url: server.url, fleet, close: () => closing(fleet, server.close()) };
}

async function fastifySite({ contract, connect: options, session }: SiteOptions): Promise<Site> {
  const fleet = await connect(contract, options);
  const app = fastify();
  await app.register(fastifySessions, { fleet, ...session });
  app.get('/value', () => readValue(fleet));
  app.post('/value', () => addOne(fleet));
  app.post('/body', () => addThenRead(fleet));
  app.post('/fail', () => failAfterAdding(fleet));
  app.post('/redirect', async (_request, reply) => {
    await addOne(fleet);
    return reply.code(303).header('location', '/value').send();
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, fleet, close: () => closing(fleet, app.close()) };
}

async function addThenRead(fleet: Fleet): Promise<{ value: number }> {
  await addOne(fleet);
  return readValue(fleet);
}

@Controller()
class Values {
  @Inject(FleetOfNest)
  private readonly fleet!: Fleet;

  @Get('value')
  read(): Promise<unknown> {
    return readValue(this.fleet);
  }

  @Post('value')
  @HttpCode(200)
  add(): Promise<unknown> {
    return addOne(this.fleet);
  }

  /** Its body is parsed before it is called. */
  @Post('body')
  @HttpCode(200)
  body(): Promise<unknown> {
    return addThenRead(this.fleet);
  }

  @Post('fail')
  fail(): Promise<never> {
    return failAfterAdding(this.fleet);
  }

  @Post('redirect')
  @Redirect('/value', 303)
  async redirect(): Promise<void> {
    await addOne(this.fleet);
  }
}

type Adapter = ExpressAdapter | FastifyAdapter;

function nestSite(adapter: () => Adapter): Open {
  return async ({ contract, connect: options, session }) => {
    @Module({
      imports: [
        ReadfleetModule.forRoot({
          source: contract,
          ...(options && { options }),
          ...(session && { session }),
        }),
      ],
      controllers: [Values],
    })
    class App {}
    const app: INestApplication = await NestFactory.create(App, adapter() as never, {
      logger: false,
      abortOnError: false,
    });
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer();
    if (!server.listening) await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, fleet: app.get(FleetOfNest), close: () => app.close() };
  };
}

async function closing(fleet: Fleet, server: Promise<unknown>): Promise<void> {
  await server;
  await fleet.close();
}

/** Each framework's, by name. */
export const sites: readonly (readonly [name: string, open: Open])[] = [
  ['node:http', nodeSite],
  ['Express', expressSite],
  ['Fastify', fastifySite],
  ['NestJS on Express', nestSite(() => new ExpressAdapter())],
  ['NestJS on Fastify', nestSite(() => new FastifyAdapter())],
];

/** A client that keeps cookies, as far as these tests need it. */
export class Browser {
  cookie: string | undefined;

  constructor(private readonly url: string) {}

  async send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(this.cookie !== undefined && { cookie: this.cookie }), ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(';')[0];
    return response;
  }

  async value(headers: Record<string, string> = {}): Promise<number> {
    const response = await this.send('GET', '/value', headers);
    return ((await response.json()) as { value: number }).value;
  }

  async add(headers: Record<string, string> = {}): Promise<number> {
    const response = await this.send('POST', '/value', headers);
    return ((await response.json()) as { value: number }).value;
  }
}
