import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TLSSocket } from 'node:tls';
import { type ClientConfig, Pool, type PoolClient } from 'pg';
import { cancelStatement } from '../../../lib/members/cancel';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { ManualClock } from '../../support/manual-clock';
import { selfSigned } from './self-signed';

const PATIENCE_MS = 20_000;
/** "SSLRequest": 8 bytes, 80877103. */
const SSL_REQUEST = '0000000804d2162f';
/** "CancelRequest": 16 bytes, 80877102, process 7, key -2. */
const CANCEL_7 = '0000001004d2162e00000007fffffffe';

const certificate = selfSigned();

/** Sockets and timers that keep this process alive. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Pipe|Timeout/.test(kind));
}

/** What is open beyond that: something of an earlier test may still have been closing. */
function openBeyond(before: readonly string[]): string[] {
  const known = [...before];
  return open().filter((kind) => {
    const at = known.indexOf(kind);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

describe('a real server', () => {
  let fleet: LocalFleet;
  let config: ClientConfig;
  let pools: Pool[] = [];

  beforeAll(async () => {
    fleet = await startLocalFleet({ replicas: 0 });
    const { host, port } = fleet.primary;
    const { database, auth } = fleet.contract;
    const { user, password } = auth as { user: string; password: string };
    config = { host, port, database, user, password };
  });
  afterEach(async () => {
    // Of a test that failed with it frozen: nothing of it would end.
    await fleet.primary.thaw();
    await Promise.all(pools.map((pool) => pool.end()));
    pools = [];
  });
  afterAll(() => fleet?.stop());

  async function checkOut(differing: ClientConfig = {}): Promise<PoolClient> {
    const pool = new Pool({ ...config, ...differing });
    pools.push(pool);
    const client = await pool.connect();
    client.on('error', () => undefined);
    return client;
  }

  /** A statement that ends by being cancelled, or not at all. Resolves once the server runs it. */
  async function sleeping(client: PoolClient): Promise<{ readonly ended: Promise<unknown> }> {
    const ended = client.query('select pg_sleep(600)').catch((error: unknown) => error);
    await eventually(() => sleeps(client));
    return { ended };
  }

  async function sleeps(client: PoolClient): Promise<boolean> {
    const { processID } = client as unknown as { processID: number };
    const [row] = await fleet.primary.query('select wait_event from pg_stat_activity where pid = $1', [processID]);
    return row?.wait_event === 'PgSleep';
  }

  test('ends the statement, and the client is as good as before', async () => {
    const client = await checkOut();
    const { ended } = await sleeping(client);

    await cancelStatement(client, config, PATIENCE_MS);

    expect(await ended).toMatchObject({ code: '57014' });
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });

  test('leaves what others run alone', async () => {
    const [client, other] = await Promise.all([checkOut(), checkOut()]);
    const [{ ended }, { ended: othersEnded }] = await Promise.all([sleeping(client), sleeping(other)]);

    await cancelStatement(client, config, PATIENCE_MS);
    await ended;
    expect(await sleeps(other)).toBe(true);

    await cancelStatement(other, config, PATIENCE_MS);
    await othersEnded;
    client.release();
    other.release();
  });

  test('does no harm to a client that runs nothing', async () => {
    const client = await checkOut();
    await cancelStatement(client, config, PATIENCE_MS);
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });

  test('leaves no socket and no timer', async () => {
    const client = await checkOut();
    const clock = new ManualClock();
    const before = open();

    await cancelStatement(client, config, PATIENCE_MS, clock);

    expect(clock.timers).toBe(0);
    await eventually(() => openBeyond(before).length === 0);
    client.release();
  });

  test('that is frozen is given up after the time, and nothing is left open', async () => {
    const client = await checkOut();
    const { ended } = await sleeping(client);
    const before = open();
    const clock = new ManualClock();
    await fleet.primary.freeze();

    const cancelled = cancelStatement(client, config, 500, clock).catch((error: unknown) => error);
    await clock.advance(499);
    expect(clock.timers).toBe(1);
    await clock.advance(1);

    expect(await cancelled).toMatchObject({
      code: 'READFLEET_CANCEL_FAILED',
      message: expect.stringMatching(
        /127\.0\.0\.1:\d+ \(process \d+\).* no answer within 500 ms\. .*close its connection/,
      ),
    });
    expect(clock.timers).toBe(0);
    await eventually(() => openBeyond(before).length === 0);

    // And this is why the client is to be closed: what was asked is done when the server thaws, whatever runs then.
    await fleet.primary.thaw();
    expect(await ended).toMatchObject({ code: '57014' });
    client.release(true);
  });

  describe('with TLS', () => {
    const ssl = { ca: certificate.cert, rejectUnauthorized: true };

    beforeAll(async () => {
      const { dataDir } = fleet.primary;
      const { uid, gid } = await stat(dataDir);
      for (const [name, text] of [
        ['server.crt', certificate.cert],
        ['server.key', certificate.key],
      ] as const) {
        await writeFile(path.join(dataDir, name), text, { mode: 0o600 });
        await chown(path.join(dataDir, name), uid, gid);
      }
      await fleet.primary.query('alter system set ssl = on');
      await fleet.primary.query('select pg_reload_conf()');
      await eventually(async () => (await fleet.primary.query('show ssl'))[0]?.ssl === 'on');
    });

    test.each(['127.0.0.1', 'localhost'])(
      'ends the statement of a client that knows the server as %s',
      async (host) => {
        const client = await checkOut({ host, ssl });
        const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
        expect(rows).toEqual([{ ssl: true }]);
        const { ended } = await sleeping(client);

        await cancelStatement(client, { ...config, host, ssl }, PATIENCE_MS);

        expect(await ended).toMatchObject({ code: '57014' });
        expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
        client.release();
      },
    );

    test('asks nothing of a server whose certificate is not trusted', async () => {
      const client = await checkOut({ ssl });
      const { ended } = await sleeping(client);
      const distrusting = { ...config, ssl: { ca: selfSigned().cert, rejectUnauthorized: true } };

      await expect(cancelStatement(client, distrusting, PATIENCE_MS)).rejects.toMatchObject({
        code: 'READFLEET_CANCEL_FAILED',
        cause: { code: expect.stringMatching(/CERT|SIGNATURE/) },
      });
      expect(await sleeps(client)).toBe(true);

      await cancelStatement(client, { ...config, ssl }, PATIENCE_MS);
      await ended;
      client.release();
    });
  });
});

describe('what is sent', () => {
  let server: Server;
  /** All that arrived in the clear, in hex. */
  let clear = '';
  /** Of the connections so far, ended or not. */
  let sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    clear = '';
    await new Promise((resolve) => server.close(resolve));
  });

  /** A server that does with each message what `answer` does. */
  async function serve(
    answer: (socket: Socket, message: Buffer) => void,
    on: ListenOptions = { host: '127.0.0.1', port: 0 },
  ): Promise<ClientConfig> {
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (message) => {
        clear += message.toString('hex');
        answer(socket, message);
      });
    });
    await new Promise<void>((resolve) => server.listen(on, resolve));
    const address = server.address();
    return typeof address === 'object' && address ? { host: address.address, port: address.port } : {};
  }

  function client(more: object = {}): PoolClient {
    return { processID: 7, secretKey: -2, ...more } as unknown as PoolClient;
  }

  test('is 16 bytes, and the end of the connection is the answer', async () => {
    const config = await serve((socket) => socket.end());
    await cancelStatement(client(), config, PATIENCE_MS);
    expect(clear).toBe(CANCEL_7);
  });

  test('may be answered with words, which nobody needs', async () => {
    const config = await serve((socket) => socket.end('words'));
    await cancelStatement(client(), config, PATIENCE_MS);
    expect(clear).toBe(CANCEL_7);
  });

  test('goes to the address that the client is connected to, not to another of the same name', async () => {
    const { host, port } = await serve((socket) => socket.end());
    const connection = { stream: { remoteAddress: host, remotePort: port } };
    await cancelStatement(client({ connection }), { host: 'replicas.invalid', port: 1 }, PATIENCE_MS);
    expect(clear).toBe(CANCEL_7);
  });

  test('goes to the host of the client when the configuration names none', async () => {
    const { host, port } = await serve((socket) => socket.end());
    await cancelStatement(client({ host, port }), {}, PATIENCE_MS);
    expect(clear).toBe(CANCEL_7);
  });

  test('goes through a socket file where the client does', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'readfleet-test-'));
    await serve((socket) => socket.end(), { path: path.join(directory, '.s.PGSQL.5432') });
    await cancelStatement(client(), { host: directory, port: 5_432 }, PATIENCE_MS);
    expect(clear).toBe(CANCEL_7);
    await rm(directory, { recursive: true });
  });

  test.each([
    ['localhost', 'localhost'],
    // An address is no name to ask for, and is to be in the certificate all the same.
    ['127.0.0.1', false],
  ])('is encrypted where the client’s connection is, checked to be from %s and asked for as %s', async (host, name) => {
    const own = selfSigned([host]);
    let secret = '';
    let askedFor: unknown;
    const { port } = await serve((socket) => {
      socket.removeAllListeners('data');
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...own });
      secure.on('error', () => undefined);
      secure.on('data', (message) => {
        secret += message.toString('hex');
        askedFor = (secure as unknown as { servername: unknown }).servername;
        secure.end();
      });
    });
    const connection = { stream: { remoteAddress: '127.0.0.1', remotePort: port } };

    await cancelStatement(client({ connection }), { host, port: 1, ssl: { ca: own.cert } }, PATIENCE_MS);

    expect(clear).toBe(SSL_REQUEST);
    expect(secret).toBe(CANCEL_7);
    expect(askedFor).toBe(name);
  });

  test.each([
    ['that it does not speak TLS', 'N'],
    ['more than it should before TLS begins', 'Sx'],
  ])('is nothing to a server that says %s', async (_, answer) => {
    const config = await serve((socket) => socket.write(answer));
    await expect(cancelStatement(client(), { ...config, ssl: true }, PATIENCE_MS)).rejects.toThrow(
      'does not speak TLS',
    );
    expect(clear).toBe(SSL_REQUEST);
  });

  test('is nothing to a server that falls silent as TLS begins, and nothing is left open', async () => {
    const config = await serve((socket, message) => {
      if (message.toString('hex') === SSL_REQUEST) socket.write('S');
    });
    const clock = new ManualClock();
    const cancelled = cancelStatement(client(), { ...config, ssl: true }, 500, clock).catch((error: unknown) => error);
    await eventually(() => clear.length > SSL_REQUEST.length);
    await clock.advance(500);

    expect(await cancelled).toMatchObject({ message: expect.stringContaining('no answer within 500 ms') });
    await eventually(() => sockets.every((socket) => socket.closed));
    expect(clock.timers).toBe(0);
  });

  test('is nothing when the TLS options are unusable', async () => {
    const config = await serve((socket) => socket.write('S'));
    const ssl = { cert: 'no certificate', key: 'no key' };
    await expect(cancelStatement(client(), { ...config, ssl }, PATIENCE_MS)).rejects.toMatchObject({
      code: 'READFLEET_CANCEL_FAILED',
    });
    expect(clear).toBe(SSL_REQUEST);
  });

  test('is known not to have arrived when the server hangs up before', async () => {
    const config = await serve((socket) => socket.end());
    await expect(cancelStatement(client(), { ...config, ssl: true }, PATIENCE_MS)).rejects.toThrow(
      'closed the connection before it was asked',
    );
  });

  test('is told to have failed where nobody listens', async () => {
    const config = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const clock = new ManualClock();
    await expect(cancelStatement(client(), config, PATIENCE_MS, clock)).rejects.toMatchObject({
      code: 'READFLEET_CANCEL_FAILED',
      cause: { code: 'ECONNREFUSED' },
    });
    expect(clock.timers).toBe(0);
  });

  test('is nothing for a client that was told no key', async () => {
    const config = await serve(() => undefined);
    const keyless = { processID: null, secretKey: null } as unknown as PoolClient;
    await expect(cancelStatement(keyless, config, PATIENCE_MS)).rejects.toThrow('no key to cancel with');
    expect(sockets).toEqual([]);
  });
});
