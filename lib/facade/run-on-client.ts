import { AsyncResource } from 'node:async_hooks';
import type { PoolClient, QueryResult } from 'pg';
import type { ReadOptions } from '../options';
import type { FacadeHost } from './host';
import { placeOf } from './place';
import { textOf } from './statement';

/**
 * Runs on one connection what only `pg` can run: a statement that speaks the protocol itself, or one without a text.
 *
 * As `pg.Pool` does it, but for one thing: the connection also goes back when a statement has ended that does not call back, such as a cursor,
 * for which `pg.Pool` would lose it.
 */
export async function runOnClient(
  host: FacadeHost,
  kind: 'auto' | 'read' | 'write',
  asks: ReadOptions | undefined,
  config: unknown,
  values: unknown[] | undefined,
): Promise<QueryResult> {
  const text = textOf(config);
  const intent = text === undefined ? undefined : host.intentOf(text);
  const reads =
    kind === 'read' || (kind === 'auto' && intent?.session === undefined && placeOf(intent, true) === 'reader');
  const client = await (reads ? host.checkOutReader(asks) : host.checkOutWriter());
  return runOn(client, config, values, () => host.statementEnded(intent, client));
}

function runOn(client: PoolClient, config: unknown, values: unknown, ended: () => void): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    let over = false;
    const end = AsyncResource.bind((error?: Error | null, result?: QueryResult) => {
      if (over) return;
      over = true;
      client.removeListener('error', end);
      client.removeListener('drain', end);
      ended();
      client.release(error as Error);
      if (error) reject(error);
      else resolve(result as QueryResult);
    });
    client.once('error', end);
    try {
      client.query(config as string, values as unknown[], end as never);
      client.once('drain', end);
    } catch (error) {
      end(error as Error);
    }
  });
}
