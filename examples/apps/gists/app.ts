import type { AddressInfo } from 'node:net';
import type { Fleet } from 'readfleet';
import type { Demo, Served } from '../demo';
import { answered, type Kind } from '../load';
import { gistsDataSource, gistsOptions } from './data-source';
import { gistsServer } from './server';

export const gists: Demo = {
  name: 'gists',
  options: gistsOptions,
  prepare: prepareGists,
  serve: serveGists,
  request: gistsRequest,
  hints: (url) => [
    `curl -s '${url}/gists/nearby?lat=48.2&lon=16.4&km=1'`,
    `curl -s ${url}/gists/7`,
    `curl -s -c jar -b jar -H 'content-type: application/json' -d '{"author":"ada","body":"hello","lat":48.2,"lon":16.4}' ${url}/gists`,
    `curl -s -c jar -b jar '${url}/gists/nearby?lat=48.2&lon=16.4&km=0.01'`,
    `curl -s ${url}/internal/v1/system/database/replicas/lag`,
    `status page: ${url}/internal/v1/system/database`,
  ],
};

/** @param count gists 1 and up, spread over a town of some 20 by 30 km */
export async function prepareGists(fleet: Fleet, count = 50_000): Promise<void> {
  const dataSource = await gistsDataSource(fleet);
  try {
    await dataSource.runMigrations();
    await fleet.write(
      `insert into gist (author, body, lat, lon)
       select 'author ' || n % 100, 'gist ' || n, 48.1 + (n * 7919 % 10007) / 50035.0, 16.2 + (n * 104729 % 10009) / 25022.5
       from generate_series(1, $1::bigint) n`,
      [count],
    );
    await fleet.write('vacuum analyze');
  } finally {
    await dataSource.destroy();
  }
}

export async function serveGists(fleet: Fleet, port: number): Promise<Served> {
  const dataSource = await gistsDataSource(fleet);
  const app = gistsServer(fleet, dataSource);
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve, reject) => {
    const listening = app.listen(port, '127.0.0.1', (error?: Error) => (error ? reject(error) : resolve(listening)));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
      await dataSource.destroy();
    },
  };
}

/** As people use it: of twenty requests seventeen look around, two look closer, one leaves a gist. */
export async function gistsRequest(url: string, turn: number): Promise<Kind> {
  const kind = turn % 20;
  const lat = 48.1 + ((turn * 31) % 200) / 1_000;
  const lon = 16.2 + ((turn * 17) % 400) / 1_000;
  if (kind < 17) return answered('read', fetch(`${url}/gists/nearby?lat=${lat}&lon=${lon}&km=1`));
  if (kind < 19) return answered('read', fetch(`${url}/gists/${1 + (turn % 1_000)}`));
  const body = JSON.stringify({ author: 'load', body: `gist of turn ${turn}`, lat, lon });
  const headers = { 'content-type': 'application/json' };
  return answered('write', fetch(`${url}/gists`, { method: 'POST', headers, body }));
}
