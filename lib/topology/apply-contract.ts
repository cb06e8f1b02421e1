import type { FleetContract } from '../contract';
import type { Members } from '../members/members';
import { diffContracts, refusalError } from './contract-diff';

/**
 * Makes the fleet one of the new contract: what is new is taken in first, then what left is taken out, so that reads never have fewer members
 * than both contracts name.
 *
 * @param timeoutMs for what is under way on members that leave
 * @throws InvalidConfigError `READFLEET_CONTRACT_CHANGED`; then nothing was changed
 */
export async function applyContract(
  from: FleetContract,
  to: FleetContract,
  members: Members,
  timeoutMs: number,
): Promise<{ readonly added: readonly string[]; readonly removed: readonly string[] }> {
  const diff = diffContracts(from, to);
  const refusal = refusalError(diff);
  if (refusal) throw refusal;
  const reader = (name: string) => members.readers.find((member) => member.name === name);
  const leaving = [...diff.removed, ...diff.changed.map(({ name }) => name)].flatMap((name) => reader(name) ?? []);
  const coming = [...diff.added, ...diff.changed];
  for (const address of diff.reweighted) {
    const member = reader(address.name);
    if (member) members.readdress(member, address);
  }
  const { writer } = diff;
  // A failover may have made it the writer already.
  if (writer && (members.writer.address.host !== writer.host || members.writer.address.port !== writer.port)) {
    const promoted = reader(writer.name);
    if (promoted) leaving.push(promoted);
    members.replaceWriter(writer);
  }
  const known = new Set(
    members
      .all()
      .filter((member) => !leaving.includes(member))
      .map(({ name }) => name),
  );
  const added = coming.filter(({ name }) => !known.has(name));
  await Promise.all(added.map((address) => members.add(address)));
  await Promise.all(leaving.map((member) => members.remove(member, timeoutMs)));
  return { added: added.map(({ name }) => name), removed: leaving.map(({ name }) => name) };
}
