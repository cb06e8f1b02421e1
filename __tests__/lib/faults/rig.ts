import { type ConnectOptions, connect, type Fleet, type MemberState } from '../../../lib';
import type { LocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { Load, type LoadOptions } from './load';
import { lineOf, type Met } from './report';

export interface Scene {
  readonly fleet: Fleet;
  readonly load: Load;
  /** Resolves when a member is in this state. */
  becomes(name: string, kind: MemberState['kind']): Promise<void>;
  /** Resolves when a member has served a read that ended after now. */
  serves(name: string): Promise<void>;
}

/**
 * What a busy machine makes slow is no fault of the fleet's: nothing is given up for being late but what a fault has made late. The budget and the
 * times themselves have tests of their own.
 */
const PATIENT: ConnectOptions = {
  lag: { timeoutMs: 2_000 },
  pools: { connectTimeoutMs: 30_000 },
  bulkhead: { waitMs: 30_000 },
  retries: { burst: 1_000 },
};

/** Loads a fleet, lets `fault` happen to it, and tells what readers and writers met, in one line too. */
export async function whileLoaded(
  local: LocalFleet,
  name: string,
  fault: (scene: Scene) => Promise<void>,
  options: ConnectOptions = {},
  loadOptions: LoadOptions = {},
): Promise<Met> {
  const fleet = await connect(local.contract, { ...PATIENT, ...options });
  try {
    // Whoever is not ready yet is not what this fault is about.
    await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
    const load = await Load.start(fleet, loadOptions);
    let met: Met;
    try {
      await fault({ fleet, load, ...watch(fleet) });
    } finally {
      met = await load.end();
      process.stdout.write(`${lineOf(name, met)}\n`);
    }
    return met;
  } finally {
    await fleet.close();
  }
}

function watch(fleet: Fleet): Pick<Scene, 'becomes' | 'serves'> {
  const member = (name: string) => fleet.status().members.find((each) => each.name === name);
  return {
    async becomes(name, kind) {
      await eventually(() => member(name)?.state.kind === kind);
    },
    async serves(name) {
      const before = member(name)?.reads ?? 0;
      await eventually(() => (member(name)?.reads ?? 0) > before);
    },
  };
}
