import { ReadfleetError } from '../lib/errors';

// Before the first file that needs one of them: all that are missing at once, where Node would tell the first, by the path of a file within it.
const PEERS = [
  ['cdktf', () => require.resolve('cdktf')],
  ['constructs', () => require.resolve('constructs')],
  ['@cdktf/provider-aws', () => require.resolve('@cdktf/provider-aws/lib/provider')],
] as const;

const names = PEERS.filter(([, find]) => !isThere(find)).map(([name]) => name);
if (names.length > 0) {
  throw new ReadfleetError(
    'READFLEET_PEER_MISSING',
    `readfleet/constructs needs ${names.join(', ')}, which ${names.length === 1 ? 'is' : 'are'} not installed. Run: npm install ${names.join(' ')}`,
  );
}

function isThere(find: () => string): boolean {
  try {
    find();
    return true;
  } catch {
    // What is there and broken fails when it is loaded, in its own words.
    return false;
  }
}
