import type { AddressInfo } from 'node:net';
import type { ConnectOptions, Fleet } from 'readfleet';
import type { Demo, Served } from '../demo';
import { answered, type Kind } from '../load';
import { migrate, type Size, seed } from './schema';
import { ordersServer } from './server';

/** What the reads of each part of the service may be. */
export const ordersOptions: ConnectOptions = {
  applicationName: 'orders',
  endpoints: {
    order: { maxStalenessMs: 1_000 },
    article: { maxStalenessMs: 5_000 },
    // Any age; and the first to wait when replicas fail.
    'report.sales': { maxStalenessMs: Number.POSITIVE_INFINITY, priority: 'low' },
  },
};

export const orders: Demo = {
  name: 'orders',
  options: ordersOptions,
  prepare: prepareOrders,
  serve: serveOrders,
  request: ordersRequest,
  hints: (url) => [
    `curl -s ${url}/orders/7`,
    `curl -s '${url}/orders?customer=customer%207'`,
    `curl -s -c jar -b jar -H 'content-type: application/json' -d '{"customer":"ada","lines":[{"article":"3","amount":2}]}' ${url}/orders`,
    `curl -s -c jar -b jar '${url}/orders?customer=ada'`,
    `curl -s ${url}/reports/sales`,
    `status page: ${url}/internal/v1/system/database`,
  ],
};

export async function prepareOrders(fleet: Fleet, size?: Size): Promise<void> {
  await migrate(fleet);
  await seed(fleet, size);
}

export async function serveOrders(fleet: Fleet, port: number): Promise<Served> {
  const app = ordersServer(fleet);
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve, reject) => {
    const listening = app.listen(port, '127.0.0.1', (error?: Error) => (error ? reject(error) : resolve(listening)));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** As customers and the people of the shop use it: of twenty requests sixteen read, one of them what is critical. */
export async function ordersRequest(url: string, turn: number): Promise<Kind> {
  const kind = turn % 20;
  const order = 1 + ((turn * 7) % 10_000);
  const article = String(1 + (turn % 200));
  if (kind < 8) return answered('read', fetch(`${url}/orders/${order}`));
  if (kind < 13) return answered('read', fetch(`${url}/orders?customer=customer%20${turn % 500}`));
  if (kind < 15) return answered('read', fetch(`${url}/articles`));
  if (kind < 16) return answered('read', fetch(`${url}/articles/${article}/stock`));
  const post = (path: string, body: object) =>
    answered(
      'write',
      fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  if (kind < 17) return post(`articles/${article}/restock`, { amount: 1 });
  return post('orders', { customer: `customer ${turn % 500}`, lines: [{ article, amount: 1 }] });
}
