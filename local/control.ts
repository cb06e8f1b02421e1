import { Client } from 'pg';
import { HOST } from './ports';

/** Where and as whom a client of ours connects. */
export interface ControlTarget {
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
 */
export async function withClient<T>(target: ControlTarget, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    ...target,
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
