import type { Fleet } from '../../../lib';
import { checkReadOptions } from '../../../lib/check-options';
import type { ReadOptions } from '../../../lib/options';
import { PoolHost } from '../../../lib/pool-host';
import type { Behind } from './client';

/** @param read what the reads of the clients ask for, where the clients differ in it */
export function behind(fleet: Fleet, read?: ReadOptions): Behind {
  if (read !== undefined) checkReadOptions(read);
  const core = fleet.internals;
  const host = new PoolHost(core);
  return {
    host,
    read,
    parameters: {
      server_version: `${fleet.contract.engine.major}.0`,
      // The fleet reads statements as PostgreSQL does by default, and so relies on it too.
      standard_conforming_strings: 'on',
    },
    cancel: (client) => host.cancel(client),
    assertOpen: () => core.assertOpen(),
  };
}

/**
 * How many statements may be under way when every connection of the fleet is in use: the pool of an ORM that has fewer places would hold the fleet
 * back, and what more places would let through waits at the pools of the members.
 */
export function places(fleet: Fleet): number {
  const { max: ofPrimary = 0 } = fleet.writePool.options;
  const { max: ofReplica = 0 } = fleet.readPool.options;
  return ofPrimary + ofReplica * fleet.contract.readers.length;
}
