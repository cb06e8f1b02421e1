import { ReadfleetError } from '../../lib';

/**
 * Loads a package that only those need who ask for it.
 *
 * @param load requires it, in so many words: bundlers look for those
 * @throws ReadfleetError `READFLEET_PEER_MISSING`
 */
export function loadPeer<Module>(name: string, neededBy: string, load: () => Module): Module {
  try {
    return load();
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    // A package that is there and misses one of its own says so itself.
    if (code !== 'MODULE_NOT_FOUND' || !String(message).includes(`'${name}'`)) throw error;
    throw new ReadfleetError(
      'READFLEET_PEER_MISSING',
      `${neededBy} needs the package ${name}, which is not installed. Run: npm install ${name}`,
      { cause: error },
    );
  }
}
