import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';

/** What is left on this machine of a local fleet that lived in `directory`: for tests that want to see an empty list. */
export function leftOf(directory: string): string[] {
  const left = processesIn(directory).map((line) => `process ${line}`);
  if (existsSync(directory)) left.push(`directory ${directory}`);
  const ports = path.join(path.dirname(path.dirname(directory)), 'ports');
  for (const port of existsSync(ports) ? readdirSync(ports) : []) {
    if (pointsInto(path.join(ports, port), directory)) left.push(`reservation of port ${port}`);
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

function pointsInto(link: string, directory: string): boolean {
  try {
    return readlinkSync(link).startsWith(directory);
  } catch {
    return false;
  }
}
