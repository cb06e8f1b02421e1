import { subscribe } from 'node:diagnostics_channel';
import { connect, parseContract } from '../../../lib';

/** An app whose subscribers and listeners throw. In a process of its own: what nobody catches would end the test's. */
async function main(): Promise<void> {
  const uncaught = new Set<string>();
  process.on('uncaughtException', ({ message }) => uncaught.add(message));
  for (const name of ['readfleet:decision', 'readfleet:outcome', 'readfleet:event']) {
    subscribe(name, () => {
      throw new Error('of the subscriber');
    });
  }
  const fleet = await connect(parseContract(JSON.parse(process.env.READFLEET_CONTRACT ?? '')));
  fleet.on('fallback', () => {
    throw new Error('of the listener');
  });
  fleet.breaker('blue').forceOpen();
  const { rows } = await fleet.query('select 1 as one');
  const { rowCount } = await fleet.write(`insert into note values ('x')`);
  await fleet.close();
  process.stdout.write(JSON.stringify({ rows, written: rowCount, uncaught: [...uncaught] }));
}

void main();
