import express from 'express';
import fastify from 'fastify';
import { readYourWrites as onExpress } from '../../../adapters/web/express';
import { readYourWrites as onFastify } from '../../../adapters/web/fastify';

const pool = { lend: () => undefined };
const fleet = { pool, writePool: pool };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'got: undefined. Give it what connect(…) resolves with.'],
  ['the options of Fastify', { fleet }, 'got: an object with a fleet in it. Give it the fleet itself.'],
  ['a fleet that was not waited for', Promise.resolve(fleet), 'Await connect(…) first.'],
])('Express: %s in the place of a fleet', (_, given, message) => {
  expect(() => express().use(onExpress(given as never))).toThrow(
    expect.objectContaining({
      code: 'READFLEET_NOT_A_FLEET',
      message: expect.stringMatching(new RegExp(`^readYourWrites\\(fleet\\) takes a fleet, .*${escaped(message)}`)),
    }),
  );
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'got: undefined.'],
  ['the fleet itself', fleet, 'got: the fleet in the place of its options. Write { fleet }.'],
  ['a fleet that was not waited for', { fleet: Promise.resolve(fleet) }, 'Await connect(…) first.'],
])('Fastify: %s in the place of { fleet }', async (_, given, message) => {
  const app = fastify();
  await expect(app.register(onFastify, given as never).ready()).rejects.toMatchObject({
    code: 'READFLEET_NOT_A_FLEET',
    message: expect.stringMatching(
      new RegExp(`^register\\(readYourWrites, \\{ fleet \\}\\) takes a fleet, .*${escaped(message)}`),
    ),
  });
  await app.close();
});

function escaped(text: string): string {
  return text.replace(/[.(){}]/g, '\\$&');
}
