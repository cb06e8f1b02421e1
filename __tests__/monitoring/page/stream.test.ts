import fc from 'fast-check';
import {
  type Connection,
  type Message,
  pauseMs,
  SILENCE_MS,
  Stream,
  type Surroundings,
} from '../../../monitoring/page/client/stream';
import { eventually } from '../../support/eventually';
import { healthyScene } from './scenes';

interface Timer {
  readonly run: () => void;
  readonly ms: number;
}

/** A server that answers as it is told, and time that passes when it is told. */
class World implements Surroundings {
  readonly timers = new Set<Timer>();
  readonly asked: { readonly url: string; readonly headers: Record<string, string>; readonly signal: AbortSignal }[] =
    [];
  readonly heard: Message[] = [];
  readonly connections: Connection[] = [];
  answer: () => Response = () => new Response('');

  readonly listener = {
    message: (message: Message) => void this.heard.push(message),
    connection: (connection: Connection) => void this.connections.push(connection),
  };
  readonly stream = new Stream('/stream', this, this.listener);

  async fetch(url: string, init: { headers: Record<string, string>; signal: AbortSignal }): Promise<Response> {
    this.asked.push({ url, ...init });
    return this.answer();
  }
  setTimeout(run: () => void, ms: number): Timer {
    const timer = { run, ms };
    this.timers.add(timer);
    return timer;
  }
  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as Timer);
  }
  random(): number {
    return 1;
  }
  /** Runs the one timer of this length. */
  pass(ms: number): void {
    const due = [...this.timers].filter((timer) => timer.ms === ms);
    expect(due).toHaveLength(1);
    for (const timer of due) {
      this.timers.delete(timer);
      timer.run();
    }
  }
  get last(): Connection | undefined {
    return this.connections[this.connections.length - 1];
  }
}

function openBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    response: () => new Response(body),
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    sendBytes: (bytes: Uint8Array) => controller?.enqueue(bytes),
    end: () => controller?.close(),
  };
}

const HELLO = `event: hello\ndata: ${JSON.stringify(healthyScene())}\n\n`;

test('it is live once the server said hello, and not before', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  expect(world.last).toEqual({ kind: 'connecting' });

  body.send(HELLO);

  await eventually(() => expect(world.last).toEqual({ kind: 'live' }));
  expect(world.heard.map(({ kind }) => kind)).toEqual(['hello']);
});

test('a letter that is cut in two is put together', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  const bytes = new TextEncoder().encode('event: told\ndata: {"text":"primary’s"}\n\n');
  const cut = bytes.indexOf(0xe2) + 1;

  body.sendBytes(bytes.slice(0, cut));
  body.sendBytes(bytes.slice(cut));

  await eventually(() => expect(world.heard).toEqual([{ kind: 'told', told: { text: 'primary’s' } }]));
});

test('the token is sent as a header, and nothing where there is none', () => {
  const world = new World();

  world.stream.open(undefined);
  world.stream.open('secret');

  expect(world.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer secret']);
});

test('another token ends the connection of the first', () => {
  const world = new World();
  world.answer = openBody().response;

  world.stream.open('one');
  world.stream.open('two');

  expect(world.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
});

test.each([
  [undefined, false],
  ['stale', true],
])('without a right to look (token %p) it asks, and does not try again by itself', async (token, wrong) => {
  const world = new World();
  world.answer = () => new Response('', { status: 401 });

  world.stream.open(token);

  await eventually(() => expect(world.last).toEqual({ kind: 'token', wrong }));
  expect(world.timers.size).toBe(0);
});

test('an end of the connection is told, and it is tried again', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  body.send(HELLO);
  body.end();

  await eventually(() =>
    expect(world.last).toEqual({ kind: 'lost', why: 'the server ended the connection', retryInMs: 500 }),
  );
  const second = openBody();
  world.answer = second.response;
  world.pass(500);
  second.send(HELLO);

  await eventually(() => expect(world.last).toEqual({ kind: 'live' }));
  expect(world.asked).toHaveLength(2);
});

test('silence is a loss, though the connection stands', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  body.send(HELLO);
  await eventually(() => expect(world.last).toEqual({ kind: 'live' }));

  world.pass(SILENCE_MS);

  expect(world.last).toEqual({ kind: 'lost', why: 'the server has been silent for 5 s', retryInMs: 500 });
  expect(world.asked[0]?.signal.aborted).toBe(true);
});

test('a word ends the silence that was', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  const [first] = world.timers;

  body.send(': still here\n\n');

  await eventually(() => expect(world.timers.has(first as Timer)).toBe(false));
  expect([...world.timers].map(({ ms }) => ms)).toEqual([SILENCE_MS]);
});

test('a refusal is told in the words of the server', async () => {
  const world = new World();
  world.answer = () => new Response('{"detail":"Only this machine is served."}', { status: 403 });

  world.stream.open(undefined);

  await eventually(() => expect(world.last).toMatchObject({ kind: 'lost', why: 'Only this machine is served.' }));
});

test('an answer of somebody else is told by its number', async () => {
  const world = new World();
  world.answer = () => new Response('<h1>Bad gateway</h1>', { status: 502 });

  world.stream.open(undefined);

  await eventually(() => expect(world.last).toMatchObject({ kind: 'lost', why: 'the server answered 502' }));
});

test('what cannot be read is told, not thrown', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);

  body.send('event: tick\ndata: {oops\n\n');

  await eventually(() =>
    expect(world.last).toMatchObject({ kind: 'lost', why: 'the server sent what cannot be read' }),
  );
});

test('pauses grow while the server is away, and begin anew when it has been there', async () => {
  const world = new World();
  world.answer = () => {
    throw new TypeError('Failed to fetch');
  };
  world.stream.open(undefined);
  for (const pause of [500, 1_000, 2_000]) {
    await eventually(() =>
      expect(world.last).toEqual({ kind: 'lost', why: 'the server cannot be reached', retryInMs: pause }),
    );
    if (pause === 2_000) break;
    world.pass(pause);
  }
  const body = openBody();
  world.answer = body.response;
  world.stream.retryNow();
  body.send(HELLO);
  await eventually(() => expect(world.last).toEqual({ kind: 'live' }));

  body.end();

  await eventually(() => expect(world.last).toMatchObject({ kind: 'lost', retryInMs: 500 }));
});

test('to try now does nothing to a connection that stands', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  body.send(HELLO);
  await eventually(() => expect(world.last).toEqual({ kind: 'live' }));

  world.stream.retryNow();

  expect(world.asked).toHaveLength(1);
});

test('after close nothing is heard and nothing waits', async () => {
  const world = new World();
  const body = openBody();
  world.answer = body.response;
  world.stream.open(undefined);
  body.send(HELLO);
  await eventually(() => expect(world.last).toEqual({ kind: 'live' }));

  world.stream.close();

  expect(world.timers.size).toBe(0);
  expect(world.asked[0]?.signal.aborted).toBe(true);
});

test('a pause is never longer than 15 s, nor shorter than half of its length', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
      const pause = pauseMs(tries, random);
      const full = pauseMs(tries, 1);

      expect(full).toBeLessThanOrEqual(15_000);
      expect(pause).toBeLessThanOrEqual(full);
      expect(pause).toBeGreaterThanOrEqual(full / 2);
    }),
  );
});
