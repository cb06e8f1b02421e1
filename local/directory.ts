import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, realpath, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ReadfleetError } from '../lib/errors';
import type { Cache } from './cache';
import type { Parameters } from './config';
import { type End, isKeeperOf, Keeper, sweep } from './keeper';
import { until } from './until';
import { canWrite, makeDirectory, writePrivately } from './user';

/** Dots keep the names of our files apart from those of members, which name the directories beside them. */
export const LOCK_FILE = 'readfleet.lock';
const MANIFEST_FILE = 'readfleet.json';

/** Between the making of a lock and the entry of its keeper's number: far longer than that takes. */
const KEEPER_GRACE_MS = 10_000;
/** How long the keeper of a parent that died may take to end its servers in order, in milliseconds. */
const TAKE_OVER_DEADLINE_MS = 20_000;

/** A member as the directory remembers it. */
export interface Resumable {
  readonly name: string;
  readonly port: number;
  /** Whom it follows, where that is not the primary. */
  readonly follows?: string;
}

/** What a later start has to know to resume the fleet of a directory. */
export interface Manifest {
  readonly format: 1;
  readonly major: number;
  readonly fleet: string;
  readonly environment: string;
  readonly database: string;
  readonly password: string;
  readonly replicationPassword: string;
  readonly parameters: Parameters;
  /** The primary first. */
  readonly members: readonly Resumable[];
  /** Primaries that a failover replaced. */
  readonly former?: readonly Resumable[];
}

/** A fleet's directory, held by this process alone. */
export interface HeldDirectory {
  readonly path: string;
  readonly lockFile: string;
  readonly keeper: Keeper;
  /** Of the fleet that lived here before. */
  readonly manifest: Manifest | undefined;
}

/**
 * Takes a fleet's directory for this process.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_DATA_DIR_IN_USE`, `READFLEET_LOCAL_DATA_DIR_FOREIGN` or
 *   `READFLEET_LOCAL_DATA_DIR_UNREACHABLE`
 */
export async function holdDirectory(cache: Cache, dataDir: string | undefined): Promise<HeldDirectory> {
  const { directory, end } = dataDir === undefined ? await temporary(cache) : await given(cache, path.resolve(dataDir));
  const lockFile = path.join(directory, LOCK_FILE);
  const tookOver = await lock(directory, lockFile);
  const keeper = new Keeper(directory, end, cache.ports);
  try {
    await replaceFile(lockFile, JSON.stringify({ process: process.pid, keeper: keeper.pid }), cache);
    // Servers whose parent and keeper both were killed.
    if (tookOver) await sweep(directory, 'servers', cache.ports);
    const manifest = end === 'keep' ? await readManifest(directory) : undefined;
    return { path: directory, lockFile, keeper, manifest };
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

export async function saveManifest(directory: string, manifest: Manifest, cache: Cache): Promise<void> {
  await replaceFile(path.join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, cache);
}

/** Removes what fleets left behind that lost parent and keeper at once, e.g. when a container was killed. */
export async function sweepAbandoned(cache: Cache): Promise<void> {
  for (const parent of cache.temporary) {
    for (const name of await readdir(parent)) {
      const directory = path.join(parent, name);
      if (!(await isHeld(directory, path.join(directory, LOCK_FILE)))) await sweep(directory, 'remove', cache.ports);
    }
  }
}

async function temporary(cache: Cache): Promise<{ directory: string; end: End }> {
  const directory = path.join(cache.fleets, randomBytes(8).toString('hex'));
  await makeDirectory(directory, cache.user);
  return { directory, end: 'remove' };
}

async function given(cache: Cache, asked: string): Promise<{ directory: string; end: End }> {
  const entries = await readdir(asked).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ReadfleetError('READFLEET_LOCAL_DATA_DIR_UNREACHABLE', `dataDir ${asked}: ${error.message}`, {
      cause: error,
    });
  });
  if (entries === undefined) {
    await mkdir(path.dirname(asked), { recursive: true });
    await makeDirectory(asked, cache.user);
  }
  const directory = await realpath(asked);
  const foreign = entries?.find((entry) => !entry.startsWith('readfleet.'));
  const resumed = entries?.includes(MANIFEST_FILE) === true;
  if (foreign !== undefined && !resumed) {
    throw new ReadfleetError(
      'READFLEET_LOCAL_DATA_DIR_FOREIGN',
      `dataDir ${asked} holds something else than a local fleet (${foreign}). Give an empty or a new directory.`,
    );
  }
  if (!(await canWrite(directory, cache.user))) {
    if (entries === undefined) await rmdir(directory);
    throw new ReadfleetError(
      'READFLEET_LOCAL_DATA_DIR_UNREACHABLE',
      `dataDir ${asked} cannot be written by the user that the servers run as (uid ${cache.user.uid}` +
        `${cache.user.spawn.uid === undefined ? '' : '; PostgreSQL refuses to run as root'}). ` +
        'Give a directory that this user can reach and write, e.g. one that does not exist yet, outside of a private home.',
    );
  }
  return { directory, end: resumed ? 'keep' : entries === undefined ? 'remove' : 'empty' };
}

