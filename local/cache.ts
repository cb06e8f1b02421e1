import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, readdir, readFile, realpath, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ReadfleetError } from '../lib/errors';
import { Keeper } from './keeper';
import { canWrite, makeDirectory, type ServerUser } from './user';

/** Names a directory for the cache other than the one for temporary files. */
export const CACHE_VARIABLE = 'READFLEET_LOCAL_CACHE';

/** Holds the number of entries that a published directory had: a cleaner of temporary files may have taken some since. */
const COUNT_FILE = 'readfleet.count';

/** Linux: a file system of memory. Programs may not be run from there, data may be read. */
const MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
/** A fleet of three takes 80 MB, and up to 1 GB under load. */
const AMPLE_BYTES = 4 * 2 ** 30;

/** Where fleets and what they are made of live: one directory for each user that servers run as, private to that user. */
export interface Cache {
  readonly root: string;
  /** Where a fleet without a `dataDir` gets its directory. */
  readonly fleets: string;
  /** All directories that are lived in for a while only, to be searched for what was abandoned. */
  readonly temporary: readonly string[];
  /** Reservations of ports, see ports.ts. */
  readonly ports: string;
  readonly user: ServerUser;
}

/**
 * The cache of that user, made when it is not there.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_CACHE` when no directory for temporary files can be used
 */
export async function openCache(user: ServerUser): Promise<Cache> {
  const given = process.env[CACHE_VARIABLE];
  const candidates = given
    ? [path.resolve(given)]
    : [...new Set([tmpdir(), '/tmp', '/var/tmp'])].map(privateName(user));
  const refusals: string[] = [];
  for (const candidate of candidates) {
    const refusal = await claim(candidate, user);
    if (refusal) {
      refusals.push(`${candidate}: ${refusal}`);
      continue;
    }
    const root = await realpath(candidate);
    const inMemory = given ? undefined : await memoryDirectory(user);
    const rooms = [path.join(root, 'building'), path.join(root, 'fleets'), ...(inMemory ? [inMemory] : [])];
    const cache = {
      ...{ root, user, temporary: rooms, ports: path.join(root, 'ports') },
      fleets: inMemory && (await isAmple()) ? inMemory : path.join(root, 'fleets'),
    };
    await Promise.all([...rooms.map((room) => spreadDirectory(room, user)), makeDirectory(cache.ports, user)]);
    return cache;
  }
  throw new ReadfleetError(
    'READFLEET_LOCAL_CACHE',
    `No directory can be used for local fleets.\n  ${refusals.join('\n  ')}\n` +
      `Set ${CACHE_VARIABLE} to a directory that the user with uid ${user.uid} may own.`,
  );
}

const privateName = (user: ServerUser) => (parent: string) => path.join(parent, `readfleet-${user.uid}`);

/** Why the directory cannot be ours: others can write to where temporary files are, and may have been there first. */
async function claim(directory: string, user: ServerUser): Promise<string | undefined> {
  try {
    await mkdir(directory, { mode: 0o700 }).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const found = await lstat(directory);
    const own = process.getuid?.();
    if (!found.isDirectory()) return 'it is not a directory';
    if (found.uid !== user.uid && found.uid !== own) return `it belongs to uid ${found.uid}`;
    if ((found.mode & 0o022) !== 0) return 'others may write to it';
    if (found.uid !== user.uid) await chown(directory, user.uid, user.gid);
    if (user.spawn.uid !== undefined && !(await canWrite(directory, user))) return `uid ${user.uid} cannot reach it`;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The directory for fleets in a file system of memory, where the machine has one. */
async function memoryDirectory(user: ServerUser): Promise<string | undefined> {
  const type = await statfs(MEMORY).then(
    (found) => found.type,
    () => undefined,
  );
  if (type !== TMPFS) return undefined;
  const directory = path.join(MEMORY, `readfleet-${user.uid}`);
  return (await claim(directory, user)) === undefined ? path.join(directory, 'fleets') : undefined;
}

/** Whether a fleet can live in memory without being felt. In a container, /dev/shm is small and memory may be limited. */
async function isAmple(): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY);
  return Math.min(bavail * bsize, process.availableMemory?.() ?? freemem()) >= AMPLE_BYTES;
}

/**
 * A directory whose subdirectories lie apart from each other on an ext4 disk (`chattr +T`).
 *
 * Without a journal, as short-lived machines have it, ext4 hands out no inode that was deleted in the last minutes, and looks at
 * each of them in its group of blocks to find out. Fleets come and go with thousands of files: side by side, copying a
 * data directory takes seven times as long. Elsewhere this fails, and nothing is lost.
 */
async function spreadDirectory(directory: string, user: ServerUser): Promise<void> {
  const isNew = (await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined;
  await makeDirectory(directory, user);
  if (isNew && process.platform === 'linux') {
    await promisify(execFile)('chattr', ['+T', directory]).catch(() => undefined);
  }
}

/**
 * A directory of the cache, built when it is missing or no longer complete.
 *
 * Safe in many processes at once: each builds aside and moves the whole into place in one step; the first wins and the
 * others use what it made. A keeper watches the building, so that nothing half-built outlives this process.
 */
export async function published(
  cache: Cache,
  name: string,
  build: (directory: string) => Promise<void>,
): Promise<string> {
  const place = path.join(cache.root, name);
  if (await isComplete(place)) return place;
  await makeDirectory(path.dirname(place), cache.user);
  await building(cache, async (site) => {
    const fresh = path.join(site, 'fresh');
    await build(fresh);
    const count = (await readdir(fresh, { recursive: true })).length;
    await writeFile(path.join(fresh, COUNT_FILE), String(count + 1));
    for (;;) {
      try {
        return await rename(fresh, place);
      } catch (error) {
        if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
      if (await isComplete(place)) return;
      await rename(place, path.join(site, `broken-${randomBytes(4).toString('hex')}`)).catch((error) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
  });
  return place;
}

async function isComplete(directory: string): Promise<boolean> {
  try {
    const count = Number(await readFile(path.join(directory, COUNT_FILE), 'utf8'));
    return count > 0 && (await readdir(directory, { recursive: true })).length === count;
  } catch {
    return false;
  }
}

/** Runs `work` with a directory that is gone afterwards. */
async function building(cache: Cache, work: (site: string) => Promise<void>): Promise<void> {
  const site = path.join(cache.root, 'building', randomBytes(8).toString('hex'));
  await makeDirectory(site, cache.user);
  await writeFile(path.join(site, 'readfleet.lock'), '');
  const keeper = new Keeper(site, 'remove', cache.ports);
  try {
    await work(site);
  } finally {
    if (!(await keeper.end())) await rm(site, { recursive: true, force: true });
  }
}
