import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { readYourWrites, sessionOf } from 'readfleet/express';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const app = express();
  app.use(readYourWrites(fleet));
  app.post('/', async (request, response) => {
    await fleet.write('create table if not exists visit (at timestamptz default now())');
    assert(sessionOf(fleet, request));
    response.send('done');
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' });
    assert.equal(await answer.text(), 'done');
    assert.match(answer.headers.get('set-cookie') ?? '', /readfleet/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
