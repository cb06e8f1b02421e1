import { type Client, escapeIdentifier } from 'pg';
import { ReadfleetError } from '../../../lib/errors';
import { until } from '../../until';
import type { DatabaseAddress } from './address';

/** A database that is made once for a run, and copied for each test. */
export interface Template {
  readonly name: string;
  readonly make: (database: DatabaseAddress) => Promise<unknown>;
}

/** How long a worker waits for another that makes the template, in milliseconds. */
const LONGEST_MAKING_MS = 10 * 60_000;
/** Copies of a template's name have to fit into PostgreSQL's 63 bytes. */
const NAME = /^[a-z][a-z0-9_-]{0,39}$/;

/**
 * What the databases of tests begin as: a schema, and rows that no test changes. It is made when the first database of it is asked for, by whichever
 * worker that is, and once for the run of the fleet.
 *
 * @param name one for each content: workers tell templates apart by it
 * @param make fills the database, which is empty: migrations. It leaves no connection open. When it rejects, the next worker tries anew
 * @throws ReadfleetError `READFLEET_TESTING_NAME`
 */
export function template(name: string, make: Template['make']): Template {
  if (NAME.test(name)) return { name, make };
  throw new ReadfleetError(
    'READFLEET_TESTING_NAME',
    `template(${JSON.stringify(name)}): must be lower-case letters, digits, _ and -, begin with a letter, and be no longer than 40.`,
  );
}

/**
 * The database of a template, made if it is missing. Its name tells that it is complete: while it is being made, it has another one.
 *
 * @param client on the primary, in another database
 */
export async function databaseOf(
  { name, make }: Template,
  client: Client,
  addressOf: (database: string) => DatabaseAddress,
): Promise<string> {
  const complete = `readfleet_template_${name}`;
  if (await exists(client, complete)) return complete;
  // One worker makes it, the others wait. The lock goes with the connection, should that worker die.
  if (!(await locked(client, complete))) {
    const minutes = LONGEST_MAKING_MS / 60_000;
    const message = `template("${name}"): another worker has been making it for ${minutes} minutes.`;
    throw new ReadfleetError('READFLEET_TESTING_TEMPLATE', message);
  }
  try {
    if (await exists(client, complete)) return complete;
    const unfinished = `${complete}_unfinished`;
    await client.query(`drop database if exists ${escapeIdentifier(unfinished)} with (force)`);
    await client.query(`create database ${escapeIdentifier(unfinished)}`);
    await make(addressOf(unfinished));
    // Nobody may connect any more: who is connected to a template keeps it from being copied.
    await client.query(`alter database ${escapeIdentifier(unfinished)} allow_connections false`);
    await endSessions(client, unfinished);
    await client.query(`alter database ${escapeIdentifier(unfinished)} rename to ${escapeIdentifier(complete)}`);
    return complete;
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [complete]);
  }
}

/** Asked for again and again: a statement that waits would be given up after a minute, and migrations may take longer. */
async function locked(client: Client, name: string): Promise<boolean> {
  const lock = async () => {
    const { rows } = await client.query<{ mine: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as mine',
      [name],
    );
    return rows[0]?.mine;
  };
  return (await until(lock, LONGEST_MAKING_MS, 10)) === true;
}

async function exists(client: Client, database: string): Promise<boolean> {
  return (await client.query('select from pg_database where datname = $1', [database])).rows.length > 0;
}

async function endSessions(client: Client, database: string): Promise<void> {
  await client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [database]);
}
