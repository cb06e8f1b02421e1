import { chmod, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new directory that every user can look into: the servers of a local fleet run as another one when tests run as root. */
export async function reachableDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), 'readfleet-test-')));
  await chmod(directory, 0o755);
  return directory;
}
