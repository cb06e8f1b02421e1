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
  const listed = new Map(to.readers.map((address) => [address.name, address]));
  const leaving = [...diff.removed, ...diff.changed.map(({ name }) => name)].flatMap((name) => reader(name) ?? []);
  // Primaries of before a failover wait to be replicas, as long as somebody wants them.
  leaving.push(...members.fenced.filter(({ name }) => !listed.has(name)));
  for (const address of diff.reweighted) {
    const member = reader(address.name);
    if (member) members.readdress(member, address);
  }
  const coming = new Map([...diff.added, ...diff.changed].map((address) => [address.name, address]));
  const { writer } = diff;
  // A failover may have made it the writer already.
  if (writer && (members.writer.address.host !== writer.host || members.writer.address.port !== writer.port)) {
    const promoted = reader(writer.name);
    if (promoted) leaving.push(promoted);
    // To the contract of before it may have been a reader all the time.
    const demoted = listed.get(members.writer.name);
    if (demoted) coming.set(demoted.name, demoted);
    members.replaceWriter(writer);
  }
  const staying = members.all().filter((member) => !leaving.includes(member));
  for (const { name } of staying) coming.delete(name);
  await Promise.all([...coming.values()].map((address) => members.add(address)));
  await Promise.all(leaving.map((member) => members.remove(member, timeoutMs)));
  return { added: [...coming.keys()], removed: leaving.map(({ name }) => name) };
}
