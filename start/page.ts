import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReadfleetError } from '../lib/errors';
import { monitoringHandler } from '../monitoring/http';
import { PATHS } from '../monitoring/view';
import { faults } from './faults';
import type { Lifecycle } from './lifecycle';
import type { RunningFleet } from './local-fleet';
import type { PagePort } from './options';

const HOST = '127.0.0.1';

/**
 * Serves the status page with its switches and faults, on loopback: to whoever sits at this machine.
 *
 * @returns where it is
 * @throws ReadfleetError `READFLEET_START_PORT` when the port is taken
 */
export async function servePage(running: RunningFleet, wanted: PagePort, lifecycle: Lifecycle): Promise<string> {
  const { fleet, local, contract } = running;
  const handler = monitoringHandler(fleet, { token: false, admin: false, actions: faults(local, contract) });
  const server = createServer((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: PATHS.page }).end();
    else handler(request, response);
  });
  lifecycle.defer(async () => {
    handler.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await listen(server, wanted);
  return `http://${HOST}:${(server.address() as AddressInfo).port}${PATHS.page}`;
}

async function listen(server: Server, { port, orAny }: PagePort): Promise<void> {
  try {
    await listenOn(server, port);
  } catch (error) {
    // Two runs at a time are nobody's mistake.
    if (!orAny) throw error;
    await listenOn(server, 0);
  }
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const fix = 'Name another one with --port, or 0 for any that is free.';
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${cause.message}`;
      reject(new ReadfleetError('READFLEET_START_PORT', `port ${port} ${why}. ${fix}`, { cause }));
    });
    server.listen(port, HOST, resolve);
  });
}
