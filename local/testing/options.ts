import { mergeOptions } from '../../lib/config/merge-options';
import type { ConnectOptions } from '../../lib/options';
import { TestClock } from './faults/clock';

/**
 * Options of `connect()` with which tests need not wait: replicas are watched closely, serve at once, and are given another chance soon; pools are
 * small, for many workers; the clock can be set forward by `withLag()`. What a read may ask for is as in production.
 *
 * @param options the app's own, which win, field by field
 */
export function testOptions(options: ConnectOptions = {}): ConnectOptions {
  return mergeOptions(
    {
      applicationName: 'readfleet-test',
      clock: new TestClock(),
      slowStartMs: 0,
      lag: { pollMs: 50 },
      failover: { silenceMs: 200 },
      breaker: { openMs: 100, longestMs: 1_000, successes: 1 },
      pools: { primaryMax: 8, replicaMax: 8 },
      closeTimeoutMs: 1_000,
    },
    options,
  );
}
