import { ReadfleetError } from '../../../lib/errors';
import type { Fleet } from '../../../lib/fleet';
import type { Member } from '../../../lib/members/member';
import { until } from '../../until';

/** How long replicas may take, in milliseconds: a restart may have much to replay. */
const DEADLINE_MS = 20_000;

/**
 * Waits until every replica shows all that was committed before this call, and `fleet` knows it: reads go to replicas, and see it there.
 *
 * @throws ReadfleetError `READFLEET_TESTING_BEHIND`, naming each replica that is not there, and why
 */
export async function caughtUp(fleet: Fleet): Promise<void> {
  const { members, clock } = fleet.internals;
  const since = clock.now();
  const there = () => members.primary.reachable && members.readers.every((reader) => shows(reader, since));
  if (await known(fleet, there)) return;
  const { writer, readers } = members;
  const late = [...(members.primary.reachable ? [] : [writer]), ...readers.filter((reader) => !shows(reader, since))];
  throw new ReadfleetError(
    'READFLEET_TESTING_BEHIND',
    `Not caught up within ${DEADLINE_MS / 1_000} s: ${late.map(told).join('; ')}. Within a fault, wait for what it leaves alone only.`,
  );
}

/** Asks all members, again and again, until `fleet` knows what is waited for. */
export async function known(fleet: Fleet, yes: () => boolean, deadlineMs = DEADLINE_MS): Promise<boolean> {
  const { members } = fleet.internals;
  const answer = await until(async () => {
    await members.round();
    return yes();
  }, deadlineMs);
  return answer === true;
}

function shows({ facts, state }: Member, since: number): boolean {
  return state.kind === 'serving' && facts.provenAt !== undefined && facts.provenAt >= since;
}

function told({ name, state }: Member): string {
  return `${name} is ${state.kind}${'reason' in state ? ` (${state.reason})` : ''}`;
}
