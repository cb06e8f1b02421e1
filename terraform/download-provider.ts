import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diagnosticsIn, formatDiagnostics } from './diagnostics';
import { terraformEnvironment } from './environment';
import { runProcess } from './process';
import { findProviderMirror, type MirrorFinding } from './provider-mirror';
import { type ProviderSource, writeCliConfig } from './provider-source';
import { OWN_MIRROR } from './search-roots';
import { TerraformError } from './terraform-error';
import { PROVIDER_FLOOR } from './version';

/** 150 MB to fetch and 700 MB to unpack, on a slow line and a slow disk. */
const TIMEOUT_MS = 900_000;

export interface DownloadOptions {
  /** The Terraform program. */
  readonly terraform: string;
  /** Where Terraform gets the provider from: the registry, or a packed mirror that is to be unpacked once for all. */
  readonly source: ProviderSource;
  /** The folder in which `.readfleet/` lies. */
  readonly project: string;
  /**
   * The exact version, so that two machines get the same.
   * @default "5.100.0" - the oldest that the stacks support
   */
  readonly version?: string;
  readonly signal?: AbortSignal;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Fetches the AWS provider once into `.readfleet/terraform-mirror`, where {@link findProviderMirror} finds it from then on.
 *
 * It lets Terraform install the provider into an empty plugin cache, because such a cache has the layout of an unpacked
 * mirror. Terraform does not allow two processes to fill one cache: so each fills its own, and renames it into place.
 *
 * @throws TerraformError `READFLEET_PROVIDER_MISSING` with what Terraform said
 */
export async function downloadProvider(options: DownloadOptions): Promise<MirrorFinding> {
  const mirror = join(options.project, OWN_MIRROR);
  await mkdir(dirname(mirror), { recursive: true });
  const work = await mkdtemp(`${mirror}.`);
  try {
    const cache = join(work, 'cache');
    await mkdir(cache);
    const version = options.version ?? PROVIDER_FLOOR;
    const required = { aws: { source: 'hashicorp/aws', version: `= ${version}` } };
    await writeFile(join(work, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
    const cliConfigFile = await writeCliConfig(options.source, join(work, 'readfleet.tfrc'));
    const env = { ...terraformEnvironment({ offline: true, cliConfigFile }, options.env), TF_PLUGIN_CACHE_DIR: cache };
    const ended = await runProcess(options.terraform, ['init', '-json', '-input=false'], {
      cwd: work,
      env,
      timeoutMs: TIMEOUT_MS,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (ended.code !== 0) {
      const diagnostics = diagnosticsIn(ended.stdout);
      const said = formatDiagnostics(diagnostics) || ended.stderr.trim();
      const message = `The AWS provider ${version} could not be fetched.\n${said}`;
      throw new TerraformError('READFLEET_PROVIDER_MISSING', message, { diagnostics });
    }
    await moveIntoPlace(cache, mirror);
    return findProviderMirror({ env: { ...options.env, READFLEET_TERRAFORM_MIRROR: mirror } });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The first to arrive wins; what the others bring is the same. What an older download left is replaced. */
async function moveIntoPlace(cache: string, mirror: string): Promise<void> {
  const usable = () => findProviderMirror({ env: { READFLEET_TERRAFORM_MIRROR: mirror } }).kind === 'found';
  try {
    await rename(cache, mirror);
  } catch (error) {
    if (usable()) return;
    await rm(mirror, { recursive: true, force: true });
    await rename(cache, mirror).catch(() => {
      if (!usable()) throw error;
    });
  }
}
