import { execFile } from 'node:child_process';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ReadfleetError } from '../lib/errors';

const run = promisify(execFile);

/** Whom root becomes to run PostgreSQL, in order of preference. All of them come with an operating system or a package. */
const UNPRIVILEGED = ['postgres', '_postgres', 'nobody', 'daemon'];

/** The user that the servers run as and that owns their files. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  /** For `spawn`: empty when the servers run as whoever runs this process. */
  readonly spawn: { readonly uid?: number; readonly gid?: number };
}

/**
 * Who the servers run as: this user, or an unprivileged one when this is root, as which PostgreSQL refuses to run.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_NO_USER` when root finds nobody to become
 */
export async function serverUser(): Promise<ServerUser> {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  if (uid !== 0) return { uid, gid, spawn: {} };
  for (const name of UNPRIVILEGED) {
    const found = await idOf(name);
    if (found) return { ...found, spawn: found };
  }
  throw new ReadfleetError(
    'READFLEET_LOCAL_NO_USER',
    `PostgreSQL refuses to run as root, and none of the users ${UNPRIVILEGED.join(', ')} exists to run it instead. ` +
      'Create one (useradd --system postgres), or run this as another user.',
  );
}

/** By `id`, which knows the users that /etc/passwd does not list (macOS, LDAP). */
async function idOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    const found = { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    // macOS numbers nobody -2, which setuid() takes for a number that nobody has.
    return found.uid > 0 && found.gid > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a directory, private to the user of the servers. */
export async function makeDirectory(directory: string, user: ServerUser): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (user.spawn.uid !== undefined) await chown(directory, user.uid, user.gid);
}

/** Writes a file that only the user of the servers can read. */
export async function writePrivately(file: string, text: string, user: ServerUser): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  if (user.spawn.uid !== undefined) await chown(file, user.uid, user.gid);
}

/** Whether that user can list and write the directory: asked of the kernel, as that user, so that every rule counts. */
export async function canWrite(directory: string, user: ServerUser): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd -- "$1" && test -w .', 'sh', directory], { ...user.spawn, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
