import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Fleet } from 'readfleet';
import { readYourWrites } from 'readfleet/express';
import { monitoringHandler } from 'readfleet/http';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Gists } from './gists';

const id = z.string().regex(/^[0-9]{1,18}$/, 'must be digits');
const lat = z.coerce.number().min(-90).max(90);
const lon = z.coerce.number().min(-180).max(180);
const gist = z.strictObject({ author: z.string().min(1).max(100), body: z.string().min(1).max(10_000), lat, lon });
const nearby = z.object({ lat, lon, km: z.coerce.number().positive().max(500).default(5) });
const page = z.object({ before: id.optional() });

/** The gists over HTTP. */
export function gistsServer(fleet: Fleet, dataSource: DataSource): Express {
  const app = express();
  const gists = new Gists(dataSource);

  // Lag and health of the replicas, and the off switch. Who may look and switch here is whoever is on this machine: in earnest give it tokens.
  app.use('/internal', monitoringHandler(fleet, { token: false, admin: false }));
  app.use(express.json());
  // A session for each request, handed on by a cookie: who left a gist finds it, whichever replica answers next.
  app.use(readYourWrites(fleet));

  app.post('/gists', async (request, response) => {
    response.status(201).send(await gists.create(gist.parse(request.body)));
  });
  app.get('/gists', async (request, response) => {
    response.send(await gists.newest(page.parse(request.query).before));
  });
  app.get('/gists/nearby', async (request, response) => {
    const { km, ...place } = nearby.parse(request.query);
    response.send(await gists.findNearby(place, km));
  });
  app.get('/gists/:id', async (request, response) => {
    const found = await gists.findByGistId(id.parse(request.params.id));
    response.status(found ? 200 : 404).send(found);
  });
  app.delete('/gists/:id', async (request, response) => {
    response.status((await gists.remove(id.parse(request.params.id))) ? 204 : 404).send();
  });

  app.use(failed);
  return app;
}

/** Nobody could answer in time: the client may try again. */
const LATER: readonly string[] = ['READFLEET_NO_MEMBER', 'READFLEET_NO_WRITER', 'READFLEET_SHED', 'READFLEET_TIMEOUT'];

/** Express knows an error handler by its four parameters. */
const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof z.ZodError) return void response.status(400).send({ message: z.prettifyError(error) });
  // TypeORM wraps what the driver says.
  const code = error.driverError?.code ?? error.code;
  const status: number = error.status ?? (LATER.includes(code) ? 503 : 500);
  if (status >= 500) console.error(error);
  response.status(status).send({ message: status < 500 ? error.message : 'this went wrong, and was written down' });
};
