import { Client } from 'pg';
import { ReadfleetError } from '../lib/errors';
import { HOST } from './ports';

/** Where and as whom a client of ours connects. */
export interface ControlTarget {
  /** Of the member, for errors. */
  readonly name: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** How long a server may take over one control statement, in milliseconds. A fast checkpoint is the longest of them. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** How long a server may take to say good-bye: a frozen one never does. */
const END_TIMEOUT_MS = 1_000;

/**
 * Runs `work` with a connection of its own, closed afterwards: no handle stays that holds the event loop open, or that
 * would fail when the server dies.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_CONTROL`, naming the member, with the error of PostgreSQL or the system as its cause
 */
export async function withClient<T>(target: ControlTarget, work: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await withPlainClient(target, work);
  } catch (cause) {
    if (ReadfleetError.is(cause)) throw cause;
    const message = `${target.name}: the server did not do what the fleet asked of it: ${(cause as Error).message}`;
    throw new ReadfleetError('READFLEET_LOCAL_CONTROL', message, { cause });
  }
}

/** As {@link withClient}, with errors as `pg` makes them. */
export async function withPlainClient<T>(target: ControlTarget, work: (client: Client) => Promise<T>): Promise<T> {
  const { name: _, ...login } = target;
  const client = new Client({
    ...login,
    host: HOST,
    ssl: false,
    application_name: 'readfleet-local',
    connectionTimeoutMillis: 5_000,
    query_timeout: STATEMENT_TIMEOUT_MS,
  });
  client.on('error', () => {
    // The query under way is rejected with it; without a listener it would end the process.
  });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await disconnect(client);
  }
}

async function disconnect(client: Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const timer = setTimeout(() => stream.destroy(), END_TIMEOUT_MS);
  // A connection that broke has nothing left to end.
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}
