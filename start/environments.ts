import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStack, type ReadFleetStack } from '../constructs';
import { loadEnvironments } from '../environments';
import { ReadfleetError } from '../lib/errors';
import { createApp } from '../main';
import {
  chooseProviderSource,
  downloadProvider,
  findTerraform,
  PROVIDER_CONSTRAINT,
  type ProviderSource,
  validateStack,
} from '../terraform';
import type { Lifecycle } from './lifecycle';
import { seconds } from './local-fleet';
import type { StartOptions } from './options';
import type { Screen } from './screen';

/**
 * Synthesises every environment, a line each, and has Terraform validate what came out.
 *
 * @throws InvalidConfigError with the problems of all environments at once
 */
export async function checkEnvironments(options: StartOptions, lifecycle: Lifecycle, screen: Screen): Promise<void> {
  const environments = loadEnvironments();
  if (environments.length === 0) screen.say('  none: environments/ holds no file');
  const outdir = await mkdtemp(join(tmpdir(), 'readfleet-start-'));
  lifecycle.defer(() => rm(outdir, { recursive: true, force: true }));

  for (const { environment } of environments) {
    const began = performance.now();
    screen.working(`  ${environment.name.padEnd(12)} synthesising ...`);
    // One app for each, so that each has its own time.
    const app = createApp({ outdir, environments: [environment], offline: false });
    app.synth();
    const { topology, members, resources } = describeStack(app.node.findChild(environment.name) as ReadFleetStack);
    screen.say(
      `  ${environment.name.padEnd(12)} ${topology}: ${members.join(', ')}; ${resources} resources; ${seconds(began)}`,
    );
  }
  if (options.terraform)
    await validate(
      environments.map(({ environment }) => environment.name),
      outdir,
      lifecycle,
      screen,
    );
  else screen.say('  terraform validate: left out, as --no-terraform asks');
}

async function validate(names: readonly string[], outdir: string, lifecycle: Lifecycle, screen: Screen): Promise<void> {
  const terraform = await findTerraform();
  if (terraform.kind === 'missing')
    return screen.say(`  terraform validate: left out. ${terraform.reason} ${terraform.fix}`);
  const source = await provider(terraform.path, lifecycle, screen);
  if (!source) return;
  for (const name of names) {
    const began = performance.now();
    screen.working(`  ${name.padEnd(12)} terraform validate ...`);
    const result = await lifecycle.unlessEnded(
      validateStack(join(outdir, 'stacks', name), { terraform, source, signal: lifecycle.signal }),
    );
    if (!result.valid)
      throw new ReadfleetError(
        'READFLEET_TERRAFORM_INVALID',
        `${name}: Terraform ${terraform.version} refuses the stack\n${result.text}`,
      );
    screen.say(
      `  ${name.padEnd(12)} valid: Terraform ${terraform.version}, provider ${providerText(source)}; ${seconds(began)}`,
    );
  }
}

/** Where the provider comes from, fetched once into the project when this machine has none; undefined, and told, when it cannot be had. */
async function provider(terraform: string, lifecycle: Lifecycle, screen: Screen): Promise<ProviderSource | undefined> {
  const source = chooseProviderSource();
  if (source.kind !== 'registry') return source;
  screen.say('  fetching the AWS provider, once (150 MB; --no-terraform goes on without)');
  try {
    await lifecycle.unlessEnded(
      downloadProvider({ terraform, source, project: process.cwd(), signal: lifecycle.signal }),
    );
    return chooseProviderSource();
  } catch (error) {
    if (!ReadfleetError.is(error)) throw error;
    screen.say(`  terraform validate: left out, the AWS provider cannot be had. ${error.message}`);
    return undefined;
  }
}

function providerText(source: ProviderSource): string {
  return source.kind === 'mirror' ? source.version : PROVIDER_CONSTRAINT;
}
