import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '..', '..');

/** The lines that an example says when it is run as its users run it. Rejects when it fails. @param file from the project's root */
export async function saidBy(file: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file], { cwd: ROOT });
  return stdout.trim().split('\n');
}
