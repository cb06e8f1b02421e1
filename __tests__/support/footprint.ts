import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What is left on this machine of a local fleet that lived in `directory`: for tests that want to see an empty list. */
export function leftOf(directory: string): string[] {
  const left = processesIn(directory).map((line) => `process ${line}`);
  if (existsSync(directory)) left.push(`directory ${directory}`);
  for (const link of reservations(path.join(path.dirname(path.dirname(directory)), 'ports'))) {
    if (pointsInto(link, directory)) left.push(`reservation ${link}`);
  }
  return left;
}

/** Lines of `ps` whose command names the directory, the keeper's included. */
export function processesIn(directory: string): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'command='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(directory)).map((line) => line.trim().split('\n')[0] ?? '');
}

/** Whether something accepts connections there. */
export function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Of the caches that tests use: the one beside the fleet, and those of all users on this machine. */
function reservations(beside: string): string[] {
  const caches = readdirSync(tmpdir()).filter((name) => /^readfleet-\d+$/.test(name));
  const directories = [beside, ...caches.map((name) => path.join(tmpdir(), name, 'ports'))].filter((name) =>
    existsSync(name),
  );
  return directories.flatMap((name) => readdirSync(name).map((port) => path.join(name, port)));
}

function pointsInto(link: string, directory: string): boolean {
  try {
    return readlinkSync(link).startsWith(directory);
  } catch {
    return false;
  }
}
