import type { FleetContract } from '../../../lib/contract';
import type { LocalFleet } from '../../fleet';
import type { LocalFleetOptions } from '../../options';
import { startLocalFleet } from '../../start';
import { Gate } from './gate';
import { serve } from './serve';
import { type Announcement, VARIABLE } from './shared';

/** What the shared fleet may be told: all that a local fleet may, but for a network, which would run in the process of the test runner. */
export type SharedFleetOptions = Omit<LocalFleetOptions, 'network'>;

/** The shared fleet, in the process that started it. */
export interface StartedFleet extends AsyncDisposable {
  readonly contract: FleetContract;
  /** The servers, with all that `LocalFleet` can. Workers know nothing of members that come or go. */
  readonly local: LocalFleet;
  /** Ends the servers. Optional: they end with this process too, however it ends. */
  stop(): Promise<void>;
}

let started: StartedFleet | undefined;

/**
 * Starts one fleet for a whole run of tests, in the global setup of the test runner: about half a second. Processes that this one starts from
 * now on find it by `sharedFleet()`. It ends with {@link StartedFleet.stop}, with `stopSharedFleet()`, and with this process. A second
 * call ends what the first one started.
 *
 * @throws InvalidConfigError `READFLEET_LOCAL_OPTIONS`; ReadfleetError `READFLEET_LOCAL_…`, as `startLocalFleet()`
 */
export async function startSharedFleet(options: SharedFleetOptions = {}): Promise<StartedFleet> {
  await stopSharedFleet();
  const local = await startLocalFleet(options);
  const service = await serve(local, new Gate());
  const announcement: Announcement = { port: service.port, token: service.token, contract: local.contract };
  process.env[VARIABLE] = JSON.stringify(announcement);
  const fleet: StartedFleet = {
    local,
    contract: local.contract,
    async stop() {
      if (started === fleet) {
        started = undefined;
        delete process.env[VARIABLE];
      }
      service.close();
      await local.stop();
    },
    [Symbol.asyncDispose]: () => fleet.stop(),
  };
  started = fleet;
  return fleet;
}

/** Ends what {@link startSharedFleet} started in this process: for runners whose global teardown is another file than the setup. */
export async function stopSharedFleet(): Promise<void> {
  await started?.stop();
}
