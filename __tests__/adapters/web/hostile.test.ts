import fc from 'fast-check';
import type { LocalFleet } from '../../../local';
import { bytesOf } from './raw-http';
import { startRegister } from './register';
import { addOne, type Site, sites } from './sites';

/** One that has the middleware, and one that has the plugin: the others are made of these. */
const asked = sites.filter(([name]) => name === 'node:http' || name === 'Fastify');

let local: LocalFleet;
const open: Site[] = [];
let token = '';

beforeAll(async () => {
  local = await startRegister();
  for (const [, start] of asked) {
    open.push(
      await start({ contract: local.contract, connect: { session: { waitMs: 0 } }, session: { header: true } }),
    );
  }
  const { fleet } = open[0] as Site;
  token = await fleet.session(async () => {
    await addOne(fleet);
    return fleet.session.token();
  });
});

afterAll(async () => {
  await Promise.all(open.map((site) => site.close()));
  await local?.stop();
});

/** What a header may hold at all, in bytes. */
const text = fc.stringMatching(/^[\x21-\x7e\x80-\xff][\x20-\x7e\x80-\xff]{0,60}$/);
const nearToken = fc
  .tuple(fc.nat({ max: 40 }), fc.constantFrom('', 'f', '.', '0', ' ', 'G', '%00', '"', ';', ',', '\u00ff'))
  .map(([at, what]) => token.slice(0, at) + what + token.slice(at + 1));
const hostile = fc.oneof(
  text,
  nearToken,
  fc.constantFrom('now', 'NOW', ' now', 'now;now', '__proto__', 'constructor', 'x'.repeat(8_000)),
  fc.array(text, { maxLength: 5 }).map((texts) => texts.join('; readfleet-local=')),
);

test.each(asked.map(([name], index) => [name, index] as const))(
  'whatever stands in the cookie or the header, %s answers',
  async (_, index) => {
    const site = open[index] as Site;
    const port = Number(new URL(site.url).port);
    const position = jest.spyOn(site.fleet.internals.members, 'position');
    await fc.assert(
      fc.asyncProperty(
        hostile,
        fc.constantFrom('cookie: readfleet-local=', 'x-readfleet-session: '),
        async (brought, to) => {
          position.mockClear();

          const head = `GET /value HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${to}${brought}\r\n\r\n`;
          const answer = await bytesOf(port, head);

          expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
          expect(answer).toMatch(/\{"value":[01]\}/);
          // What is no token is not looked up, and who has none pays for nobody's question.
          if (!/now/.test(brought)) expect(position).not.toHaveBeenCalled();
        },
      ),
      { numRuns: 100 },
    );
    position.mockRestore();
  },
);
