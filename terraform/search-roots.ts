import { join } from 'node:path';

/** A folder to look for mirrors in. */
export interface SearchRoot {
  readonly path: string;
  /** How many levels below it may themselves be the root of a mirror; 0: only the folder itself. */
  readonly depth: number;
}

/** Where our own downloads go, below the project. Ignored by git. */
export const OWN_MIRROR = join('.readfleet', 'terraform-mirror');

/**
 * Where a mirror of the provider may stand: our own, the folders that Terraform implies for this platform, the places
 * where people put software that no package manager knows, then Terraform's plugin caches.
 *
 * @param home the person's home folder
 * @param cwd  the project's folder
 */
export function searchRoots(env: NodeJS.ProcessEnv, home: string, cwd: string): SearchRoot[] {
  const here = [join(cwd, OWN_MIRROR), join(cwd, 'terraform.d', 'plugins')];
  return [
    ...[...here, ...implied(env, home)].map((path) => ({ path, depth: 0 })),
    { path: '/opt', depth: 3 },
    { path: '/usr/local/share', depth: 2 },
    { path: '/usr/local/lib', depth: 2 },
    { path: '/usr/share', depth: 2 },
    { path: '/usr/lib', depth: 1 },
    { path: '/var/lib', depth: 2 },
    { path: '/srv', depth: 3 },
    { path: '/mnt', depth: 3 },
    { path: home, depth: 2 },
    // After the mirrors: a cache has the layout of one, but comes and goes, and may be but links to one.
    ...(env.TF_PLUGIN_CACHE_DIR ? [{ path: env.TF_PLUGIN_CACHE_DIR, depth: 0 }] : []),
    { path: join(home, '.terraform.d'), depth: 2 },
    // Last, and shallow: a mirror in a folder of its own at the top of the disk.
    { path: '/', depth: 1 },
  ];
}

/** Terraform's implied local mirrors (its documentation: "CLI configuration", "Implied local mirror directories"). */
function implied(env: NodeJS.ProcessEnv, home: string): string[] {
  const inHome = join(home, '.terraform.d', 'plugins');
  if (process.platform === 'win32') {
    return env.APPDATA
      ? ['terraform.d', 'HashiCorp/Terraform'].map((name) => join(env.APPDATA ?? '', name, 'plugins'))
      : [];
  }
  if (process.platform === 'darwin') {
    const support = 'Library/Application Support/io.terraform/plugins';
    return [inHome, join(home, support), join('/', support)];
  }
  const data = [
    env.XDG_DATA_HOME ?? join(home, '.local', 'share'),
    ...(env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':'),
  ];
  return [inHome, ...data.filter(Boolean).map((folder) => join(folder, 'terraform', 'plugins'))];
}
