import { type ConnectOptions, channels, connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { type FleetRegistryOptions, fleetRegistry } from '../../../monitoring/prometheus';
import { replicated } from '../../support/activity';

export interface Fleets {
  readonly local: LocalFleet;
  /** Connects; closed after the test. */
  connected(options?: ConnectOptions, name?: string): Promise<Fleet>;
  /** Connects, and measures into a registry. */
  measured(
    options?: ConnectOptions,
    metrics?: FleetRegistryOptions,
  ): Promise<{ readonly fleet: Fleet; readonly registry: ReturnType<typeof fleetRegistry> }>;
}

/** A primary, blue and green for the tests of a file, with a table `note`. After each test nobody may be listening any more. */
export function useFleets(): Fleets {
  let local: LocalFleet | undefined;
  let open: Fleet[] = [];

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue', 'green'], fleet: 'orders', environment: 'laptop' });
    await local.primary.query('create table note (body text)');
    await replicated(local.primary, local.replicas);
  });

  afterAll(() => local?.stop());

  afterEach(async () => {
    await Promise.all(open.map((fleet) => fleet.close()));
    open = [];
    for (const channel of Object.values(channels))
      expect([channel.name, channel.hasSubscribers]).toEqual([channel.name, false]);
  });

  const fleets: Fleets = {
    get local() {
      if (!local) throw new Error('the servers are started before the tests');
      return local;
    },
    async connected(options = {}, name = 'orders') {
      const fleet = await connect({ ...fleets.local.contract, fleet: name }, options);
      open.push(fleet);
      return fleet;
    },
    async measured(options, metrics = {}) {
      const fleet = await fleets.connected(options);
      return { fleet, registry: fleetRegistry(fleet, metrics) };
    },
  };
  return fleets;
}
