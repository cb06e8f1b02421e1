/** A session per request with Express: `npx tsx examples/web/express.ts` */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { connect } from 'readfleet';
import { readYourWrites } from 'readfleet/express';
import { showTwoClients, startLaggingFleet } from './lagging';

async function main(): Promise<void> {
  const local = await startLaggingFleet();
  const fleet = await connect(local.contract, { maxStalenessMs: 60_000 });

  const app = express();
  app.use(readYourWrites(fleet));
  app.get('/notes', async (_request, response) => {
    const { rows } = await fleet.query('select id, body from note');
    response.json(rows);
  });
  app.post('/notes', async (_request, response) => {
    await fleet.query('insert into note (body) values ($1)', ['buy tea']);
    response.sendStatus(201);
  });

  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await showTwoClients(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await fleet.close();
    await local.stop();
  }
}

void main();
