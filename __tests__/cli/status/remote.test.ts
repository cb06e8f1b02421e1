import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PATHS } from '../../../monitoring/view';
import { readfleet } from '../fake-io';
import { memberView, statusView } from './views';

let server: Server;
let answer: RequestListener;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function serve(status: unknown, code = 200): { readonly asked: { path?: string; token?: string } } {
  const asked: { path?: string; token?: string } = {};
  answer = (request, response) => {
    asked.path = request.url ?? '';
    asked.token = request.headers.authorization ?? '';
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status));
  };
  return { asked };
}

test('an app is asked for its status, with the token of the environment', async () => {
  const { asked } = serve(statusView());

  const { code, out } = await readfleet(['status', '--url', url], { env: { READFLEET_TOKEN: 'sesame' } });

  expect(code).toBe(0);
  expect(asked).toEqual({ path: PATHS.status, token: 'Bearer sesame' });
  expect(out).toContain('orders/test  2 members, all well');
  expect(out).toContain('fallback on the primary');
});

test('a handler below a path of its own is found', async () => {
  const { asked } = serve(statusView());

  await readfleet(['status', '--url', `${url}/internal/`]);

  expect(asked.path).toBe(`/internal${PATHS.status}`);
});

test('a member that is not well to the app is exit code 1', async () => {
  serve(statusView({ members: [memberView({ state: 'lagging' })] }));

  expect((await readfleet(['status', '--url', url])).code).toBe(1);
});

test('--json is the document of the app', async () => {
  const status = statusView();
  serve(status);

  expect(JSON.parse((await readfleet(['status', '--url', url, '--json'])).out)).toEqual(status);
});

test.each([
  [401, 'a token, to be put in READFLEET_TOKEN', {}],
  [403, 'another token than the one in READFLEET_TOKEN', { READFLEET_TOKEN: 'wrong' }],
  [404, 'Does the app serve monitoringHandler() there?', {}],
])('%d: %s', async (code, message, env) => {
  serve({}, code);

  const ran = await readfleet(['status', '--url', url], { env });

  expect(ran).toMatchObject({ code: 3, out: '' });
  expect(ran.err).toContain(message);
});

test('something else than a status is told so', async () => {
  serve({ hello: 'world' });

  expect((await readfleet(['status', '--url', url])).err).toContain('what it answers is no status of a fleet');
});

test('nobody there', async () => {
  const { code, err } = await readfleet(['status', '--url', 'http://127.0.0.1:1']);

  expect(code).toBe(3);
  expect(err).toContain(`http://127.0.0.1:1${PATHS.status}: `);
});

test.each(['localhost:9000', 'file:///etc/passwd', 'x'])('%s is no address', async (address) => {
  const { code, err } = await readfleet(['status', '--url', address]);

  expect(code).toBe(2);
  expect(err).toContain(`--url must be an address such as http://localhost:9000, got: ${address}`);
});

test('--watch looks again until it is ended', async () => {
  const ending = new AbortController();
  let looks = 0;
  answer = (_, response) => {
    looks += 1;
    if (looks === 3) ending.abort();
    response.end(JSON.stringify(statusView()));
  };

  const { code, out } = await readfleet(['status', '--url', url, '--watch', '0.1', '--json'], {
    signal: ending.signal,
  });

  expect(code).toBe(0);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).fleet),
  ).toEqual(['orders', 'orders']);
});
