import type { Fleet, MemberStatus } from '../../lib';

/** A member as the fleet knows it. */
export function memberOf(fleet: Fleet, name: string): MemberStatus {
  const member = fleet.status().members.find((other) => other.name === name);
  if (!member) throw new Error(`the fleet has no member ${name}`);
  return member;
}

/** Reads of each member while `work` ran. */
export async function readsDuring(fleet: Fleet, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = Object.fromEntries(fleet.status().members.map(({ name, reads }) => [name, reads]));
  await work();
  return Object.fromEntries(fleet.status().members.map(({ name, reads }) => [name, reads - (before[name] ?? 0)]));
}

/** Does it so many times, one after the other. */
export async function times(count: number, work: (turn: number) => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await work(turn);
}
