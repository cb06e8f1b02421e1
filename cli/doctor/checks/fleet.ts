import type { FleetContract } from '../../../lib/contract';
import type { Basics, Facts, MemberFacts, ServerFacts } from '../facts';
import { type Found, isFound } from '../found';

/** A member that answered. */
export interface Reached extends MemberFacts {
  readonly facts: ServerFacts;
}

export function reached({ members }: Facts): Reached[] {
  return members.flatMap((member) => (isFound(member.server) ? [{ ...member, facts: member.server.value }] : []));
}

/** The contract's writer, if it answered and takes writes: what it says of replication is what counts. */
export function primaryOf(facts: Facts): Reached | undefined {
  return reached(facts).find(({ role, facts: { basics } }) => role === 'primary' && !basics.recovering);
}

/** Readers that answered, and are standbys. */
export function standbysOf(facts: Facts): Reached[] {
  return reached(facts).filter(({ role, facts: { basics } }) => role === 'replica' && basics.recovering);
}

export const NO_PRIMARY = 'the primary does not answer, or is none';

/** Members of Aurora share their storage: no log is streamed, and there are no slots. */
export function streams({ topology }: FleetContract): boolean {
  return topology !== 'aurora';
}

/** One fact of each member that has it, and why others have it not. */
export function sort<T>(
  members: readonly Reached[],
  fact: (facts: ServerFacts) => Found<T>,
): {
  readonly known: readonly { readonly name: string; readonly value: T }[];
  readonly hidden: readonly { readonly name: string; readonly why: string }[];
} {
  const asked = members.map(({ name, facts }) => ({ name, found: fact(facts) }));
  return {
    known: asked.flatMap(({ name, found }) => (isFound(found) ? [{ name, value: found.value }] : [])),
    hidden: asked.flatMap(({ name, found }) => (isFound(found) ? [] : [{ name, why: found.missing }])),
  };
}

/** Which members have which value, the value of most first: `18.4: primary, blue; 18.3: green`. */
export function byValue<T>(known: readonly { readonly name: string; readonly value: T }[]): Map<T, string[]> {
  const groups = new Map<T, string[]>();
  for (const { name, value } of known) groups.set(value, [...(groups.get(value) ?? []), name]);
  return new Map([...groups].sort(([, one], [, other]) => other.length - one.length));
}

export function valuesText<T>(groups: ReadonlyMap<T, readonly string[]>): string {
  return [...groups].map(([value, names]) => `${value} on ${names.join(', ')}`).join('; ');
}

/** Whether the role sees what others do; else PostgreSQL shows it rows without their contents. */
export function seesOthers({
  facts: { basics },
}: {
  readonly facts: { readonly basics: Pick<Basics, 'seesOthers'> };
}): boolean {
  return basics.seesOthers;
}

/** For everything that only roles with statistics can see. */
export function askAsMonitor({ user, contract }: Facts): string {
  const emitter = contract.region === undefined ? '' : ', for instance readfleet_emitter,';
  return `Run doctor as a role with pg_monitor${emitter} by --user; or on the primary: grant pg_monitor to "${user}".`;
}
