/**
 * Writes the generated files of constructs/parameters: `npm run generate:parameters`.
 *
 * Not part of the library: nothing but its test imports this folder, and the build leaves it out.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startLocalFleet } from '../../../local';
import { renderParameters } from '.';
import { PRELOADED } from './settings';

async function main(): Promise<void> {
  const fleet = await startLocalFleet({ replicas: 0, parameters: { shared_preload_libraries: PRELOADED.join(',') } });
  try {
    const { auth, database, writer } = fleet.contract;
    if (auth.kind !== 'password') throw new Error('A local fleet has a password.');
    const client = new Client({ ...writer, database, user: auth.user, password: auth.password });
    await client.connect();
    const files = await renderParameters((sql) => client.query(sql));
    await client.end();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(__dirname, '..', name), text);
  } finally {
    await fleet.stop();
  }
}

void main();
