import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { builtinCatalogue } from '../../../lib/intent/catalogue';
import { renderBuiltins } from '../../../lib/intent/generate-builtins';
import { startLocalFleet } from '../../../local';

test('the built-in catalogue is what a real server lists', async () => {
  const fleet = await startLocalFleet({ replicas: 0 });
  try {
    const { auth, database, writer } = fleet.contract;
    if (auth.kind !== 'password') throw new Error('a local fleet has a password');
    const client = new Client({ ...writer, database, user: auth.user, password: auth.password });
    await client.connect();
    const rendered = await renderBuiltins((sql) => client.query(sql));
    await client.end();

    expect(rendered).toBe(readFileSync(join(__dirname, '../../../lib/intent/builtins.ts'), 'utf8'));
  } finally {
    await fleet.stop();
  }
});

test('functions that only the server itself can call are not in the built-in catalogue', () => {
  const { functions } = builtinCatalogue();

  expect(functions.has('lower')).toBe(true);
  expect(functions.has('btint4cmp')).toBe(true);
  expect(functions.has('plpgsql_call_handler')).toBe(false);
  expect(functions.has('int8_avg_accum')).toBe(false);
});
