import type { IncomingMessage, RequestListener } from 'node:http';
import type { Fleet, OpenSession } from 'readfleet';
import { readYourWrites, sessionOf } from 'readfleet/express';
import type { WebSessionOptions } from '../../../adapters/web/options';
import { ReadfleetError } from '../../../lib/errors';
import { eventually } from '../../support/eventually';
import { ManualClock } from '../../support/manual-clock';
import { type Listening, listening } from './raw-http';

/** A fleet with sessions that do as they are told. */
class FakeFleet {
  readonly contract = { fleet: 'shop' };
  readonly pool = { lend: () => undefined };
  readonly writePool = this.pool;
  readonly opened: (string | undefined)[] = [];
  written = false;
  token: () => Promise<string> = async () => 'fresh';
  running = 0;

  readonly session = {
    open: (from?: string): OpenSession => {
      if (from?.startsWith('bad')) throw new ReadfleetError('READFLEET_TOKEN_INVALID', `not a session token: ${from}`);
      this.opened.push(from);
      return {
        run: (work) => {
          this.running += 1;
          try {
            return work();
          } finally {
            this.running -= 1;
          }
        },
        token: () => this.token(),
        hasWritten: this.written,
      };
    },
  };

  get fleet(): Fleet {
    return this as unknown as Fleet;
  }
}

let fake: FakeFleet;
let server: Listening | undefined;

beforeEach(() => {
  fake = new FakeFleet();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(options: WebSessionOptions = {}, handler: RequestListener = (_, it) => it.end()): Promise<string> {
  const sessions = readYourWrites(fake.fleet, options);
  server = await listening((request, response) => sessions(request, response, () => handler(request, response)));
  return server.url;
}

function withCookie(...tokens: string[]): RequestInit {
  return { headers: { cookie: tokens.map((token) => `readfleet-shop=${token}`).join('; ') } };
}

describe('a token that cannot be had', () => {
  beforeEach(() => {
    fake.written = true;
  });

  test('in time is "now", and the problem is told', async () => {
    const clock = new ManualClock();
    const onProblem = jest.fn();
    fake.token = () => new Promise(() => undefined);
    const answered = fetch(await serve({ clock, onProblem }));
    await eventually(() => clock.timers === 1);

    await clock.advance(999);
    expect(onProblem).not.toHaveBeenCalled();
    await clock.advance(1);

    expect((await answered).headers.getSetCookie()).toEqual([
      expect.stringMatching(/^readfleet-shop=now; Max-Age=300;/),
    ]);
    expect(onProblem).toHaveBeenCalledTimes(1);
    expect(onProblem.mock.calls[0][0]).toMatchObject({
      code: 'READFLEET_TOKEN_UNAVAILABLE',
      message: expect.stringContaining('GET /, which wrote: the primary did not tell its position within 1000 ms'),
    });
  });

  test('at all is "now" at once, with its cause', async () => {
    const clock = new ManualClock();
    const onProblem = jest.fn();
    const cause = new Error('connect ECONNREFUSED');
    fake.token = () => Promise.reject(cause);

    const response = await fetch(await serve({ clock, onProblem, header: true }));

    expect(response.headers.get('x-readfleet-session')).toBe('now');
    expect(onProblem.mock.calls[0][0].cause).toBe(cause);
    expect(clock.timers).toBe(0);
  });

  test('leaves no timer once it was had', async () => {
    const clock = new ManualClock();

    const response = await fetch(await serve({ clock, tokenTimeoutMs: 50 }));

    expect(response.headers.getSetCookie()[0]).toMatch(/^readfleet-shop=fresh;/);
    expect(clock.timers).toBe(0);
  });
});

describe('who comes with "now"', () => {
  test('sees all that was committed, and has a token from then on if one is there in time', async () => {
    const handler: RequestListener = (_, response) => {
      setImmediate(() => response.end());
    };

    const response = await fetch(await serve({}, handler), withCookie('now'));

    expect(fake.opened).toEqual(['now']);
    expect(response.headers.getSetCookie()[0]).toMatch(/^readfleet-shop=fresh;/);
  });

  test('is not kept waiting for it, and keeps what he has', async () => {
    fake.token = () => new Promise(() => undefined);

    const response = await fetch(await serve(), withCookie('now'));

    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('is not troubled where there is none', async () => {
    fake.token = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const onProblem = jest.fn();

    const response = await fetch(await serve({ onProblem }), withCookie('now'));

    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
    expect(onProblem).not.toHaveBeenCalled();
  });
});

test('of several cookies the first that is a token counts', async () => {
  const onProblem = jest.fn();

  await fetch(await serve({ onProblem }), withCookie('bad-1', 'good-1', 'good-2'));

  expect(fake.opened).toEqual(['good-1']);
  expect(onProblem).toHaveBeenCalledTimes(1);
});

test('a header that came twice is no token', async () => {
  const onProblem = jest.fn();
  const headers: [string, string][] = [
    ['x-readfleet-session', 'bad-1'],
    ['x-readfleet-session', 'good'],
  ];

  const response = await fetch(await serve({ header: true, onProblem }), { headers });

  expect(response.status).toBe(200);
  expect(fake.opened).toEqual([undefined]);
  expect(onProblem).toHaveBeenCalledTimes(1);
});

test('a problem is told on a tick of its own, so that no listener breaks a request', async () => {
  const running: number[] = [];
  let told = false;
  const onProblem = () => {
    told = true;
    running.push(fake.running);
  };
  const handler: RequestListener = (_, response) => {
    expect(told).toBe(false);
    response.end();
  };

  await fetch(await serve({ onProblem }, handler), withCookie('bad'));

  expect(running).toEqual([0]);
});

test('mounted twice it is one session', async () => {
  fake.written = true;
  const again = readYourWrites(fake.fleet);
  const handler: RequestListener = (request, response) => again(request, response, () => response.end());

  const response = await fetch(await serve({}, handler));

  expect(fake.opened).toHaveLength(1);
  expect(response.headers.getSetCookie()).toHaveLength(1);
});

test('on two fleets a request has two sessions, and two cookies', async () => {
  fake.written = true;
  const other = new FakeFleet();
  Object.assign(other, { contract: { fleet: 'stock' }, written: true });
  const second = readYourWrites(other.fleet);
  const handler: RequestListener = (request, response) => second(request, response, () => response.end('both'));

  const response = await fetch(await serve({}, handler));

  expect(await response.text()).toBe('both');
  const names = response.headers.getSetCookie().map((cookie) => cookie.split('=')[0]);
  expect(names.sort()).toEqual(['readfleet-shop', 'readfleet-stock']);
});

test('the session of a request is found by it, also by what wraps it', async () => {
  let seen: IncomingMessage | undefined;
  const handler: RequestListener = (request, response) => {
    seen = request;
    response.end();
  };

  await fetch(await serve({}, handler));

  const request = seen as IncomingMessage;
  expect(sessionOf(fake.fleet, request)).toBeDefined();
  expect(sessionOf(fake.fleet, { raw: request })).toBe(sessionOf(fake.fleet, request));
  expect(sessionOf(new FakeFleet().fleet, request)).toBeUndefined();
});

test('what a request tells of itself is told in its session', async () => {
  const running: number[] = [];
  const handler: RequestListener = (request, response) => {
    request.on('data', () => running.push(fake.running));
    request.on('end', () => {
      running.push(fake.running);
      response.end();
    });
  };

  await fetch(await serve({}, handler), { method: 'POST', body: 'body' });

  expect(running).toEqual([1, 1]);
});
