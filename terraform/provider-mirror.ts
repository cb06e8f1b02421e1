import { accessSync, constants, type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type SearchRoot, searchRoots } from './search-roots';
import { compareVersions, isSupportedProvider, PROVIDER_CONSTRAINT } from './version';

/** Where the provider stands below the host name of its registry. */
const PROVIDER = ['hashicorp', 'aws'] as const;

/** A search that has read this many folders gives up: finding nothing must stay cheap on a machine full of files. */
const MAX_FOLDERS = 20_000;

/** Folders that are large and never hold a mirror. */
const NEVER_ENTER = new Set(['node_modules', '.git', '.cache', '.npm', 'proc', 'sys', 'dev']);

/** A folder that Terraform can install the AWS provider from, or why none was found. */
export type MirrorFinding =
  | {
      readonly kind: 'found';
      /** What Terraform's `filesystem_mirror` wants as its `path`: the folder above the registry's host name. */
      readonly root: string;
      /** The newest version in it that satisfies the constraint. */
      readonly version: string;
      /** Unpacked: Terraform links to it. Packed (zip): Terraform unpacks it, 700 MB, at each `init` without a cache. */
      readonly layout: 'unpacked' | 'packed';
      readonly from: 'READFLEET_TERRAFORM_MIRROR' | 'search';
    }
  | { readonly kind: 'missing'; readonly reason: string; readonly fix: string };

export interface MirrorSearch {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - the folders that Terraform itself looks in, then where people keep software */
  readonly roots?: readonly SearchRoot[];
  /** @default - of this machine, as Terraform writes it: `linux_amd64` */
  readonly platform?: string;
}

/**
 * Finds a filesystem mirror with the AWS provider for this platform, unpacked rather than packed.
 *
 * `READFLEET_TERRAFORM_MIRROR` is asked first, and alone when it is set. The search then costs little because it knows
 * the layout of a mirror: it never walks into one, but asks each folder with a dot in its name (a registry's host) for
 * `hashicorp/aws`. Symbolic links are not followed on the way, so no loop can hold it.
 */
export function findProviderMirror(search: MirrorSearch = {}): MirrorFinding {
  const env = search.env ?? process.env;
  const platform = search.platform ?? terraformPlatform();
  const named = env.READFLEET_TERRAFORM_MIRROR;
  if (named) {
    const [best] = mirrorsIn(resolve(named), platform);
    if (best) return { kind: 'found', ...best, from: 'READFLEET_TERRAFORM_MIRROR' };
    return {
      kind: 'missing',
      reason: `READFLEET_TERRAFORM_MIRROR is "${named}", and no AWS provider ${PROVIDER_CONSTRAINT} for ${platform} is in it.`,
      fix: 'Name the folder above the registry host: <mirror>/<host>/hashicorp/aws/<version>/<os_arch>/terraform-provider-aws_v<version>_x5.',
    };
  }
  const [best] = walk(search.roots ?? searchRoots(env, homedir(), process.cwd()), platform).sort(preferred);
  if (best) return { kind: 'found', ...best, from: 'search' };
  return {
    kind: 'missing',
    reason: `No filesystem mirror with the AWS provider ${PROVIDER_CONSTRAINT} for ${platform} was found.`,
    fix: 'Fetch the provider once with `npm run terraform:env -- --download` (needs a network), or set READFLEET_TERRAFORM_MIRROR to the root of a mirror.',
  };
}

/** The platform's name in Terraform's words. */
export function terraformPlatform(platform: string = process.platform, arch: string = process.arch): string {
  const system = platform === 'win32' ? 'windows' : platform;
  const machine = { x64: 'amd64', ia32: '386' }[arch] ?? arch;
  return `${system}_${machine}`;
}

interface Mirror {
  readonly root: string;
  readonly version: string;
  readonly layout: 'unpacked' | 'packed';
}

function preferred(a: Mirror, b: Mirror): number {
  if (a.layout !== b.layout) return a.layout === 'unpacked' ? -1 : 1;
  return compareVersions(b.version, a.version);
}

/**
 * Breadth first within the order of the roots, so that the likely places are seen before the budget is spent. Ends at
 * the first unpacked mirror: the order is by likelihood, and a packed one is only taken when nothing better is there.
 */
function walk(roots: readonly SearchRoot[], platform: string): Mirror[] {
  const seen = new Set<string>();
  const packed: Mirror[] = [];
  const queue = [...roots];
  for (let at = queue.shift(); at && seen.size < MAX_FOLDERS; at = queue.shift()) {
    const path = real(at.path);
    if (!path || seen.has(path)) continue;
    seen.add(path);
    const entries = list(path);
    const mirrors = mirrorsAmong(path, entries, platform);
    if (mirrors.some((mirror) => mirror.layout === 'unpacked')) return mirrors;
    packed.push(...mirrors);
    if (at.depth === 0) continue;
    for (const entry of entries) {
      if (entry.isDirectory() && !NEVER_ENTER.has(entry.name)) {
        queue.push({ path: join(path, entry.name), depth: at.depth - 1 });
      }
    }
  }
  return packed;
}

/** What `root` offers when it is taken for a mirror, best first. */
function mirrorsIn(root: string, platform: string): Mirror[] {
  return mirrorsAmong(root, list(root), platform);
}

function mirrorsAmong(root: string, entries: readonly Dirent[], platform: string): Mirror[] {
  return entries
    .filter((entry) => entry.name.includes('.') && !entry.isFile())
    .map((host) => join(root, host.name, ...PROVIDER))
    .flatMap((provider) => [...unpackedIn(provider, platform), ...packedIn(provider, platform)])
    .map((mirror) => ({ root, ...mirror }))
    .sort(preferred);
}

function unpackedIn(provider: string, platform: string): Omit<Mirror, 'root'>[] {
  return names(provider)
    .filter((version) => isSupportedProvider(version))
    .filter((version) => {
      const folder = join(provider, version, platform);
      return names(folder).some((file) => isProviderProgram(file, version) && isExecutable(join(folder, file)));
    })
    .map((version) => ({ version, layout: 'unpacked' as const }));
}

function packedIn(provider: string, platform: string): Omit<Mirror, 'root'>[] {
  return names(provider)
    .map((file) => new RegExp(`^terraform-provider-aws_(.+)_${platform}\\.zip$`).exec(file)?.[1])
    .filter((version): version is string => version !== undefined && isSupportedProvider(version))
    .map((version) => ({ version, layout: 'packed' as const }));
}

function isProviderProgram(file: string, version: string): boolean {
  return file === `terraform-provider-aws_v${version}_x5` || file === `terraform-provider-aws_v${version}_x5.exe`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Folders we may not read, or that are not there, hold nothing for us. */
function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function names(folder: string): string[] {
  return list(folder).map((entry) => entry.name);
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
