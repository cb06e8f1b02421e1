import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ReadfleetError } from './errors';

/**
 * What to throw when an optional package could not be loaded: that it is to be installed, or, where it is there and broken, or misses a package
 * of its own, what it said itself.
 *
 * @param needed who needs it and what for: `fleetRegistry() needs the package`
 * @param otherwise what may be done instead
 */
export function missingPeer(name: string, needed: string, cause: unknown, otherwise?: string): unknown {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  if (code !== 'MODULE_NOT_FOUND' || !String(message).includes(`'${name}'`)) return cause;
  return new ReadfleetError(
    'READFLEET_PEER_MISSING',
    `${needed} ${name}, which is not installed. Run: npm install ${inRange(name)}${otherwise ? `, ${otherwise}` : ''}`,
    { cause },
  );
}

/** In quotes, as a shell wants it: without its range a version could come that we do not work with. */
function inRange(name: string): string {
  const range = ownRanges()[name];
  return range === undefined ? name : `"${name}@${range}"`;
}

/** `peerDependencies` of our own `package.json`: above `dist/lib`, or `lib` in the sources. None in a bundle, which has no such file. */
function ownRanges(): Readonly<Record<string, string>> {
  for (const above of ['..', '../..']) {
    try {
      const file = path.join(__dirname, above, 'package.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
        name?: string;
        peerDependencies?: Record<string, string>;
      };
      // In a bundle it may be the app's.
      if (manifest.name === 'readfleet') return manifest.peerDependencies ?? {};
    } catch {
      // Not there, or not ours. Of a range that is not known nothing is said.
    }
  }
  return {};
}
