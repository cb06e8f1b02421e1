import { assertFleet, isFleet, kindOf } from '../../adapters/assert-fleet';

const pool = { lend: () => undefined };
const fleet = { pool, writePool: pool };

test('a fleet is known by its shape, whichever copy of the package it comes from', () => {
  expect(isFleet(fleet)).toBe(true);
  expect(() => assertFleet(fleet, 'typeorm(fleet)')).not.toThrow();
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'got: undefined. Give it what connect(…) resolves with.'],
  ['null', null, 'got: null. Give'],
  ['a text', 'postgres://db', 'got: string. Give'],
  ['an object', {}, 'got: Object. Give'],
  ['an object without a prototype', Object.create(null), 'got: object. Give'],
  ['a promise', Promise.resolve(fleet), 'got: a promise. Await connect(…) first.'],
  ['a fleet within an object', { fleet }, 'got: an object with a fleet in it. Give it the fleet itself.'],
])('%s is told by what it is', (_, given, told) => {
  expect(() => assertFleet(given, 'typeorm(fleet)')).toThrow(
    expect.objectContaining({
      code: 'READFLEET_NOT_A_FLEET',
      message: expect.stringContaining(`typeorm(fleet) takes a fleet, ${told}`),
    }),
  );
});

test('of a value its kind is told, and not what is in it', () => {
  expect([undefined, null, 'secret', new Map(), () => 1, Promise.resolve()].map(kindOf)).toEqual([
    ...['undefined', 'null', 'string', 'Map', 'function', 'a promise'],
  ]);
});
