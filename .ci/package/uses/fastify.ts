import assert from 'node:assert/strict';
import fastify from 'fastify';
import { readYourWrites, sessionOf } from 'readfleet/fastify';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const app = fastify();
  await app.register(readYourWrites, { fleet });
  app.post('/', async (request) => {
    assert(sessionOf(fleet, request));
    await fleet.write('create table if not exists visit (at timestamptz default now())');
    return 'done';
  });
  const answer = await app.inject({ method: 'POST', url: '/' });
  await app.close();
  assert.equal(answer.body, 'done');
  assert.match(String(answer.headers['set-cookie']), /readfleet/);
}
