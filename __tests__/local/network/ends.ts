import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { NetworkProxy } from '../../../local/network/proxy';
import { eventually } from '../../support/eventually';

/** What a client, or the server, has seen of one connection. */
export interface End {
  readonly socket: Socket;
  readonly received: Buffer[];
  text(): string;
  ended: boolean;
  failure: string | undefined;
}

export async function listening(listener: Server): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export function endOf(socket: Socket): End {
  const end: End = {
    ...{ socket, received: [], ended: false, failure: undefined },
    text: () => Buffer.concat(end.received).toString(),
  };
  socket.on('data', (bytes) => end.received.push(bytes));
  socket.on('end', () => {
    end.ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end.failure = error.code;
  });
  return end;
}

/** Sends `data` there and back through a network of its own: had another one a hole, it would show by the time this ends. */
export async function throughAnother(data = Buffer.from('echo')): Promise<number> {
  const far = createServer((socket) => {
    // Its end is a reset.
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  const port = await listening(far);
  const network = new NetworkProxy('witness', () => port);
  await network.listen(await freePort());
  const client = endOf(createConnection({ host: '127.0.0.1', port: network.port }));
  client.socket.write(data);
  const length = () => client.received.reduce((sum, bytes) => sum + bytes.length, 0);
  await eventually(() => length() >= data.length);
  network.close();
  far.close();
  return length();
}

export function digest(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
