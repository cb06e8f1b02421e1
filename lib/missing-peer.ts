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
    `${needed} ${name}, which is not installed. Run: npm install ${name}${otherwise ? `, ${otherwise}` : ''}`,
    { cause },
  );
}
