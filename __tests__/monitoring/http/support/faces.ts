import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import type { MonitoringHandler, MonitoringOptions } from '../../../../monitoring/http';

/** A handler that is served under `/internal`. */
export interface Served {
  /** @param path without the prefix */
  send(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A way to serve a handler. */
export interface Face {
  readonly name: string;
  /** What the handler is to be told of where it is. */
  readonly options: Pick<MonitoringOptions, 'basePath'>;
  serve(handler: MonitoringHandler): Promise<Served>;
}

const PREFIX = '/internal';

async function listening(server: Server): Promise<Served> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`;
  return {
    send: (path, init) => fetch(origin + path, { redirect: 'manual', ...init }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const nodeFace: Face = {
  name: 'node:http',
  options: { basePath: PREFIX },
  serve: (handler) => listening(createServer(handler)),
};

export const expressFace: Face = {
  name: 'Express',
  options: {},
  serve: (handler) => {
    const app = express();
    app.use(PREFIX, handler);
    app.use((_request, response) => void response.status(404).json({ of: 'the app' }));
    return listening(createServer(app));
  },
};

export const parsedExpressFace: Face = {
  name: 'Express, behind a body parser',
  options: {},
  serve: (handler) => {
    const app = express();
    app.use(express.json({ limit: '1mb' }), express.text({ type: 'text/*' }));
    app.use(PREFIX, handler);
    // What the parser itself refuses is the app's to tell.
    return listening(createServer(app));
  },
};

export const fastifyFace: Face = {
  name: 'Fastify',
  options: {},
  serve: async (handler) => {
    const app = fastify({ forceCloseConnections: true });
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ of: 'the app' }));
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('x-app', 'yes');
    });
    await app.register(handler.fastify, { prefix: PREFIX });
    app.post('/echo', (request) => request.body);
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    return {
      send: (path, init) => fetch(origin + PREFIX + path, { redirect: 'manual', ...init }),
      close: () => app.close(),
    };
  },
};

export const fetchFace: Face = {
  name: 'fetch',
  options: { basePath: PREFIX },
  serve: async (handler) => ({
    // As a server's runtime does it: a body that is a text is a stream for whoever gets the request.
    send: (path, init) => handler.fetch(new Request(`http://127.0.0.1${PREFIX}${path}`, init)),
    close: async () => undefined,
  }),
};

export const faces: readonly Face[] = [nodeFace, expressFace, fastifyFace, fetchFace];
