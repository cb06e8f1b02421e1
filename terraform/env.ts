/**
 * Prints what a shell must know so that Terraform and cdktf take the AWS provider from a mirror.
 * Only statements go to standard output, as a shell evaluates it; what is for people goes to standard error.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../lib/errors';
import { downloadProvider } from './download-provider';
import { findTerraform } from './find-terraform';
import { chooseProviderSource, type ProviderSource, writeCliConfig } from './provider-source';

const HELP = `Sets up a shell so that Terraform and cdktf find the AWS provider without the network.

  eval "$(npm run -s terraform:env)"
  npx cdktf diff dev

What it does
  finds Terraform (READFLEET_TERRAFORM, else the PATH) and a filesystem mirror with hashicorp/aws
  (READFLEET_TERRAFORM_MIRROR, else the usual places), writes .readfleet/terraform.tfrc,
  and prints the statements that make Terraform use it. It changes nothing outside of .readfleet/.
  A CLI configuration of your own that speaks of provider_installation is left to decide.
  Anything else that it says is copied into the written file.

Options
  --download   fetch the provider once (150 MB, over the network) into .readfleet/terraform-mirror
  --to <file>  write the configuration there instead
  --unset      print the statements that undo it
  --help       this text

Without a mirror Terraform asks its registry, as always: nothing needs to be set up then but a network.
`;

/** No word to the makers of Terraform and cdktf, and no cache of plugins in the home folder, which only a registry needs. */
const QUIET = { CHECKPOINT_DISABLE: '1', DISABLE_VERSION_CHECK: '1', CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1' };

/** At its first run cdktf has Terraform fetch the checksums of a second platform: from the registry, whatever mirror there is. */
const WITHOUT_REGISTRY = { CDKTF_SKIP_PROVIDER_LOCK: 'true' };

async function main(args: readonly string[]): Promise<number> {
  const options = optionsIn(args);
  if ('mistake' in options) {
    process.stderr.write(`${options.mistake}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.unset) {
    for (const name of ['TF_CLI_CONFIG_FILE', ...Object.keys({ ...QUIET, ...WITHOUT_REGISTRY })])
      print(`unset ${name}`);
    return 0;
  }
  const project = resolve(__dirname, '..');
  process.chdir(project);
  const terraform = await findTerraform();
  if (terraform.kind === 'missing') {
    process.stderr.write(`${terraform.reason}\n${terraform.fix}\n`);
    return 1;
  }
  let source = chooseProviderSource();
  if (options.download) {
    process.stderr.write('Fetching the AWS provider: 150 MB, once.\n');
    const mirror = await downloadProvider({ terraform: terraform.path, source, project });
    if (mirror.kind === 'found') source = { ...mirror, kind: 'mirror' };
  }
  const file = await writeCliConfig(source, options.to ?? join(project, '.readfleet', 'terraform.tfrc'));
  const settings = source.kind === 'registry' ? QUIET : { ...QUIET, ...WITHOUT_REGISTRY };
  for (const [name, value] of Object.entries(settings)) print(`export ${name}=${value}`);
  print(file ? `export TF_CLI_CONFIG_FILE=${shellString(resolve(file))}` : 'unset TF_CLI_CONFIG_FILE');
  process.stderr.write(`Terraform ${terraform.version}; ${told(source)}\n`);
  return 0;
}

function optionsIn(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        download: { type: 'boolean' },
        unset: { type: 'boolean' },
        to: { type: 'string' },
      },
    });
    return { ...values, ...(values.to ? { to: resolve(values.to) } : {}) };
  } catch (error) {
    return { mistake: (error as Error).message };
  }
}

function told(source: ProviderSource): string {
  if (source.kind === 'mirror') return `AWS provider ${source.version} from ${source.root}`;
  if (source.kind === 'configured') return `providers as ${source.file} says`;
  return `the AWS provider comes from the registry. ${source.reason} ${source.fix}`;
}

function print(statement: string): void {
  process.stdout.write(`${statement}\n`);
}

function shellString(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  },
);
