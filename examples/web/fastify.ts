/** A session per request with Fastify: `npx tsx examples/web/fastify.ts` */
import fastify from 'fastify';
import { connect } from 'readfleet';
import { readYourWrites } from 'readfleet/fastify';
import { showTwoClients, startLaggingFleet } from './lagging';

async function main(): Promise<void> {
  const local = await startLaggingFleet();
  const fleet = await connect(local.contract, { maxStalenessMs: 60_000 });

  const app = fastify({ forceCloseConnections: true });
  await app.register(readYourWrites, { fleet });
  app.get('/notes', async () => (await fleet.query('select id, body from note')).rows);
  app.post('/notes', async (_request, reply) => {
    await fleet.query('insert into note (body) values ($1)', ['buy tea']);
    return reply.code(201).send();
  });

  try {
    await showTwoClients(await app.listen({ port: 0, host: '127.0.0.1' }));
  } finally {
    await app.close();
    await fleet.close();
    await local.stop();
  }
}

void main();
