import { statSync } from 'node:fs';
import { chmod, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new directory that every user can look into: the servers of a local fleet run as another one when tests run as root. */
export async function reachableDirectory(): Promise<string> {
  // The directory for temporary files may be a private one.
  const parent = [tmpdir(), '/tmp'].find(openToAll) ?? tmpdir();
  const directory = await realpath(await mkdtemp(path.join(parent, 'readfleet-test-')));
  await chmod(directory, 0o755);
  return directory;
}

function openToAll(directory: string): boolean {
  const above = path.dirname(directory);
  const open = (statSync(directory, { throwIfNoEntry: false })?.mode ?? 0) & 0o001;
  return open !== 0 && (above === directory || openToAll(above));
}
