import { ReadfleetError } from '../../../lib';
import { loadPeer } from '../../../monitoring/metrics/peer';
import manifest from '../../../package.json';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}

test('a peer that is there is loaded', () => {
  expect(loadPeer('node:path', 'join()', () => require('node:path'))).toBe(require('node:path'));
});

// By a variable: what looks for unknown packages in the sources finds none.
const MISSING = 'readfleet-has-no-such-peer';

test('one that is missing is told of, with what installs it', () => {
  const error = thrownBy(() => loadPeer(MISSING, 'fleetRegistry()', () => require(MISSING))) as ReadfleetError;
  expect(ReadfleetError.is(error)).toBe(true);
  expect(error.code).toBe('READFLEET_PEER_MISSING');
  expect(error.message).toBe(
    `fleetRegistry() needs the package ${MISSING}, which is not installed. Run: npm install ${MISSING}`,
  );
  expect(error.cause).toMatchObject({ code: 'MODULE_NOT_FOUND' });
});

test('one of which we take some versions alone is told with their range, in the quotes that a shell wants', () => {
  const missing = Object.assign(new Error("Cannot find module '@nestjs/common'"), { code: 'MODULE_NOT_FOUND' });
  const error = thrownBy(() =>
    loadPeer('@nestjs/common', 'readfleet/nestjs', () => {
      throw missing;
    }),
  ) as ReadfleetError;
  const range = manifest.peerDependencies['@nestjs/common'];
  expect(range).toMatch(/^\^\d/);
  expect(error.message).toMatch(new RegExp(`Run: npm install "@nestjs/common@${range.replace(/[\^.|]/g, '\\$&')}"$`));
});

test('one that is there and misses a package of its own says so itself', () => {
  const error = thrownBy(() => loadPeer('prom-client', 'fleetRegistry()', () => require(MISSING)));
  expect(error).toMatchObject({ code: 'MODULE_NOT_FOUND' });
});

test('one that fails while it is loaded says so itself', () => {
  const broken = new Error('broken');
  const load = () => {
    throw broken;
  };
  expect(thrownBy(() => loadPeer('prom-client', 'fleetRegistry()', load))).toBe(broken);
});
