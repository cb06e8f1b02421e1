import { missingPeer } from '../../lib/missing-peer';

// Before the first file that needs it, which would tell of the file it is missing in.
try {
  require.resolve('@nestjs/common');
} catch (cause) {
  throw missingPeer('@nestjs/common', 'readfleet/nestjs needs the package', cause);
}
