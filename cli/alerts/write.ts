import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { countText } from '../units';
import { UsageError } from '../usage-error';

/**
 * Writes one file, and tells what became of it.
 *
 * @throws UsageError when it cannot be written
 */
export async function write(folder: string, name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  try {
    await mkdir(folder, { recursive: true });
    const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (before === text) return `${file}: as it was`;
    await writeFile(file, text);
    return before === undefined ? `${file}: written` : `${file}: ${changeText(before, text)}`;
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}

function changeText(before: string, after: string): string {
  const added = missing(after, before);
  const removed = missing(before, after);
  if (added + removed === 0) return 'replaced: lines in another order';
  return `replaced: ${countText(added, 'line')} more, ${countText(removed, 'line')} less`;
}

/** How many lines of `text` are not in `other`, each counted as often as it stands there. */
function missing(text: string, other: string): number {
  const left = new Map<string, number>();
  for (const line of other.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  let count = 0;
  for (const line of text.split('\n')) {
    const there = left.get(line) ?? 0;
    if (there > 0) left.set(line, there - 1);
    else count += 1;
  }
  return count;
}
