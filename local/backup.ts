import { execFile } from 'node:child_process';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ReadfleetError } from '../lib/errors';
import { type ControlTarget, withClient } from './control';
import { makeDirectory, type ServerUser, writePrivately } from './user';

const run = promisify(execFile);

/** Directories whose content a copy must not have, or does not need: they are made anew, empty. As pg_basebackup does. */
const EMPTY = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
]);
/** Files that are the server's own. */
const OMIT = new Set([
  'backup_label',
  'backup_manifest',
  'postmaster.opts',
  'postmaster.pid',
  'recovery.signal',
  'server.log',
  'standby.signal',
]);

/**
 * Copies a running primary into new data directories that come up as standbys.
 *
 * The low-level protocol of the manual ("Making a Base Backup Using the Low Level API"), because the package has no
 * pg_basebackup; one backup serves all copies. WAL is not copied: the slot, made before, holds it for streaming.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_BACKUP`
 */
export async function backUp(
  source: { readonly dataDir: string; readonly target: ControlTarget },
  copies: readonly string[],
  user: ServerUser,
): Promise<void> {
  await withClient(source.target, async (client) => {
    await client.query("select pg_backup_start('readfleet', true)");
    const entries = await readdir(source.dataDir);
    await refuseTablespaces(source.dataDir);
    await Promise.all(
      copies.map(async (copy) => {
        await makeDirectory(copy, user);
        const whole = entries.filter((entry) => !EMPTY.has(entry) && !OMIT.has(entry));
        await copyTree(
          whole.map((entry) => path.join(source.dataDir, entry)),
          copy,
          user,
        );
        for (const entry of entries) if (EMPTY.has(entry)) await makeDirectory(path.join(copy, entry), user);
        await makeDirectory(path.join(copy, 'pg_wal', 'archive_status'), user);
      }),
    );
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    for (const copy of copies) {
      await writePrivately(path.join(copy, 'backup_label'), rows[0]?.labelfile ?? '', user);
      await writePrivately(path.join(copy, 'standby.signal'), '', user);
    }
  });
}

/**
 * Copies with `cp`: three times as fast as node's own, which opens each file from the event loop, and it can run as the user of
 * the servers. A copy-on-write file system shares the blocks.
 */
export async function copyTree(sources: readonly string[], target: string, user: ServerUser): Promise<void> {
  // APFS clones only when asked; GNU cp does by itself.
  const clone = process.platform === 'darwin' ? ['-c'] : [];
  const options = { ...user.spawn, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' }, maxBuffer: 64 << 20 };
  try {
    await run('cp', ['-R', '-p', ...clone, ...sources, target], options);
  } catch (cause) {
    const stderr = (cause as { stderr?: string }).stderr?.trim() ?? '';
    // A primary at work drops and replaces files meanwhile: WAL tells the standby what became of them.
    const harmless = /: No such file or directory$|as it was replaced while being copied$/;
    if (stderr !== '' && stderr.split('\n').every((line) => harmless.test(line))) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_BACKUP',
      `Copying a data directory to ${target} failed: ${stderr || (cause as Error).message}`,
      { cause },
    );
  }
}

/** A copied link would let two servers write to one directory. */
async function refuseTablespaces(dataDir: string): Promise<void> {
  const directory = path.join(dataDir, 'pg_tblspc');
  for (const entry of await readdir(directory)) {
    if (!(await lstat(path.join(directory, entry))).isSymbolicLink()) continue;
    throw new ReadfleetError(
      'READFLEET_LOCAL_BACKUP',
      'The primary has a tablespace outside of its data directory, which a replica on the same machine cannot have too. ' +
        "Drop it, or set allow_in_place_tablespaces and create it with LOCATION ''.",
    );
  }
}
