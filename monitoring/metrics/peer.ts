import { missingPeer } from '../../lib/missing-peer';

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
    throw missingPeer(name, `${neededBy} needs the package`, error);
  }
}
