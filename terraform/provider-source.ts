import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProviderMirror, type MirrorFinding } from './provider-mirror';

/** The provider in Terraform's short form, which stands for the default registry's host. */
const AWS = 'hashicorp/aws';

/** The first line of what we write, so that we know it again. */
const SIGNATURE = '# Written by readfleet.';

/** Where Terraform gets the AWS provider from. */
export type ProviderSource =
  /** A filesystem mirror: no network is asked. */
  | {
      readonly kind: 'mirror';
      readonly root: string;
      readonly version: string;
      readonly layout: 'unpacked' | 'packed';
      /** The person's own CLI configuration, which is kept beside the mirror. */
      readonly file?: string;
    }
  /** The person's own CLI configuration says how providers are installed: it is left to decide. */
  | { readonly kind: 'configured'; readonly file: string }
  /** The registry, over the network; with the person's own CLI configuration where there is one. */
  | { readonly kind: 'registry'; readonly file?: string; readonly reason: string; readonly fix: string };

/**
 * Chooses where the provider comes from: the mirror that `READFLEET_TERRAFORM_MIRROR` names, else the person's own CLI
 * configuration if it speaks of `provider_installation`, else a mirror that is found, else the registry.
 *
 * @param find how mirrors are searched
 */
export function chooseProviderSource(
  env: NodeJS.ProcessEnv = process.env,
  find: () => MirrorFinding = () => findProviderMirror({ env }),
): ProviderSource {
  const file = ownCliConfig(env);
  if (!env.READFLEET_TERRAFORM_MIRROR && file && installsProviders(file)) return { kind: 'configured', file };
  const mirror = find();
  if (mirror.kind === 'found') {
    const { root, version, layout } = mirror;
    // Two statements of how providers are installed exclude each other: the named mirror stands alone then.
    const kept = file && !installsProviders(file) ? { file } : {};
    return { kind: 'mirror', root, version, layout, ...kept };
  }
  return { kind: 'registry', ...(file ? { file } : {}), reason: mirror.reason, fix: mirror.fix };
}

/**
 * The Terraform CLI configuration that takes the AWS provider from a mirror and from nowhere else. Other providers are
 * installed as ever.
 *
 * @param own the person's own configuration, which is kept: it may hold credentials
 */
export function cliConfig(mirrorRoot: string, own = ''): string {
  return `${SIGNATURE}
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirrorRoot)}
    include = ["${AWS}"]
  }
  direct {
    exclude = ["${AWS}"]
  }
}
${own}`;
}

/**
 * The file that `TF_CLI_CONFIG_FILE` must name for this source; for a mirror it is written first.
 *
 * @param file where to write
 * @returns nothing when Terraform needs none; the variable must then be unset, as Terraform warns of a file that is not there
 */
export async function writeCliConfig(source: ProviderSource, file: string): Promise<string | undefined> {
  if (source.kind !== 'mirror') return source.file;
  await mkdir(dirname(file), { recursive: true });
  // In one step: another process may be reading it.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, cliConfig(source.root, source.file ? read(source.file) : ''), { mode: 0o600 });
  await rename(draft, file);
  return file;
}

/** The person's own CLI configuration, if there is one and it is not ours. */
function ownCliConfig(env: NodeJS.ProcessEnv): string | undefined {
  const usual =
    process.platform === 'win32'
      ? join(env.APPDATA ?? homedir(), 'terraform.rc')
      : join(env.HOME ?? homedir(), '.terraformrc');
  return [env.TF_CLI_CONFIG_FILE, usual].find(
    (file): file is string => Boolean(file) && existsSync(file ?? '') && !read(file ?? '').startsWith(SIGNATURE),
  );
}

function installsProviders(file: string): boolean {
  return /^\s*provider_installation\b/m.test(read(file));
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
