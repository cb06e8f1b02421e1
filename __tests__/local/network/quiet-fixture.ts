/** Leaves a network with a connection, a timer and data on their way, and with nothing else that keeps the event loop alive. */
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { NetworkProxy } from '../../../local/network/proxy';

async function main(): Promise<void> {
  const far: Socket[] = [];
  const server = createServer((socket) => far.push(socket.unref())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const network = new NetworkProxy('blue', () => port);
  // Below the ephemeral ports, as a fleet's are.
  await network.listen(14_000 + (process.pid % 1_000));
  const client = createConnection({ host: '127.0.0.1', port: network.port });
  await Promise.all([once(client, 'connect'), once(server, 'connection')]);
  network.delay(600_000);
  client.write('on its way');
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.unref();
  server.unref();
  console.log(JSON.stringify({ connections: network.connections }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
