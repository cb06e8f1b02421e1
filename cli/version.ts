import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Of this package: the nearest package.json above, from sources as well as from what is built of them. */
export function version(from = __dirname): string {
  const text = readManifest(path.join(from, 'package.json'));
  if (text !== undefined) return (JSON.parse(text) as { version?: string }).version ?? 'unknown';
  const above = path.dirname(from);
  return above === from ? 'unknown' : version(above);
}

function readManifest(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not in this folder.
    return undefined;
  }
}
