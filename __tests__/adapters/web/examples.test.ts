import { saidBy } from '../../support/example';

test.each(['express', 'fastify', 'nestjs'])('the example with %s shows what it says, and ends', async (name) => {
  expect(await saidBy(`examples/web/${name}.ts`)).toEqual([
    'alice: POST /notes -> 201, readfleet-local=<token>; Max-Age=300; Path=/; HttpOnly; SameSite=Lax',
    'alice: GET /notes -> 1 note, sets 0 cookies',
    'bob:   GET /notes -> 0 notes, sets 0 cookies',
  ]);
});