/** @returns whether the lock of a fleet that is no more was taken over */
async function lock(directory: string, lockFile: string): Promise<boolean> {
  let tookOver = false;
  for (;;) {
    try {
      await writeFile(lockFile, '', { flag: 'wx', mode: 0o600 });
      return tookOver;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const seen = await readFile(lockFile, 'utf8').catch(() => undefined);
    if (seen === undefined) continue;
    if (await isHeld(directory, lockFile)) {
      const holder = (parse(seen) as { process?: number } | undefined)?.process;
      // A program that was restarted: its former self is gone, and the keeper is about to end the servers.
      const ended = async () => !existsSync(lockFile) || !(await isHeld(directory, lockFile));
      if (holder && !isAlive(holder) && (await until(ended, TAKE_OVER_DEADLINE_MS, 20))) continue;
      throw new ReadfleetError(
        'READFLEET_LOCAL_DATA_DIR_IN_USE',
        `dataDir ${directory} is in use by a local fleet${holder ? ` of process ${holder}` : ''}. ` +
          'Stop that one first, or give this one a directory of its own.',
      );
    }
    // Moved away in one step, and looked at again: another process may have taken over since, and its lock goes back.
    const aside = `${lockFile}.${randomBytes(4).toString('hex')}`;
    const moved = await rename(lockFile, aside).then(
      () => true,
      () => false,
    );
    if (!moved) continue;
    if ((await readFile(aside, 'utf8')) === seen) tookOver = true;
    else await link(aside, lockFile).catch(() => undefined);
    await unlink(aside);
  }
}

/** Whether a fleet's keeper is at work there: as long as it is, the fleet lives or is being ended. */
async function isHeld(directory: string, lockFile: string): Promise<boolean> {
  const [text, found] = await Promise.all([
    readFile(lockFile, 'utf8').catch(() => ''),
    stat(lockFile).catch(() => stat(directory).catch(() => undefined)),
  ]);
  if (!found) return true;
  const keeper = (parse(text) as { keeper?: number } | undefined)?.keeper;
  if (keeper === undefined) return Date.now() - found.mtimeMs < KEEPER_GRACE_MS;
  return isKeeperOf(keeper, directory);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function readManifest(directory: string): Promise<Manifest> {
  const file = path.join(directory, MANIFEST_FILE);
  const manifest = parse(await readFile(file, 'utf8')) as Manifest | undefined;
  if (manifest?.format === 1 && Array.isArray(manifest.members) && manifest.members.length > 0) return manifest;
  throw new ReadfleetError(
    'READFLEET_LOCAL_DATA_DIR_FOREIGN',
    `${file} is not what this release of readfleet writes. Give another dataDir, or use the release that made this one.`,
  );
}

/** In one step, so that a reader never sees half of it. */
async function replaceFile(file: string, text: string, cache: Cache): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  await writePrivately(fresh, text, cache.user);
  await rename(fresh, file);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
