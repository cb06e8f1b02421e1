import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and writes down every byte the client sends, connection by connection. */
export class RecordingProxy {
  private readonly sent: Buffer[][] = [];
  private readonly closed: Promise<unknown>[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly upstream: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static start(upstream: number): Promise<RecordingProxy> {
    const server = createServer();
    return new Promise((resolve) => {
      const proxy = new RecordingProxy(server, upstream);
      server.listen(0, '127.0.0.1', () => resolve(proxy));
    });
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen');
    return address.port;
  }

  /** What was sent on each connection since the last call, in the order in which they were made, once all are closed. */
  async take(): Promise<Buffer[]> {
    await Promise.all(this.closed.splice(0));
    return this.sent.splice(0).map((chunks) => Buffer.concat(chunks));
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = createConnection(this.upstream, '127.0.0.1');
    const chunks: Buffer[] = [];
    this.sent.push(chunks);
    this.closed.push(new Promise((resolve) => client.on('close', resolve)));
    client.on('data', (chunk) => chunks.push(chunk));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }
}
