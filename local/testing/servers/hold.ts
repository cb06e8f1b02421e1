import { AsyncLocalStorage } from 'node:async_hooks';
import { ReadfleetError } from '../../../lib/errors';
import { LocalFleet } from '../../fleet';
import type { Breakable } from './find';
import { Gate, type Hold, type Turn } from './gate';

/** What the caller holds, innermost first. */
interface Held {
  readonly servers: Breakable;
  readonly hold: Hold;
  readonly outer: Held | undefined;
}

const held = new AsyncLocalStorage<Held>();
/** Of fleets of this process: tests of one file may run at the same time too. */
const gates = new WeakMap<LocalFleet, Gate>();

/**
 * Runs `work` while the servers are held, and undoes what it broke. Within a hold it is a part of that one.
 *
 * @param healed what else is to be done before others have their turn
 * @throws ReadfleetError `READFLEET_TESTING_HOLD` when it would wait for itself
 */
export async function holding<T>(
  servers: Breakable,
  hold: Hold,
  work: () => Promise<T>,
  healed: () => Promise<void> = async () => undefined,
): Promise<T> {
  const outer = held.getStore();
  const mine = holdOf(servers, outer);
  if (mine === 'alone' || mine === hold) return work();
  if (mine !== undefined) {
    throw new ReadfleetError(
      'READFLEET_TESTING_HOLD',
      'Faults cannot be made within undisturbed(), which promises that there are none. Put withFaults() around it, or leave it out.',
    );
  }
  const turn = servers instanceof LocalFleet ? await ownTurn(servers, hold) : await servers.enter(hold);
  try {
    return await mended(
      () => turn.run(() => held.run({ servers, hold, outer }, work)),
      async () => {
        if (hold !== 'alone') return;
        await turn.heal();
        await healed();
      },
    );
  } finally {
    await turn.leave();
  }
}

/** What `work` gives, once `mend` is done. The error of the work says more than one of its mending, and goes before it. */
export async function mended<T>(work: () => Promise<T>, mend: () => Promise<void>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await mend().catch(() => undefined);
    throw error;
  }
  await mend();
  return result;
}

async function ownTurn(fleet: LocalFleet, hold: Hold): Promise<Turn> {
  const gate = gates.get(fleet) ?? new Gate();
  gates.set(fleet, gate);
  const leave = await gate.enter(hold);
  return { run: (work) => work(), heal: () => fleet.heal(), leave: async () => leave() };
}

function holdOf(servers: Breakable, from: Held | undefined): Hold | undefined {
  for (let one = from; one; one = one.outer) if (one.servers === servers) return one.hold;
  return undefined;
}
