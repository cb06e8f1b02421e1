/**
 * Starts a fleet and prints where it lives, for tests that end this process in all the ways a process can end.
 *
 * `parent-fixture.ts <waits | forgets | throws | stops> <options as JSON>`
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { type LocalFleetOptions, startLocalFleet } from '../../local';

interface Options extends LocalFleetOptions {
  /** Die of SIGKILL at the first progress message that begins so. */
  readonly dieAt?: string;
  /** One member frozen, one killed, one paused. */
  readonly faults?: boolean;
}

const [ending, text] = process.argv.slice(2);
const { dieAt, faults, ...options } = JSON.parse(text ?? '{}') as Options;

async function main(): Promise<void> {
  const fleet = await startLocalFleet({
    ...options,
    onProgress: (message) => {
      if (dieAt === undefined || !message.startsWith(dieAt)) return;
      console.log(JSON.stringify({ message }));
      // A little later, in the midst of what was announced.
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
    },
  });
  await fleet.primary.query('create table if not exists notes as select 1 as id');
  if (faults) {
    await fleet.replica('replica-1').freeze();
    await fleet.replica('replica-2').kill();
    await fleet.replica('replica-3').pauseReplay();
  }
  if (options.network) {
    // A client that nobody waits for, with a question that will be on its way for long.
    const client = createConnection({ host: '127.0.0.1', port: fleet.primary.address.port }).unref();
    await once(client, 'connect');
    fleet.primary.network.delay(600_000);
    client.write('a question');
  }
  const { directory } = fleet;
  if (ending === 'stops') await fleet.stop();
  console.log(JSON.stringify({ directory, uid: process.getuid?.() }));
  if (ending === 'waits') setInterval(() => undefined, 60_000);
  if (ending === 'throws') {
    process.exitCode = 7;
    throw new Error('on purpose');
  }
}

main().catch((error: Error) => {
  if (error.message !== 'on purpose') console.error(error);
  process.exitCode = error.message === 'on purpose' ? 7 : 1;
});
