import { existsSync } from 'node:fs';
import path from 'node:path';
import { ReadfleetError } from '../lib/errors';
import { chosen, HELP, parseOptions, UsageError } from './options';

/** `npm run cost`: what the environments cost per month. */
async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  const folder = options.folder === undefined ? undefined : path.resolve(options.folder);
  if (folder !== undefined && !existsSync(folder)) throw new UsageError(`There is no folder ${options.folder}.`);

  // Loaded when they are needed: --help and a wrong argument must not wait for cdktf.
  const { loadEnvironments } = await import('../environments/index.js');
  const { createApp } = await import('../main.js');
  const { ReadFleetStack } = await import('../constructs/index.js');
  const { deploymentOf } = await import('./deployment.js');
  const { estimate } = await import('./estimate.js');
  const { PRICE_TABLE } = await import('./prices.js');
  const { jsonOf, printEstimates } = await import('./print.js');

  const all = loadEnvironments(folder).map(({ environment }) => environment);
  const environments = chosen(all, ({ name }) => name, options.environments);
  const stacks = createApp({ environments }).node.children.filter((node) => node instanceof ReadFleetStack);
  const estimates = stacks.map((stack) => estimate(deploymentOf(stack)));
  console.log(
    options.json
      ? JSON.stringify(jsonOf(estimates, PRICE_TABLE), undefined, 2)
      : printEstimates(estimates, PRICE_TABLE),
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) {
    console.error(error.message);
    process.exitCode = 2;
  } else if (ReadfleetError.is(error)) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
});
