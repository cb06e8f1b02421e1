import { messageOf, ReadfleetError } from '../lib/errors';
import { Interrupted, Lifecycle } from './lifecycle';
import { HELP, parseOptions, type StartOptions, UsageError } from './options';
import { openScreen } from './screen';

/**
 * `npm start`: the main job, end to end. Each step is a file of its own.
 */
async function main(options: StartOptions): Promise<void> {
  const screen = await openScreen();
  const lifecycle = new Lifecycle();
  lifecycle.listen((signal) => screen.say(`\n${signal}: ending`));
  const say = (line: string) => screen.say(line);
  try {
    say('Environments');
    // Loaded when they are needed: --help must not wait for cdktf, nor the environments' line for PostgreSQL.
    const { checkEnvironments } = await import('./environments.js');
    await checkEnvironments(options, lifecycle, screen);

    say('Local fleet');
    const { startFleet } = await import('./local-fleet.js');
    const running = await startFleet(options, lifecycle, screen);

    if (options.page) {
      const { servePage } = await import('./page.js');
      say(`Status page: ${await servePage(running, options.page, lifecycle)}`);
    }

    const { watchFleet } = await import('./watch.js');
    await watchFleet(running, options, lifecycle, screen);
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      process.exitCode = 1;
      screen.done();
      console.error(ReadfleetError.is(error) ? messageOf(error) : error);
    }
  } finally {
    const failures = await lifecycle.takeDown();
    screen.done();
    for (const failure of failures) {
      process.exitCode = 1;
      console.error(`while ending: ${messageOf(failure)}`);
    }
    if (failures.length === 0) say('Ended; nothing is left behind.');
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') console.log(HELP);
  else void main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
