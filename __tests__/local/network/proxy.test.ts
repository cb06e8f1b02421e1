import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server } from 'node:net';
import path from 'node:path';
import { NetworkProxy } from '../../../local/network/proxy';
import { eventually } from '../../support/eventually';
import { digest, type End, endOf, freePort, listening, throughAnother } from './ends';

let server: Server;
/** The server's ends, in the order of the connections. */
let accepted: End[];
let network: NetworkProxy;
let clients: End[];
const others: NetworkProxy[] = [];

beforeEach(async () => {
  accepted = [];
  clients = [];
  server = createServer({ allowHalfOpen: true }, (socket) => accepted.push(endOf(socket)));
  const port = await listening(server);
  network = new NetworkProxy('blue', () => port);
  await network.listen(await freePort());
});

afterEach(async () => {
  for (const proxy of [network, ...others.splice(0)]) proxy.close();
  for (const { socket } of [...clients, ...accepted]) socket.destroy();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

async function dial(proxy = network): Promise<End> {
  const socket = createConnection({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });
  const end = endOf(socket);
  clients.push(end);
  await once(socket, 'connect');
  return end;
}

/** A client and the server's end of the same connection. */
async function connected(): Promise<{ client: End; far: End }> {
  const before = accepted.length;
  const client = await dial();
  await eventually(() => accepted.length > before);
  return { client, far: accepted[before] as End };
}

function echo(): void {
  server.on('connection', (socket) => socket.on('data', (bytes) => socket.write(bytes)));
}

test('bytes pass in both directions, also after one side has ended', async () => {
  const { client, far } = await connected();

  client.socket.end('question');
  await eventually(() => far.ended);
  expect(far.text()).toBe('question');
  far.socket.end('answer');

  await eventually(() => client.ended);
  expect(client.text()).toBe('answer');
  await eventually(() => network.connections === 0);
});

test.each(['client', 'far'] as const)('a reset by one side (%s) is a reset on the other', async (side) => {
  const pair = await connected();
  const other = side === 'client' ? pair.far : pair.client;

  pair[side].socket.resetAndDestroy();

  await eventually(() => expect(other.failure).toBe('ECONNRESET'));
  await eventually(() => network.connections === 0);
});

test('a server that is down resets connections', async () => {
  server.close();

  const client = await dial();

  await eventually(() => expect(client.failure).toBe('ECONNRESET'));
  await eventually(() => network.connections === 0);
});

test('a client that sends and closes at once is heard, over a slow way too', async () => {
  network.delay(20);

  const client = await dial();
  client.socket.end('cancel');
  client.socket.destroy();

  await eventually(() => expect(accepted[0]?.text()).toBe('cancel'));
});

test('a client that breaks off before the server has heard of it is forgotten', async () => {
  network.drop();
  const client = await dial();
  await eventually(() => network.connections === 1);

  client.socket.resetAndDestroy();

  await eventually(() => network.connections === 0);
  await network.heal();
  await throughAnother();
  expect(accepted).toEqual([]);
});

test('behind a delay the answer to the earlier question comes later', async () => {
  echo();
  const port = (server.address() as AddressInfo).port;
  const straight = new NetworkProxy('green', () => port);
  others.push(straight);
  await straight.listen(await freePort());
  const slow = await dial();
  const fast = await dial(straight);
  const answers: string[] = [];
  slow.socket.on('data', () => answers.push('slow'));
  fast.socket.on('data', () => answers.push('fast'));
  network.delay(60, { jitterMs: 20 });

  slow.socket.write('?');
  await eventually(() => slow.socket.writableLength === 0);
  fast.socket.write('?');

  await eventually(() => expect(answers).toEqual(['fast', 'slow']));
});

test('behind a delay with jitter nothing changes its place', async () => {
  echo();
  const client = await dial();
  network.delay(1, { jitterMs: 10 });
  const sent: string[] = [];
  for (let number = 0; number < 50; number++) {
    sent.push(`${number},`);
    client.socket.write(`${number},`);
    await new Promise((resolve) => setImmediate(resolve));
  }

  await eventually(() => expect(client.text()).toBe(sent.join('')));
});

test('a throttled line passes 1 MB unharmed', async () => {
  echo();
  const client = await dial();
  network.throttle(8 << 20);
  const data = randomBytes(1 << 20);

  client.socket.write(data);

  await eventually(() => Buffer.concat(client.received).length === data.length);
  expect(digest(client.received)).toBe(digest([data]));
});

test('a receiver that does not read holds its sender up, and loses nothing', async () => {
  const { client, far } = await connected();
  far.socket.pause();
  const data = randomBytes(24 << 20);
  let flushed = false;
  client.socket.write(data, () => {
    flushed = true;
  });

  // By the time as much has come through elsewhere, the way to a stuck receiver is full.
  expect(await throughAnother(data)).toBe(data.length);
  expect(flushed).toBe(false);
  far.socket.resume();

  await eventually(() => Buffer.concat(far.received).length === data.length);
  expect(digest(far.received)).toBe(digest([data]));
});

test('behind a partition nothing passes and nobody is told, until it is healed', async () => {
  const { client, far } = await connected();
  network.drop();

  client.socket.write('one');
  far.socket.write('two');
  const late = await dial();
  late.socket.write('three');
  await throughAnother();
  expect([client.text(), far.text(), accepted.length, network.connections]).toEqual(['', '', 1, 2]);

  await network.heal();

  await eventually(() => expect([client.text(), far.text(), accepted[1]?.text()]).toEqual(['two', 'one', 'three']));
});

test('a partition hides the death of each side from the other', async () => {
  const { client, far } = await connected();
  const [second, third] = [await connected(), await connected()];
  network.drop();

  far.socket.resetAndDestroy();
  second.client.socket.end();
  third.client.socket.resetAndDestroy();
  await throughAnother();
  expect([client.failure, client.ended, second.far.ended]).toEqual([undefined, false, false]);
  expect([third.far.failure, third.far.ended, network.connections]).toEqual([undefined, false, 3]);

  await network.heal();

  await eventually(() => {
    expect([client.failure, second.far.ended, third.far.failure]).toEqual(['ECONNRESET', true, 'ECONNRESET']);
  });
});

test('reset breaks every open connection on both sides, behind a partition too, and lets new ones in', async () => {
  const pairs = await Promise.all([0, 1, 2].map(() => dial()));
  await eventually(() => accepted.length === 3);
  network.drop();
  network.reset();

  await eventually(() => {
    for (const end of [...pairs, ...accepted]) expect(end.failure).toBe('ECONNRESET');
  });
  await eventually(() => network.connections === 0);
  await network.heal();
  const { client, far } = await connected();
  client.socket.write('again');
  await eventually(() => far.text() === 'again');
});

test('refuse turns new connections away from the next one on, and keeps the open ones', async () => {
  const { client, far } = await connected();

  network.refuse();
  network.refuse();

  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  client.socket.write('still here');
  await eventually(() => far.text() === 'still here');
  const { port } = network;
  await network.heal();
  await network.heal();
  expect(network.port).toBe(port);
  await dial();
});

test('two hundred connections at once get each its own answer', async () => {
  echo();
  network.delay(1, { jitterMs: 3 });
  const many = await Promise.all(Array.from({ length: 200 }, () => dial()));
  expect(many).toHaveLength(200);
  await eventually(() => network.connections === 200);

  for (const [index, client] of many.entries()) client.socket.write(`number ${index}`);

  await eventually(() => {
    for (const [index, client] of many.entries()) expect(client.text()).toBe(`number ${index}`);
  });
  for (const client of many) client.socket.destroy();
  for (const far of accepted) far.socket.destroy();
  await eventually(() => network.connections === 0);
});

test('a port that another program took meanwhile is told at heal, which can be tried again', async () => {
  network.refuse();
  const other = createServer();
  other.listen(network.port, '127.0.0.1');
  await once(other, 'listening');

  await expect(network.heal()).rejects.toMatchObject({
    code: 'READFLEET_LOCAL_PORT_TAKEN',
    message: expect.stringContaining(`blue: its network cannot listen on 127.0.0.1:${network.port}`),
  });

  await new Promise((resolve) => other.close(resolve));
  await network.heal();
  await dial();
});

test('a network that is refused again while it heals ends as it was asked last', async () => {
  network.refuse();
  const healing = network.heal();
  network.refuse();

  await healing;
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('close ends everything for good', async () => {
  const { client, far } = await connected();
  network.delay(60_000);
  client.socket.write('lost');

  network.close();

  await eventually(() => expect([client.failure, far.failure]).toEqual(['ECONNRESET', 'ECONNRESET']));
  await eventually(() => network.connections === 0);
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(network.heal()).rejects.toMatchObject({ code: 'READFLEET_LOCAL_STOPPED' });
});

test('nothing of a network keeps a process alive, whatever is on its way', async () => {
  const child = execFile(process.execPath, ['--import', 'tsx', path.join(__dirname, 'quiet-fixture.ts')]);
  let said = '';
  child.stdout?.on('data', (text) => {
    said += text;
  });
  try {
    const [code] = await once(child, 'exit');
    expect([code, said.trim()]).toEqual([0, '{"connections":1}']);
  } finally {
    child.kill('SIGKILL');
  }
});

test.each([
  ['delay', () => network.delay(-1)],
  ['delay', () => network.delay(Number.NaN)],
  ['delay', () => network.delay(2 ** 31)],
  ['delay', () => network.delay(1, { jitterMs: -1 })],
  ['throttle', () => network.throttle(0)],
  ['throttle', () => network.throttle(Number.NaN)],
])('%s refuses what is no amount', (operation, act) => {
  expect(act).toThrow(
    expect.objectContaining({
      code: 'READFLEET_LOCAL_NETWORK',
      message: expect.stringContaining(`blue: network.${operation}(`),
    }),
  );
});
