import { ReadfleetError } from '../lib/errors';
import type { Member } from './member';
import { replicaName } from './options';

/** Who is what in a fleet: the primary that the contract names, its readers, and the primaries of before. */
export class Roster {
  readonly #replicas = new Map<string, Member>();
  readonly #former = new Map<string, Member>();
  /** Names of replicas that are being added. */
  readonly #joining = new Set<string>();
  #primary: Member | undefined;

  get primary(): Member {
    if (!this.#primary) throw new ReadfleetError('READFLEET_LOCAL_NO_MEMBER', 'The primary has not been started.');
    return this.#primary;
  }

  set primary(member: Member) {
    this.#primary = member;
  }

  get replicas(): Member[] {
    return [...this.#replicas.values()];
  }

  get formerPrimaries(): Member[] {
    return [...this.#former.values()];
  }

  /** Everyone, whatever has become of them. */
  get all(): Member[] {
    return [...(this.#primary ? [this.#primary] : []), ...this.replicas, ...this.formerPrimaries];
  }

  /** @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  replica(name: string): Member {
    return this.#replicas.get(name) ?? this.#noMember(name, this.replicas);
  }

  /** @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  member(name: string): Member {
    return this.all.find((member) => member.name === name) ?? this.#noMember(name, this.all);
  }

  has(name: string): boolean {
    return this.#joining.has(name) || this.all.some((member) => member.name === name);
  }

  /** The first name that is free. */
  freeName(): string {
    let number = 1;
    while (this.has(replicaName(number))) number += 1;
    return replicaName(number);
  }

  /** Holds names until `work` is done. */
  async joining<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const name of names) this.#joining.add(name);
    try {
      return await work();
    } finally {
      for (const name of names) this.#joining.delete(name);
    }
  }

  addReplica(member: Member): void {
    this.#former.delete(member.name);
    this.#replicas.set(member.name, member);
  }

  addFormer(member: Member): void {
    this.#former.set(member.name, member);
  }

  removeReplica(member: Member): void {
    this.#replicas.delete(member.name);
  }

  /** A replica becomes the primary that the contract names; the one before is out of the contract. */
  succeed(successor: Member): void {
    this.addFormer(this.primary);
    this.#replicas.delete(successor.name);
    this.#primary = successor;
  }

  #noMember(name: string, among: readonly Member[]): never {
    const names = among.map((member) => member.name).join(', ') || 'none';
    throw new ReadfleetError('READFLEET_LOCAL_NO_MEMBER', `The fleet has no "${name}" there. It has: ${names}.`);
  }
}
