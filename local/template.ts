import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ReadfleetError } from '../lib/errors';
import { type Cache, published } from './cache';
import type { Programs } from './programs';
import { makeDirectory, writePrivately } from './user';

const run = promisify(execFile);

/** The superuser that initdb makes, and that apps use on a laptop. */
export const SUPERUSER = 'postgres';

/** Change it with any change of what initdb is told: it is part of the template's name. */
const RECIPE = 2;

export interface Template {
  readonly dataDir: string;
  /** Of the superuser, until the fleet has given it one of its own. */
  readonly password: string;
}

/**
 * A data directory fresh from initdb, to be copied: initdb takes longer than all else together, and gives the same each time.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_INITDB` with what initdb said
 */
export async function findTemplate(cache: Cache, programs: Programs, onBuild: () => void): Promise<Template> {
  const place = await published(cache, path.join('templates', `${programs.version}-${RECIPE}`), async (directory) => {
    onBuild();
    await makeDirectory(directory, cache.user);
    const passwordFile = path.join(directory, 'password');
    await writePrivately(passwordFile, randomBytes(24).toString('base64url'), cache.user);
    await initdb(programs, cache, path.join(directory, 'data'), passwordFile);
  });
  return { dataDir: path.join(place, 'data'), password: await readFile(path.join(place, 'password'), 'utf8') };
}

async function initdb(programs: Programs, cache: Cache, dataDir: string, passwordFile: string): Promise<void> {
  // UTF-8 that sorts the same on every machine, where the release has it built in.
  const locale = programs.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const options = [
    ...['--pgdata', dataDir, '--username', SUPERUSER, '--auth', 'scram-sha-256', '--pwfile', passwordFile],
    ...['--encoding', 'UTF8', '--locale', 'C', ...locale],
    // Lost with the machine at worst; small segments keep a replica's copy small.
    ...['--no-sync', '--no-instructions', '--wal-segsize', '1'],
    // Not in /dev/shm, where an initdb that is killed would leave it.
    ...(programs.major >= 16 ? ['--set', 'dynamic_shared_memory_type=mmap'] : []),
  ];
  try {
    await run(programs.initdb, options, {
      ...cache.user.spawn,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    throw new ReadfleetError('READFLEET_LOCAL_INITDB', `initdb failed: ${stderr?.trim() || message}`, { cause });
  }
}
