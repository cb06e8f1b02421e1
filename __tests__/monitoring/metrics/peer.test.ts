import { ReadfleetError } from '../../../lib';
import { loadPeer } from '../../../monitoring/metrics/peer';

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

test('one that is missing is told of, with what installs it', () => {
  const name = 'readfleet-has-no-such-peer';
  const error = thrownBy(() => loadPeer(name, 'fleetRegistry()', () => require(name))) as ReadfleetError;
  expect(ReadfleetError.is(error)).toBe(true);
  expect(error.code).toBe('READFLEET_PEER_MISSING');
  expect(error.message).toBe(
    `fleetRegistry() needs the package ${name}, which is not installed. Run: npm install ${name}`,
  );
  expect(error.cause).toMatchObject({ code: 'MODULE_NOT_FOUND' });
});

test('one that is there and misses a package of its own says so itself', () => {
  const error = thrownBy(() => loadPeer('prom-client', 'fleetRegistry()', () => require('readfleet-has-no-such-peer')));
  expect(error).toMatchObject({ code: 'MODULE_NOT_FOUND' });
});

test('one that fails while it is loaded says so itself', () => {
  const broken = new Error('broken');
  const load = () => {
    throw broken;
  };
  expect(thrownBy(() => loadPeer('prom-client', 'fleetRegistry()', load))).toBe(broken);
});
